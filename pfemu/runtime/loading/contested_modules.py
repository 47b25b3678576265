"""One name, several modules: what ``sys.modules`` holds when more than one load could have a module of that name.

While several loads are alive, or a name is taken by code that is nobody's, whoever looks a user's module up (an ``import``,
``importlib.import_module``, ``pickle`` by a class's ``__module__``, ``typing.get_type_hints``) gets a :class:`ContestedModule`.
It passes every access on to the module of whoever asks: the nearest frame on the stack that runs a user's module, else the load
that is active, else nobody's module or the first load's. A load that has no such module finds none, as in a process of its own.
Imports at the top of a user's module are replaced by the real module when the load ends: calls cost what they cost on a cluster.

Rejected: exchanging ``sys.modules`` around each load or call (wrong as soon as two functions run in two threads), and an ``__import__`` of
each load's own (see :mod:`import_statements`).

Limit: before Python 3.12 an ``import late`` inside ``process`` that fails does so when ``late`` is first used.
"""

from __future__ import annotations

import sys
from contextvars import ContextVar
from importlib.machinery import ModuleSpec
from types import FrameType, ModuleType
from typing import TYPE_CHECKING

from pfemu.runtime.loading.import_statements import is_import, name_in_statement

if TYPE_CHECKING:
    from pfemu.runtime.loading.module_space import ModuleSpace


class Ownership:
    """The mark of a module's spec (its ``loader_state``): which load it belongs to."""

    __slots__ = ("space",)

    def __init__(self, space: ModuleSpace) -> None:
        self.space = space


ACTIVE: ContextVar[ModuleSpace | None] = ContextVar("pfemu_active_load", default=None)
"""The load on whose behalf code runs that is not the user's: an import that begins, a SerDe that pickles."""


def space_of(module: object) -> ModuleSpace | None:
    """Return the load a module belongs to, None for modules that are everybody's."""
    return _space_by_spec(getattr(module, "__spec__", None))


def asking_space() -> ModuleSpace | None:
    """Return the load whose code is running: of the nearest frame in a user's module, else the active one."""
    space = _space_above(sys._getframe(1))  # noqa: SLF001 - inspect.currentframe() is the same, slower
    return ACTIVE.get() if space is None else space


def _space_above(frame: FrameType | None) -> ModuleSpace | None:
    while frame is not None:
        space = _space_by_spec(frame.f_globals.get("__spec__"))
        if space is not None:
            return space
        frame = frame.f_back
    return None


def _space_by_spec(spec: object) -> ModuleSpace | None:
    state = spec.loader_state if isinstance(spec, ModuleSpec) else None
    return state.space if isinstance(state, Ownership) else None


class Contest:
    """Who has a module of one name: ``holder`` is nobody's, ``claims`` are those that loads have imported.

    ``contested`` stands for all of them.
    """

    __slots__ = ("claims", "contested", "holder", "name")

    def __init__(self, name: str, contested: ContestedModule) -> None:
        self.name = name
        self.contested = contested
        self.holder: ModuleType | None = None
        self.claims: dict[ModuleSpace, ModuleType] = {}

    def imported(self) -> ModuleType | None:
        """Return the asker's module if it was imported, nobody's or the first load's for an asker that is nobody's."""
        space = asking_space()
        if space is not None:
            return space.imported(self.name)
        return self.holder or next(iter(self.claims.values()), None)

    def module(self) -> ModuleType:
        """Return the asker's module, imported now if it was not.

        Raises:
            ModuleNotFoundError: The asker has none.
            Exception: Whatever the import raises.
        """
        module = self.imported()
        if module is not None:
            return module
        space = asking_space()
        if space is not None and space.directories.offers(self.name.partition(".")[0], directories=self.holder is None):
            return space.execute(self)
        if self.holder is not None:
            return self.holder
        raise ModuleNotFoundError(f"No module named {self.name!r}", name=self.name)

    def only_module(self) -> ModuleType | None:
        """Return the one module that is left, None while there are several or none."""
        modules = [module for module in (self.holder, *self.claims.values()) if module is not None]
        return modules[0] if len(modules) == 1 else None


_SET_BY_IMPORT_SYSTEM = frozenset({"__cached__", "__file__", "__loader__", "__name__", "__package__", "__path__", "__spec__"})


class ContestedModule(ModuleType):
    """Stands in ``sys.modules`` for several modules of one name."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        object.__setattr__(self, "_contest", Contest(name, self))

    def __getattribute__(self, attribute: str) -> object:
        contest = contest_of(self)
        if attribute == "__spec__":  # every import asks for it
            spec = contest.module().__spec__
            _import_rest(contest.name, sys._getframe(1))  # noqa: SLF001 - as in asking_space
            return spec
        if attribute.startswith("__") and not (attribute == "__path__" and is_import(sys._getframe(1))):  # noqa: SLF001 - as in asking_space
            # Whoever asks for one of those looks through sys.modules, and imports nothing.
            module = contest.imported() or contest.holder
            if module is None:
                raise AttributeError(f"module {contest.name!r} is not imported")
            return getattr(module, attribute)
        return getattr(contest.module(), attribute)

    def __setattr__(self, attribute: str, value: object) -> None:
        if attribute not in _SET_BY_IMPORT_SYSTEM:  # which takes this for the module it has made
            setattr(contest_of(self).module(), attribute, real_module(value))

    def __delattr__(self, attribute: str) -> None:
        delattr(contest_of(self).module(), attribute)

    def __dir__(self) -> list[str]:
        return dir(contest_of(self).module())

    def __repr__(self) -> str:
        return repr(contest_of(self).module())


def contest_of(module: ContestedModule) -> Contest:
    """Return the claims behind a contested name."""
    contest: Contest = object.__getattribute__(module, "_contest")
    return contest


def real_module(value: object) -> object:
    """Return what the asker has under a contested name; anything else as it is."""
    return contest_of(value).module() if type(value) is ContestedModule else value


def contest_for(name: str) -> Contest:
    """Return the contest of a name in ``sys.modules``, begun now if there is none; who has the name keeps it."""
    current = sys.modules.get(name)
    if type(current) is ContestedModule:
        return contest_of(current)
    contested = ContestedModule(name)
    contest = contest_of(contested)
    space = space_of(current)
    if space is None:
        contest.holder = current
    elif current is not None:
        contest.claims[space] = current
    sys.modules[name] = contested
    return contest


def withdraw(name: str, space: ModuleSpace) -> None:
    """Take a load's claim to a name back; without another claim the name is as it was before."""
    current = sys.modules.get(name)
    if type(current) is not ContestedModule:
        return
    contest = contest_of(current)
    contest.claims.pop(space, None)
    if contest.claims:
        return
    if contest.holder is not None:
        sys.modules[name] = contest.holder
    else:
        del sys.modules[name]


def end_contest(name: str) -> None:
    """Put the module of a name into ``sys.modules`` itself, if it is the only one."""
    current = sys.modules.get(name)
    left = contest_of(current).only_module() if type(current) is ContestedModule else None
    if left is not None:
        sys.modules[name] = left


def _import_rest(package: str, frame: FrameType) -> None:
    """Import the asker's ``package.part``, where that is what the frame's statement imports."""
    name = name_in_statement(frame)
    if name is not None and name.startswith(f"{package}."):
        real_module(sys.modules.get(name))
