"""Where golden files are, and which of them belong to no test.

A test's file is ``<folder of the test>/golden/<module>/<test>.json``; a check with a name of its own adds ``.<name>`` before the ending.
A name that a file cannot have is spelled so that it can, with a few digits that keep it apart from others that end up the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pytest_pfemu.golden import PulsarGolden

_UNSAFE = re.compile(r"[^\w.\-\[\]]+")
OPENING = b'{\n  "functions": {'
"""How every golden file begins, and hardly another one."""
_LONGEST = 120
"""Of 255 bytes that most file systems allow; a letter takes up to four, the name of a check and the ending come behind it."""


def golden_file(item: pytest.Item) -> Path:
    """Return the file of a test, without its ending."""
    classes = [node.name for node in item.listchain() if isinstance(node, pytest.Class)]
    return _folder(item) / file_name(".".join([*classes, item.name]))


def file_name(name: str) -> str:
    """Return a name as a file can have it."""
    safe = _UNSAFE.sub("_", name)[:_LONGEST]
    return safe if safe == name else f"{safe}~{sha256(name.encode(errors='backslashreplace')).hexdigest()[:8]}"


def _folder(item: pytest.Item) -> Path:
    return item.path.parent / str(item.config.getini("pfemu_golden_folder")) / item.path.stem


def unused_files(session: pytest.Session) -> set[Path]:
    """Return the golden files that no test owns, of modules of this run and of modules that are gone.

    Empty when only some tests of a module were asked for: then nobody knows.
    """
    if _is_partial(session.config):
        return set()
    used = {golden_file(item) for item in session.items if "pulsar_golden" in getattr(item, "fixturenames", ())}
    folders = {_folder(item) for item in session.items}
    folders |= {folder for parent in {path.parent.parent for path in used} if parent.is_dir() for folder in _of_no_module(parent)}
    return {path for folder in folders for path in _golden_in(folder) if not any(_belongs(path, name) for name in used)}


def _of_no_module(golden_folder: Path) -> Iterator[Path]:
    """Yield the folders of modules that are not beside the golden folder any more."""
    return (folder for folder in golden_folder.iterdir() if not (golden_folder.parent / f"{folder.name}.py").exists())


def _golden_in(folder: Path) -> Iterator[Path]:
    """Yield the golden files of a folder, in which others may keep theirs."""
    for path in folder.glob("*.json"):
        with path.open("rb") as file:
            if file.read(len(OPENING)) == OPENING:
                yield path


def _belongs(path: Path, name: Path) -> bool:
    return path.parent == name.parent and (path.name == f"{name.name}.json" or path.name.startswith(f"{name.name}."))


def unused_by(golden: PulsarGolden) -> set[Path]:
    """Return the files of a test that it did not compare with: of checks that it no longer does."""
    name = golden.path
    return {path for path in _golden_in(name.parent) if _belongs(path, name)} - golden.checked


def _is_partial(config: pytest.Config) -> bool:
    option = config.option
    chosen = any(getattr(option, name, None) for name in ("keyword", "markexpr", "lf", "deselect", "ignore", "ignore_glob", "stepwise"))
    return chosen or any("::" in str(argument) for argument in config.args)


def shown(path: Path, folder: Path) -> str:
    """Return a path from a folder on, where it is in it."""
    return str(path.relative_to(folder) if path.is_relative_to(folder) else path)


def remove(paths: Iterable[Path]) -> None:
    """Delete golden files; another worker of xdist may have been faster."""
    for path in paths:
        path.unlink(missing_ok=True)
