"""The directories that a function's code is in, and which module names they have."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib.machinery import ExtensionFileLoader, FileFinder, ModuleSpec, PathFinder
from pathlib import Path

from pfemu.runtime.loading.cluster_modules import NEVER_THE_USERS


class UserDirectories:
    """The user's part of the search for modules.

    Args:
        search_path: The directories, in order.
        only: The top-level names in them that are the user's; None for all of them.
    """

    def __init__(self, search_path: Sequence[Path], only: frozenset[str] | None) -> None:
        self.search_path = tuple(os.path.abspath(directory) for directory in search_path)  # noqa: PTH100 - resolve() would follow links
        self._only = only

    @property
    def is_empty(self) -> bool:
        """Whether no module can be the user's: all are shared."""
        return self._only is not None and not self._only

    def names(self) -> set[str]:
        """Return what may be names of modules, as the directories are now."""
        return {entry.partition(".")[0] for directory in self.search_path for entry in _entries(directory)}

    def spec(self, name: str) -> ModuleSpec | None:
        """Return the spec of a top-level module of the user's, None for any other."""
        if name in NEVER_THE_USERS or name in sys.builtin_module_names or (self._only is not None and name not in self._only):
            return None
        spec = find(name, [*self.search_path, *sys.path], changing=self.search_path)
        return spec if spec is not None and _directory_of(spec) in self.search_path else None

    def offers(self, name: str, *, directories: bool = True) -> bool:
        """Tell whether a top-level name is one of the user's modules, bare directories (without ``__init__.py``) included or not."""
        spec = self.spec(name)
        if spec is None or isinstance(spec.loader, ExtensionFileLoader):
            return False
        return directories or spec.loader is not None

    def spec_elsewhere(self, name: str) -> ModuleSpec | None:
        """Return the spec of a module that these directories would hide here and cannot hide on a cluster.

        Raises:
            ModuleNotFoundError: It is not installed here; the user's file of that name is no substitute.
        """
        if name in sys.builtin_module_names:
            return None
        spec = find(name, [directory for directory in sys.path if directory not in self.search_path], changing=())
        if spec is None and find(name, self.search_path, changing=self.search_path) is not None:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return spec


def find(name: str, path: Sequence[str], *, changing: Sequence[str]) -> ModuleSpec | None:
    """Look a name up in directories; those that are ``changing`` are listed anew (a listing is kept while a clock tick lasts)."""
    for directory in changing:
        cached = sys.path_importer_cache.get(directory)
        if isinstance(cached, FileFinder):
            cached.invalidate_caches()
    return PathFinder.find_spec(name, path)


def _directory_of(spec: ModuleSpec) -> str:
    """Return the directory on the search path that has the module or the package."""
    if spec.submodule_search_locations is None:
        return os.path.dirname(spec.origin or "")  # noqa: PTH120 - compared with entries of sys.path, which are text
    return os.path.dirname(next(iter(spec.submodule_search_locations), ""))  # noqa: PTH120 - as above


def _entries(directory: str) -> list[str]:
    try:
        return os.listdir(directory)  # noqa: PTH208 - names are all that is wanted
    except OSError:
        return []  # a search path may name what is not there, as sys.path may
