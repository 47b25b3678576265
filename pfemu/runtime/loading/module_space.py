"""The modules of one load of a user's function, kept apart from those of every other load.

* The user's directories come first when a name is looked up, as ``sys.path[0]`` does on a cluster; see :mod:`cluster_modules`
  for the names they cannot have.
* Each load executes the modules of those directories anew. Everything else (installed packages, extension modules) is shared.
* A name nobody else has is in ``sys.modules`` as always, so debuggers, coverage, pickle and ``inspect`` see plain modules.
  A name that others have, too, is shared out (:mod:`contested_modules`); :meth:`ModuleSpace.unload` gives it back.
* An import inside ``process`` finds its neighbours: the finder asks whose code is running.

Limits, on purpose: extension modules in the user's directories cannot be executed twice and are shared; an import inside
``process`` of a neighbour not imported before finds another's module if code that is nobody's imported that under the same
name after the load.
"""

from __future__ import annotations

import importlib
import os
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from importlib.machinery import ExtensionFileLoader, ModuleSpec, SourceFileLoader
from importlib.util import module_from_spec
from pathlib import Path
from types import MappingProxyType, ModuleType
from typing import TYPE_CHECKING, ParamSpec, TypeVar, cast

from pfemu.runtime.loading.cluster_modules import IMPORTED_BEFORE, NEVER_THE_USERS, PULSAR_OWN
from pfemu.runtime.loading.contested_modules import ACTIVE, Contest, ContestedModule, Ownership, contest_for, contest_of, space_of, withdraw
from pfemu.runtime.loading.module_loaders import ContestedLoader, PulsarOwnModule, UserModuleFinder, UserModuleLoader, find, finder

if TYPE_CHECKING:
    from importlib.abc import Loader

P = ParamSpec("P")
T = TypeVar("T")

