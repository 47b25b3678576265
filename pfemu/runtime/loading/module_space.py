"""The modules of one load of a user's function, kept apart from those of every other load.

* The user's directories come first when a name is looked up, as ``sys.path[0]`` does on a cluster; see :mod:`cluster_modules`
  for the names they cannot have.
* Each load executes the modules of those directories anew. Everything else (installed packages, extension modules) is shared.
* A name nobody else has is in ``sys.modules`` as always, so debuggers, coverage, pickle and ``inspect`` see plain modules.
  A name that is taken gets a :class:`~pfemu.runtime.loading.contested_modules.ContestedModule`; :meth:`ModuleSpace.unload` undoes it.
* An import inside ``process`` finds its siblings: the finder asks whose code is running.
* Source is compiled at each load; no ``.pyc`` is read (within a second of a save it would be the old one) or written.

Limits, on purpose: extension modules in the user's directories cannot be executed twice and are shared; while a load is going
on, another thread that looks up one of the names being loaded may see the new module; a lazy import of a sibling not imported
before finds another's module if that was imported under the same name, after the load, by code that is nobody's.
"""

from __future__ import annotations

import importlib
import os
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from importlib.machinery import ExtensionFileLoader, FileFinder, ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import MappingProxyType, ModuleType
from typing import ParamSpec, TypeVar

from pfemu.runtime.loading.cluster_modules import IMPORTED_BEFORE, NEVER_THE_USERS, PULSAR_OWN
from pfemu.runtime.loading.contested_modules import ACTIVE, ContestedModule, Ownership, asking_space, contest_of, space_of
from pfemu.runtime.loading.module_loaders import PulsarOwnModule, UserModuleLoader

P = ParamSpec("P")
T = TypeVar("T")

_IMPORTING = threading.RLock()  # one load at a time: sys.modules and sys.path are everybody's


class ModuleSpace:
    """One load's modules.

    Args:
        search_path: The user's directories, first on ``sys.path`` while something is imported.
        only: The top-level names in them that are the user's; None for all of them.
    """

    def __init__(self, search_path: Sequence[Path], only: frozenset[str] | None = None) -> None:
        self.search_path = tuple(os.path.abspath(directory) for directory in search_path)  # noqa: PTH100 - resolve() would follow links
        self.failures: dict[str, Exception] = {}
        self.loading = False
        self._only = only
        self._modules: dict[str, ModuleType] = {}
        self._names: set[str] = set()  # of modules made or claimed here, loaded or not

    @property
    def modules(self) -> Mapping[str, ModuleType]:
        """The user's modules by name, those that ``process`` imports later included; read-only and live."""
        return MappingProxyType(self._modules)

    def import_module(self, name: str) -> ModuleType:
        """Import a module as ``importlib.import_module`` does, with the user's directories first.

        Raises:
            Exception: Whatever the import raises; nothing half-loaded stays behind.
        """
        if name in self._modules:
            return self._modules[name]
        with _IMPORTING, self._exchanged():
            return importlib.import_module(name)

    def unload(self) -> None:
        """Give up all names; modules that others have under them are found again. The modules themselves go on working."""
        with _IMPORTING:
            for name in self._names:
                current = sys.modules.get(name)
                if type(current) is ContestedModule:
                    _withdraw(current, name, self)
                elif current is not None and current is self._modules.get(name):
                    del sys.modules[name]
            self._names.clear()
            _leave(self)

    def within(self, function: Callable[P, T]) -> Callable[P, T]:
        """Return the function so wrapped that look-ups of modules during a call give this load's."""

        def call(*args: P.args, **kwargs: P.kwargs) -> T:
            token = ACTIVE.set(self)
            try:
                return function(*args, **kwargs)
            finally:
                ACTIVE.reset(token)

        return call

    # -- what is the user's --------------------------------------------------------------------------------------------

    def find_spec(self, name: str, path: Sequence[str] | None) -> ModuleSpec | None:
        """Return the spec of one of the user's modules (``importlib.abc.MetaPathFinder``), None for any other."""
        parent = name.rpartition(".")[0]
        if not parent:
            spec = self._elsewhere(name) if name in IMPORTED_BEFORE else self._top_level_spec(name)
        elif path is not None and space_of(sys.modules.get(parent)) is self:
            spec = _find(name, path, changing=path)
        else:
            return None
        if spec is None or name in IMPORTED_BEFORE or isinstance(spec.loader, ExtensionFileLoader):
            return spec
        return self._own(spec)

    def provides(self, name: str) -> bool:
        """Tell whether a top-level name is one of the user's modules (not a bare directory, which any module would hide)."""
        spec = self._top_level_spec(name)
        return spec is not None and spec.loader is not None and not isinstance(spec.loader, ExtensionFileLoader)

    def _top_level_spec(self, name: str) -> ModuleSpec | None:
        if name in NEVER_THE_USERS or name in sys.builtin_module_names or (self._only is not None and name not in self._only):
            return None
        spec = _find(name, [*self.search_path, *sys.path], changing=self.search_path)
        return spec if spec is not None and _directory_of(spec) in self.search_path else None

    def _elsewhere(self, name: str) -> ModuleSpec | None:
        """Return the spec of a module that the user's directories would hide here and cannot hide on a cluster."""
        if name in sys.builtin_module_names:
            return None
        spec = _find(name, [directory for directory in sys.path if directory not in self.search_path], changing=())
        if spec is None and self._top_level_file(name):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return spec

    def _top_level_file(self, name: str) -> bool:
        return _find(name, self.search_path, changing=self.search_path) is not None

    def _own(self, spec: ModuleSpec) -> ModuleSpec:
        if isinstance(spec.loader, SourceFileLoader):
            stand_in = spec.name in PULSAR_OWN
            spec.loader = (PulsarOwnModule if stand_in else UserModuleLoader)(spec.name, spec.loader.path)
        spec.loader_state = Ownership(self)
        self._names.add(spec.name)
        return spec

    # -- sys.modules and sys.path during an import ---------------------------------------------------------------------

    @contextmanager
    def _exchanged(self) -> Iterator[None]:
        _join(self)
        outer, self.loading = self.loading, True
        aside = self._set_aside()
        sys.path[0:0] = self.search_path
        token = ACTIVE.set(self)
        try:
            yield
        finally:
            ACTIVE.reset(token)
            for directory in self.search_path:
                with suppress(ValueError):  # the user's code may take its directory off sys.path
                    sys.path.remove(directory)
            self._put_back(aside)
            self.loading = outer

    def _set_aside(self) -> dict[str, ModuleType]:
        own_names = {name.partition(".")[0] for name in self._names} | self._taken_names()
        aside = _take_out(own_names)
        sys.modules.update(self._modules)
        return aside

    def _taken_names(self) -> set[str]:
        listed = {entry.name.partition(".")[0] for directory in self.search_path for entry in _entries(directory)}
        return {name for name in listed & sys.modules.keys() if self.provides(name) and not _has_extension(name)}

    def _put_back(self, aside: Mapping[str, ModuleType]) -> None:
        loaded = {name: sys.modules.pop(name) for name in sorted(self._names) if name in sys.modules}
        self._modules.clear()
        self._modules.update(loaded)
        for name, module in loaded.items():
            if aside.get(name, module) is module:
                sys.modules[name] = module
        for name, holder in aside.items():
            if loaded.get(name) is not holder:
                self.claim(name, holder)

    def claim(self, name: str, holder: ModuleType) -> None:
        """Share a name in ``sys.modules`` with the one who has it; the own module is imported when it is asked for."""
        contested = holder if type(holder) is ContestedModule else ContestedModule(name, holder)
        contest_of(contested).claims[self] = self._modules.get(name)
        self._names.add(name)
        sys.modules[name] = contested

    def loaded_late(self, module: ModuleType) -> None:
        """Take in a module that the function imported while it ran; others may have one of that name, too."""
        name = module.__name__
        self._modules[name] = module
        for space in _spaces():
            if space is not self and space.provides(name.partition(".")[0]):
                space.claim(name, sys.modules[name])


