"""What a user may name as a function's code: a file, a file and a class, an archive, a dotted name. Found here, imported elsewhere."""

from __future__ import annotations

import os
import re
import sys
from dataclasses import dataclass
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from typing import TYPE_CHECKING

from pfemu.errors import LoadError
from pfemu.runtime.loading.explanations import lines, listed, module_names, nearest
from pfemu.runtime.loading.hidden_files import is_hidden, why_hidden

if TYPE_CHECKING:
    from pfemu.runtime.loading.archives import UnpackedArchive

ARCHIVE_SUFFIXES = frozenset({".zip", ".whl"})
_FILE_AND_NAME = re.compile(r"(?P<path>.+\.(?:py|zip|whl)):(?P<name>[^:/\\]+)")
_DOTTED_NAME = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*")
_OTHER_RUNTIMES = {".jar": "Java", ".nar": "Java", ".java": "Java", ".go": "Go"}


@dataclass(frozen=True, slots=True)
class CodeLocation:
    """Where a function's code is.

    ``search_path`` are the directories that go first on ``sys.path``; ``path`` the file or archive that was named, None for a
    dotted name; ``module`` what to import when no class path is given, None when only a class path can tell; ``name`` the object
    in it that was asked for by name.
    """

    search_path: tuple[Path, ...]
    path: Path | None
    module: str | None
    name: str | None = None
    only: frozenset[str] | None = None
    archive: UnpackedArchive | None = None

    @property
    def directory(self) -> Path:
        """The user's directory: of the file, or the one in the archive that has the sources."""
        return self.search_path[-1]

    @property
    def label(self) -> str:
        """The source in messages: the file's name, or the dotted one."""
        return self.path.name if self.path is not None else f"module {self.module}"

    def choice(self, name: str) -> str:
        """Return how to name one object of this source."""
        return f"{self.path.name}:{name}" if self.path is not None else f"{self.module}.{name}"


def locate(source: str | os.PathLike[str], config_directory: Path | None) -> CodeLocation:
    """Find what a text names.

    Raises:
        LoadError: Nothing is there, or nothing that can be a Python function; the text names what is near.
    """
    text = os.fspath(source)
    match = _FILE_AND_NAME.fullmatch(text)
    if match is not None:
        return _from_file(_existing(match["path"], config_directory), match["name"])
    is_file_name = Path(text).suffix in {".py", *ARCHIVE_SUFFIXES} or os.sep in text or not isinstance(source, str)
    if not is_file_name and _DOTTED_NAME.fullmatch(text) and not _candidate(text, config_directory).is_file():
        return _from_dotted_name(text, config_directory or Path.cwd())
    return _from_file(_existing(text, config_directory), None)


# -- files -----------------------------------------------------------------------------------------------------------------


def _candidate(text: str, config_directory: Path | None) -> Path:
    # Differs: pulsar-admin takes a relative path from its own installation, so that a relative `py` finds nothing there.
    path = Path(text)
    if config_directory is not None and (config_directory / path).exists():
        return Path(os.path.abspath(config_directory / path))  # noqa: PTH100 - resolve() would follow links
    return Path(os.path.abspath(path))  # noqa: PTH100 - as above


def _existing(text: str, config_directory: Path | None) -> Path:
    path = _candidate(text, config_directory)
    if path.is_dir():
        files = [f"{name}.py" for name in module_names(path)]
        inside = f"It has: {listed(files)}." if files else "It has no Python file."
        raise LoadError(lines(f"{text} is a directory; a function is a file, a .zip or a .whl.", inside))
    if not path.exists():
        raise LoadError(_no_such_file(text, path if config_directory is None else config_directory / text))
    return path


def _no_such_file(text: str, path: Path) -> str:
    parent = path.parent
    if not parent.is_dir():
        return lines(f"There is no file {text}: there is no directory {parent}.")
    files = sorted(entry.name for entry in parent.iterdir() if entry.suffix in {".py", *ARCHIVE_SUFFIXES})
    there = f"{parent} has: {listed(files)}." if files else f"{parent} has no Python file and no archive."
    return lines(f"There is no file {text}.", there, nearest(path.name, files))


def _from_file(path: Path, name: str | None) -> CodeLocation:
    if path.suffix in ARCHIVE_SUFFIXES:
        return _from_archive(path, name)
    if path.suffix != ".py":
        raise LoadError(_not_python(path))
    if "." in path.stem:
        raise LoadError(
            lines(
                f"{path.name} cannot be imported: a dot in a module's name means a package.",
                f"Rename it, for example to {path.stem.replace('.', '_')}.py.",
            ),
        )
    return CodeLocation((path.parent,), path, path.stem, name)


def _not_python(path: Path) -> str:
    runtime = _OTHER_RUNTIMES.get(path.suffix)
    what = f"{path.name} is code for Pulsar's {runtime} runtime" if runtime else f"{path.name} is not a Python file"
    python = path.with_suffix(".py")
    return lines(
        f"{what}; a function is a .py, a .zip or a .whl.",
        f"Nearest: {python.name}." if python.is_file() else "",
    )


def _from_archive(path: Path, name: str | None) -> CodeLocation:
    from pfemu.runtime.loading.archives import unpack

    archive = unpack(path)
    if name is not None:
        module, _, attribute = name.rpartition(".")
        return CodeLocation(archive.search_path, path, module or attribute, attribute if module else None, archive=archive)
    modules = module_names(archive.search_path[-1])
    return CodeLocation(archive.search_path, path, modules[0] if len(modules) == 1 else None, archive=archive)


# -- dotted names ----------------------------------------------------------------------------------------------------------


def _from_dotted_name(text: str, directory: Path) -> CodeLocation:
    """Find ``package.module.Class``, ``package.module`` or ``module`` in the directory, else where Python finds modules."""
    top = text.partition(".")[0]
    if is_hidden(top) and (directory / f"{top}.py").is_file():
        raise LoadError(why_hidden(top))
    path = [str(directory), *sys.path]
    spec = PathFinder.find_spec(top, path)
    if spec is None:
        files = [f"{name}.py" for name in module_names(directory)]
        there = f"{directory} has: {listed(files)}." if files else f"{directory} has no Python file."
        raise LoadError(lines(f"There is no file {text}, and no module {top}.", there, nearest(f"{top}.py", files)))
    home = _home(spec)
    module, name = _split(text, path)
    return CodeLocation((home,), None, module, name, None if home == directory else frozenset({top}))


def _home(spec: ModuleSpec) -> Path:
    if spec.submodule_search_locations is None:
        return Path(spec.origin or "").parent
    return Path(next(iter(spec.submodule_search_locations))).parent


def _split(text: str, path: list[str]) -> tuple[str, str | None]:
    """Divide a dotted name where modules end: what is on disk as a package or a module is one."""
    module, rest = "", text
    search: list[str] | None = path
    while rest and search is not None:
        part, _, after = rest.partition(".")
        spec = PathFinder.find_spec(f"{module}.{part}" if module else part, search)
        if spec is None:
            break
        module, rest = spec.name, after
        search = None if spec.submodule_search_locations is None else list(spec.submodule_search_locations)
    return module, rest or None
