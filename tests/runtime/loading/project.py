"""A directory of a user's, whose functions are loaded and given up again."""

import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pfemu.errors import LoadError
from pfemu.runtime.loader import LoadedFunction, load
from pfemu.runtime.loading.contested_modules import ContestedModule, space_of
from pfemu.runtime.loading.module_loaders import UserModuleFinder


class Project:
    """Files under one directory, and what was loaded from them."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._loaded: list[LoadedFunction] = []

    def write(self, name: str, text: str = "") -> Path:
        path = self.directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text), encoding="utf-8")
        return path

    def load(self, source: object, class_name: str | None = None, **where: Path) -> LoadedFunction:
        named = self.directory / source if isinstance(source, str) and (self.directory / source.partition(":")[0]).exists() else source
        loaded = load(str(named) if isinstance(named, Path) else named, class_name, **where)
        self._loaded.append(loaded)
        return loaded

    def again(self, loaded: LoadedFunction) -> LoadedFunction:
        fresh = loaded.fresh()
        self._loaded.append(fresh)
        return fresh

    def refusal(self, source: object, class_name: str | None = None, **where: Path) -> str:
        with pytest.raises(LoadError) as caught:
            self.load(source, class_name, **where)
        text = str(caught.value)
        assert "pfemu/runtime" not in text
        assert "importlib" not in text
        return text

    def unload(self) -> None:
        for loaded in self._loaded:
            loaded.unload()


@contextmanager
def project_in(directory: Path) -> Iterator[Project]:
    """Give a project alone in the interpreter, and see to it that it leaves that as it was, but for what everybody shares."""
    others = [entry for entry in sys.meta_path if isinstance(entry, UserModuleFinder)]
    theirs = {name: module for name, module in sys.modules.items() if type(module) is ContestedModule or space_of(module) is not None}
    for entry in others:
        sys.meta_path.remove(entry)
    for name in theirs:
        del sys.modules[name]
    path, finders = list(sys.path), list(sys.meta_path)
    project = Project(directory)
    yield project
    project.unload()
    left = [name for name, module in list(sys.modules.items()) if str(directory) in str(getattr(module, "__file__", None))]
    assert left == []
    assert sys.path == path
    assert sys.meta_path == finders
    sys.meta_path[0:0] = others
    sys.modules.update(theirs)