class UserModuleFinder:
    """The entry in ``sys.meta_path`` for all loads; it is there while there are any."""

    def __init__(self) -> None:
        self.spaces: list[ModuleSpace] = []

    def find_spec(self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:  # noqa: ARG002 - the import system's signature
        """Ask the load whose code is running."""
        space = asking_space()
        return None if space is None else space.find_spec(fullname, path)


def _finder() -> UserModuleFinder | None:
    return next((finder for finder in sys.meta_path if isinstance(finder, UserModuleFinder)), None)


def _spaces() -> Sequence[ModuleSpace]:
    finder = _finder()
    return () if finder is None else tuple(finder.spaces)


def _join(space: ModuleSpace) -> None:
    finder = _finder()
    if finder is None:
        finder = UserModuleFinder()
        sys.meta_path.insert(0, finder)
    if space not in finder.spaces:
        finder.spaces.append(space)


def _leave(space: ModuleSpace) -> None:
    finder = _finder()
    if finder is None or space not in finder.spaces:
        return
    finder.spaces.remove(space)
    if not finder.spaces:
        sys.meta_path.remove(finder)
    for directory in space.search_path:
        if not any(directory in other.search_path for other in finder.spaces) and directory not in sys.path:
            sys.path_importer_cache.pop(directory, None)


def _withdraw(contested: ContestedModule, name: str, space: ModuleSpace) -> None:
    contest = contest_of(contested)
    contest.claims.pop(space, None)
    left = contest.only_module()
    if left is not None:
        sys.modules[name] = left
    elif contest.holder is None and not any(contest.claims.values()):
        del sys.modules[name]


def _find(name: str, path: Sequence[str], *, changing: Sequence[str]) -> ModuleSpec | None:
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


def _entries(directory: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(directory) as entries:
            return list(entries)
    except OSError:
        return []  # a search path may name what is not there, as sys.path may


def _take_out(top_level_names: set[str]) -> dict[str, ModuleType]:
    if not top_level_names:
        return {}
    names = [name for name in list(sys.modules) if name.partition(".")[0] in top_level_names]
    return {name: sys.modules.pop(name) for name in names}


def _has_extension(top_level_name: str) -> bool:
    """Tell whether a module, or one of a package's, is an extension: those cannot be executed a second time."""
    prefix = f"{top_level_name}."
    modules = [module for name, module in list(sys.modules.items()) if name == top_level_name or name.startswith(prefix)]
    return any(type(module) is not ContestedModule and isinstance(_loader_of(module), ExtensionFileLoader) for module in modules)


def _loader_of(module: ModuleType) -> object:
    return getattr(module, "__loader__", None)  # what stands in sys.modules need not be a module
