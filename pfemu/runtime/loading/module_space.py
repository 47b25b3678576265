"""The modules of one load of a user's function, kept apart from those of every other load.

* The user's directories come first when a name is looked up, as ``sys.path[0]`` does on a cluster; see :mod:`cluster_modules`
  for the names they cannot have.
* Each load executes the modules of those directories anew. Everything else (installed packages, extension modules) is shared.
* While one load is alive its modules are in ``sys.modules`` as always, so debuggers, coverage, pickle and ``inspect`` see plain
  modules. Several share it out (:mod:`contested_modules`); :meth:`ModuleSpace.unload` gives a load's part back.
* An import inside ``process`` finds its neighbours: the finder asks whose code is running.
* Threads may import at any time. A load takes ``_IMPORTING``; whoever imports while it processes takes the import system's lock of
  the name, then the one of its own module of that name, and never ``_IMPORTING``: so nobody waits for a load, or round in a circle.

Limits, on purpose: extension modules in the user's directories cannot be executed twice and are shared; an import inside
``process`` of a neighbour not imported before finds another module if code that is nobody's imported one under the same name
after the load.
"""

from __future__ import annotations

import importlib
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from importlib.machinery import ExtensionFileLoader, ModuleSpec, SourceFileLoader
from importlib.util import module_from_spec
from pathlib import Path
from types import MappingProxyType, ModuleType
from typing import TYPE_CHECKING, ParamSpec, TypeVar, cast

from pfemu.runtime.loading.cluster_modules import IMPORTED_BEFORE, PULSAR_OWN
from pfemu.runtime.loading.contested_modules import (
    ACTIVE,
    Contest,
    ContestedModule,
    Ownership,
    contest_for,
    contest_of,
    end_contest,
    real_module,
    space_of,
    withdraw,
)
from pfemu.runtime.loading.import_statements import module_lock, settle
from pfemu.runtime.loading.living_loads import is_alone, is_live, join, leave
from pfemu.runtime.loading.module_loaders import ContestedLoader, PulsarOwnModule, UserModuleLoader
from pfemu.runtime.loading.user_directories import UserDirectories, find

if TYPE_CHECKING:
    from importlib.abc import Loader

    from pfemu.runtime.loading.import_statements import ModuleLock

P = ParamSpec("P")
T = TypeVar("T")

_IMPORTING = threading.RLock()  # one load at a time: sys.path and claims to names are everybody's
_LEAVING: deque[Callable[[], object]] = deque()  # what gives up names, for whoever imports when it is done: an import may take long


@contextmanager
def _one_import() -> Iterator[None]:
    try:
        with _IMPORTING:
            yield
    finally:
        _let_leave()


def _let_leave() -> None:
    """Have names given up, unless somebody imports, who does it afterwards."""
    while _LEAVING and _IMPORTING.acquire(blocking=False):
        try:
            while _LEAVING:
                _LEAVING.popleft()()
        finally:
            _IMPORTING.release()