_IMPORTING = threading.RLock()  # one load at a time: sys.path and claims to names are everybody's


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
        self._listed: set[str] = set()  # what was in the directories at the last import
        self._executing: dict[str, ModuleType] = {}

    @property
    def modules(self) -> Mapping[str, ModuleType]:
        """The user's modules by name, those that ``process`` imports later included; read-only and live."""
        return MappingProxyType(self._modules)

    def import_module(self, name: str) -> ModuleType:
        """Import a module as ``importlib.import_module`` does, with the user's directories first.

        Raises:
            Exception: Whatever the import raises; what is half-loaded then is taken out, as always.
        """
        with _IMPORTING:
            if name in self._modules:
                return self._modules[name]
            with self._importing():
                module = importlib.import_module(name)
                module = contest_of(module).module() if type(module) is ContestedModule else module
                if space_of(module) not in {None, self}:  # another function's: on a cluster it is in another process
                    raise ModuleNotFoundError(f"No module named {name!r}", name=name)
                return module

    def unload(self) -> None:
        """Give up all names; modules that others have under them are found again. The modules themselves go on working."""
        with _IMPORTING:
            for name in list(self._names):
                current = sys.modules.get(name)
                if current is not None and current is self._modules.get(name):
                    del sys.modules[name]
                else:
                    withdraw(name, self)
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
        if name in IMPORTED_BEFORE:
            return self._elsewhere(name)
        spec = self._own_spec(name, path)
        if spec is None or not isinstance(spec.loader_state, Ownership):
            return spec
        rivals = [space for space in _others(self) if space.contests(name)]
        if not rivals:
            return spec
        contested = ContestedModule(name)
        contest_of(contested).claims.update(dict.fromkeys((self, *rivals)))
        return ModuleSpec(name, cast("Loader", ContestedLoader(contested, self)))

    def contests(self, name: str) -> bool:
        """Tell whether this load may have a module of that name as well, and note that it then has a claim to it."""
        top = name.partition(".")[0]
        if top not in self._listed or not self._has(top):
            return False
        self._names.add(name)
        return True

    def _has(self, name: str, *, directories: bool = True) -> bool:
        """Tell whether a top-level name is one of the user's modules, bare directories (without ``__init__.py``) included or not."""
        spec = self._top_level_spec(name)
        if spec is None or isinstance(spec.loader, ExtensionFileLoader):
            return False
        return directories or spec.loader is not None

    def _own_spec(self, name: str, path: Sequence[str] | None) -> ModuleSpec | None:
        parent = name.rpartition(".")[0]
        if not parent:
            spec = self._top_level_spec(name)
        elif path is not None and space_of(sys.modules.get(parent)) is self:
            spec = find(name, path, changing=path)
        else:
            return None
        if spec is None or isinstance(spec.loader, ExtensionFileLoader):
            return spec
        if isinstance(spec.loader, SourceFileLoader):
            loader = PulsarOwnModule if name in PULSAR_OWN else UserModuleLoader
            spec.loader = loader(name, spec.loader.path, self)
        spec.loader_state = Ownership(self)
        self._names.add(name)
        return spec

    def _top_level_spec(self, name: str) -> ModuleSpec | None:
        if name in NEVER_THE_USERS or name in sys.builtin_module_names or (self._only is not None and name not in self._only):
            return None
        spec = find(name, [*self.search_path, *sys.path], changing=self.search_path)
        return spec if spec is not None and _directory_of(spec) in self.search_path else None

    def _elsewhere(self, name: str) -> ModuleSpec | None:
        """Return the spec of a module that the user's directories would hide here and cannot hide on a cluster."""
        if name in sys.builtin_module_names:
            return None
        spec = find(name, [directory for directory in sys.path if directory not in self.search_path], changing=())
        if spec is None and find(name, self.search_path, changing=self.search_path) is not None:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return spec

    # -- loading -------------------------------------------------------------------------------------------------------

    @contextmanager
    def _importing(self) -> Iterator[None]:
        _join(self)
        self._claim_taken_names()
        outer, self.loading = self.loading, True
        sys.path[0:0] = self.search_path
        token = ACTIVE.set(self)
        try:
            yield
        finally:
            self._settle()
            ACTIVE.reset(token)
            for directory in self.search_path:
                with suppress(ValueError):  # the user's code may take its directory off sys.path
                    sys.path.remove(directory)
            self.loading = outer

    def _claim_taken_names(self) -> None:
        """Share out the names in the user's directories that ``sys.modules`` has from others."""
        self._listed = {entry.partition(".")[0] for directory in self.search_path for entry in _entries(directory)}
        taken = {name for name in self._listed & sys.modules.keys() if self._is_taken(name)}
        if not taken:
            return
        for name in [name for name in list(sys.modules) if name.partition(".")[0] in taken]:
            contest_for(name).claims.setdefault(self)
            self._names.add(name)

    def _is_taken(self, name: str) -> bool:
        module = sys.modules[name]
        if module is self._modules.get(name):
            return False
        # A bare directory takes nothing from code that is nobody's: an installed package of that name goes before it.
        is_users = type(module) is ContestedModule or space_of(module) is not None
        return self._has(name, directories=is_users) and not _has_extension(name)

    def execute(self, contest: Contest) -> ModuleType:
        """Import this load's module of a contested name, past ``sys.modules``; another thread waits until that is done."""
        with _IMPORTING:
            name = contest.name
            module = contest.claims[self] or self._executing.get(name)  # neighbours that import each other meet a half-done one
            if module is not None:
                return module
            parent_name, _, last_name = name.rpartition(".")
            parent = self.import_module(parent_name) if parent_name else None
            token = ACTIVE.set(self)
            try:
                module = self._execute(name, None if parent is None else parent.__path__)
            finally:
                ACTIVE.reset(token)
                self._executing.pop(name, None)
            contest.claims[self] = self._modules[name] = module
            if parent is not None:
                setattr(parent, last_name, module)
            return module

    def _execute(self, name: str, path: Sequence[str] | None) -> ModuleType:
        spec = self._own_spec(name, path)
        if spec is None:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        module = self._executing[name] = module_from_spec(spec)
        contested = sys.modules.get(name)
        if spec.loader is not None:  # None: a directory without __init__.py
            spec.loader.exec_module(module)
        if contested is not None and sys.modules.get(name) is not contested:  # it has put something else in its place
            module, sys.modules[name] = sys.modules[name], contested
        return module

    def note(self, module: ModuleType) -> None:
        """Take in a module that has been executed."""
        self._modules[module.__name__] = module

    def _settle(self) -> None:
        """See what an import left in ``sys.modules``, and let modules refer to each other instead of to contested names."""
        for name in list(self._names):
            module = sys.modules.get(name)
            if type(module) is ContestedModule:
                module = contest_of(module).claims.get(self)
            if module is None:
                self._modules.pop(name, None)
            else:
                self._modules[name] = module
        for module in self._modules.values():
            for name, value in list(getattr(module, "__dict__", {}).items()):
                if type(value) is ContestedModule:
                    setattr(module, name, contest_of(value).module())


def _others(space: ModuleSpace) -> list[ModuleSpace]:
    entry = finder()
    return [] if entry is None else [other for other in entry.spaces if other is not space]


def _join(space: ModuleSpace) -> None:
    entry = finder()
    if entry is None:
        entry = UserModuleFinder()
        sys.meta_path.insert(0, entry)
    entry.spaces[space] = None


def _leave(space: ModuleSpace) -> None:
    entry = finder()
    if entry is None or space not in entry.spaces:
        return
    del entry.spaces[space]
    if not entry.spaces:
        sys.meta_path.remove(entry)
    for directory in space.search_path:
        if directory not in sys.path and not any(directory in other.search_path for other in entry.spaces):
            sys.path_importer_cache.pop(directory, None)


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


def _has_extension(top_level_name: str) -> bool:
    """Tell whether a module, or one of a package's, is an extension: those cannot be executed a second time."""
    prefix = f"{top_level_name}."
    modules = [module for name, module in list(sys.modules.items()) if name == top_level_name or name.startswith(prefix)]
    return any(type(module) is not ContestedModule and isinstance(_loader_of(module), ExtensionFileLoader) for module in modules)


def _loader_of(module: ModuleType) -> object:
    return getattr(module, "__loader__", None)  # what stands in sys.modules need not be a module