class ModuleSpace:
    """One load's modules.

    Args:
        search_path: The user's directories, first on ``sys.path`` while something is imported.
        only: The top-level names in them that are the user's; None for all of them.
    """

    def __init__(self, search_path: Sequence[Path], only: frozenset[str] | None = None) -> None:
        self.directories = UserDirectories(search_path, only)
        self.failures: dict[str, Exception] = {}
        self.loading = False
        self._modules: dict[str, ModuleType] = {}
        self._names: set[str] = set()  # of modules that were found here, imported or not
        self._executing: dict[str, tuple[int, ModuleType]] = {}
        self._locks: dict[str, ModuleLock] = {}  # of names: only one thread executes a module

    @property
    def modules(self) -> Mapping[str, ModuleType]:
        """The user's modules by name, those that ``process`` imports later included; read-only and live."""
        return MappingProxyType(self._modules)

    @property
    def search_path(self) -> tuple[str, ...]:
        """The user's directories."""
        return self.directories.search_path

    def import_module(self, name: str) -> ModuleType:
        """Import a module as ``importlib.import_module`` does, with the user's directories first.

        Raises:
            Exception: Whatever the import raises; what is half-loaded then is taken out, as always.
        """
        with _one_import():
            if name in self._modules:
                return self._modules[name]
            with self._importing():
                module = importlib.import_module(name)
                return contest_of(module).module() if type(module) is ContestedModule else module

    def unload(self) -> None:
        """Give up all names; modules that others have under them are found again.

        For when no code of the load runs any more: its modules go on working, but a look-up by name may give another's. While another
        thread imports, that happens at the end of the import, and nobody waits.
        """
        _LEAVING.append(self._leave)
        _let_leave()

    def _leave(self) -> None:
        for name in list(self._names):
            current = sys.modules.get(name)
            if current is not None and current is self._modules.get(name):
                del sys.modules[name]
            else:
                withdraw(name, self)
        self._names.clear()
        leave(self)

    def within(self, function: Callable[P, T]) -> Callable[P, T]:
        """Return the function so wrapped that look-ups of modules during a call give this load's."""

        def call(*args: P.args, **kwargs: P.kwargs) -> T:
            token = ACTIVE.set(self)
            try:
                return function(*args, **kwargs)
            finally:
                ACTIVE.reset(token)

        return call

    # -- loading -------------------------------------------------------------------------------------------------------

    def find_spec(self, name: str, path: Sequence[str] | None) -> ModuleSpec | None:
        """Return the spec of one of the user's modules (``importlib.abc.MetaPathFinder``), None for any other."""
        if name in IMPORTED_BEFORE:
            return self.directories.spec_elsewhere(name)
        spec = self._own_spec(name, path)
        if spec is None or not isinstance(spec.loader_state, Ownership) or is_alone(self):
            return spec
        return ModuleSpec(name, cast("Loader", ContestedLoader(ContestedModule(name), self)))

    def _own_spec(self, name: str, path: Sequence[str] | None) -> ModuleSpec | None:
        parent = name.rpartition(".")[0]
        if not parent:
            spec = self.directories.spec(name)
        elif path is not None and self._has(parent):
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

    def _has(self, name: str) -> bool:
        # What is in sys.modules comes second: the import system takes a module out for a moment when it has imported it.
        return self.imported(name) is not None or space_of(sys.modules.get(name)) is self

    @contextmanager
    def _importing(self) -> Iterator[None]:
        join(self)
        self._share_out_names()
        outer, self.loading = self.loading, True
        sys.path[0:0] = self.search_path
        token = ACTIVE.set(self)
        try:
            yield
            self._note_modules()
            self._replace_contested_modules()
        finally:
            self._note_modules()
            ACTIVE.reset(token)
            for directory in self.search_path:
                with suppress(ValueError):  # the user's code may take its directory off sys.path
                    sys.path.remove(directory)
            self.loading = outer

    def _share_out_names(self) -> None:
        """Contest the names in the user's directories that code which is nobody's has in ``sys.modules``."""
        taken = {name for name in self.directories.names() & sys.modules.keys() if self._is_taken(name)}
        if not taken:
            return
        for name in [name for name in list(sys.modules) if name.partition(".")[0] in taken]:
            contest_for(name)
            self._names.add(name)

    def _is_taken(self, name: str) -> bool:
        module = sys.modules[name]
        if type(module) is ContestedModule or space_of(module) is not None:
            return False  # loads have shared it out already
        # A bare directory takes nothing from others: an installed package of that name goes before it.
        return self.directories.offers(name, directories=False) and not _has_extension(name)

    def execute(self, contest: Contest) -> ModuleType:
        """Import this load's module of a contested name, past ``sys.modules``; another thread waits until that is done.

        Of threads that wait for each other's modules one gets a module that is not done, as with the import system.
        """
        name = contest.name
        with module_lock(self._locks, name) as is_mine:
            module = self.imported(name) if is_mine else self._half_done(name)
            if module is None:
                module = self._import(contest)
            if is_mine and is_live(self):
                contest.claims[self] = module
            return module

    def _import(self, contest: Contest) -> ModuleType:
        parent_name, _, last_name = contest.name.rpartition(".")
        token = ACTIVE.set(self)
        try:
            parent = self._package(parent_name) if parent_name else None
            module = self._execute(contest, None if parent is None else parent.__path__)
            if parent is not None:
                setattr(parent, last_name, module)
            self._modules[contest.name] = module
            return module
        finally:
            ACTIVE.reset(token)
            self._executing.pop(contest.name, None)  # from here on other threads have it

    def _package(self, name: str) -> ModuleType:
        package = self.imported(name)
        return cast("ModuleType", real_module(importlib.import_module(name))) if package is None else package

    def imported(self, name: str) -> ModuleType | None:
        """Return a module that is imported, or that this thread is executing: neighbours that import each other meet it as it is."""
        thread, half_done = self._executing.get(name, (None, None))
        if half_done is not None:
            return half_done if thread == threading.get_ident() else None
        return self._modules.get(name)

    def _half_done(self, name: str) -> ModuleType | None:
        _, half_done = self._executing.get(name, (None, None))
        return half_done or self._modules.get(name)

    def _execute(self, contest: Contest, path: Sequence[str] | None) -> ModuleType:
        name = contest.name
        spec = self._own_spec(name, path)
        if spec is None:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        module = module_from_spec(spec)
        self._executing[name] = (threading.get_ident(), module)
        if spec.loader is not None:  # None: a directory without __init__.py
            spec.loader.exec_module(module)
        left = sys.modules.get(name)
        if left is not None and type(left) is not ContestedModule:  # it has put something else in its place
            module, sys.modules[name] = left, contest.contested
        return module

    def note(self, module: ModuleType) -> None:
        """Take in a module that has been executed."""
        self._modules[module.__name__] = module

    def _note_modules(self) -> None:
        """See what an import left in ``sys.modules``."""
        for name in list(self._names):
            module = sys.modules.get(name)
            if type(module) is ContestedModule:
                module = contest_of(module).claims.get(self)
            if module is not None:
                self._modules[name] = module
            elif is_alone(self):
                self._modules.pop(name, None)

    def _replace_contested_modules(self) -> None:
        """Let modules refer to each other instead of to contested names, and find out which of those are another load's only."""
        for name, module in list(self._modules.items()):
            for attribute, value in list(getattr(module, "__dict__", {}).items()):
                if type(value) is not ContestedModule:
                    continue
                try:
                    setattr(module, attribute, real_module(value))
                except ModuleNotFoundError:
                    self._take_out(name)
                    raise

    def _take_out(self, name: str) -> None:
        module = self._modules.pop(name)
        current = sys.modules.get(name)
        if current is module:
            del sys.modules[name]
        elif type(current) is ContestedModule:
            contest_of(current).claims.pop(self, None)

    def contest_names(self) -> None:
        """Share its names out, because another load begins; what a thread of its own is importing is imported first."""
        for name in list(self._names):
            settle(name)
            module = sys.modules.get(name)
            if type(module) is not ContestedModule and space_of(module) is self:
                contest_for(name)
            elif module is not None and module is self._modules.get(name):
                contest_for(name).claims[self] = module

    def end_contests(self) -> None:
        """Have its names for itself, because no other load is left."""
        for name in list(self._modules):
            end_contest(name)


def _has_extension(top_level_name: str) -> bool:
    """Tell whether a module, or one of a package's, is an extension: those cannot be executed a second time."""
    prefix = f"{top_level_name}."
    modules = [module for name, module in list(sys.modules.items()) if name == top_level_name or name.startswith(prefix)]
    return any(type(module) is not ContestedModule and isinstance(_loader_of(module), ExtensionFileLoader) for module in modules)


def _loader_of(module: ModuleType) -> object:
    return getattr(module, "__loader__", None)  # what stands in sys.modules need not be a module
