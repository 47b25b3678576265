"""One name, several modules: what ``sys.modules`` holds when more than one load has a module of that name.

Whatever looks the name up gets a :class:`ContestedModule`: an ``import``, ``importlib.import_module``, ``pickle`` (by a class's
``__module__``), ``typing.get_type_hints``. It passes every access on to the module of whoever asks: the nearest frame on the
stack that runs a user's module, else the load that is active, else the first holder of the name. Imports at the top of a
user's module are replaced by the real module when the load ends, so that a call costs what it costs on a cluster.

Rejected: own ``__builtins__`` with another ``__import__`` (pickle and importlib go round it, patched builtins stay unseen), and
exchanging ``sys.modules`` around each load or call (wrong as soon as two functions run in two threads).
"""

from __future__ import annotations

import sys
from contextvars import ContextVar
from importlib.machinery import ModuleSpec
from types import FrameType, ModuleType
from typing import TYPE_CHECKING

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
    frame: FrameType | None = sys._getframe(1)  # noqa: SLF001 - inspect.currentframe() is the same, slower
    while frame is not None:
        space = _space_by_spec(frame.f_globals.get("__spec__"))
        if space is not None:
            return space
        frame = frame.f_back
    return ACTIVE.get()


def _space_by_spec(spec: object) -> ModuleSpace | None:
    state = spec.loader_state if isinstance(spec, ModuleSpec) else None
    return state.space if isinstance(state, Ownership) else None


class Contest:
    """Who has a module of one name: ``holder`` is nobody's, ``claims`` are the loads', None while it is not imported there."""

    __slots__ = ("claims", "holder", "name")

    def __init__(self, name: str) -> None:
        self.name = name
        self.holder: ModuleType | None = None
        self.claims: dict[ModuleSpace, ModuleType | None] = {}

    def module(self) -> ModuleType:
        """Return the asker's module, imported now if it was not; the first holder's for one who has none."""
        space = asking_space()
        if space is None or space not in self.claims:
            if self.holder is not None:
                return self.holder
            space = next(iter(self.claims))
        module = self.claims[space]
        return space.execute(self) if module is None else module

    def only_module(self) -> ModuleType | None:
        """Return the one module that is left, None while there are several or none."""
        modules = [module for module in (self.holder, *self.claims.values()) if module is not None]
        return modules[0] if len(modules) == 1 and len(self.claims) <= 1 else None


class ContestedModule(ModuleType):
    """Stands in ``sys.modules`` for several modules of one name."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        object.__setattr__(self, "_contest", Contest(name))

    def __getattribute__(self, attribute: str) -> object:
        return getattr(contest_of(self).module(), attribute)

    def __setattr__(self, attribute: str, value: object) -> None:
        if attribute != "__spec__":  # the import system's, which takes this for the module it has made
            setattr(contest_of(self).module(), attribute, value)

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


def contest_for(name: str) -> Contest:
    """Return the contest of a name in ``sys.modules``, begun now if there is none; who has the name keeps it."""
    current = sys.modules.get(name)
    if type(current) is ContestedModule:
        return contest_of(current)
    contested = ContestedModule(name)
    contest = contest_of(contested)
    if current is not None:
        space = space_of(current)
        if space is None:
            contest.holder = current
        else:
            contest.claims[space] = current
    sys.modules[name] = contested
    return contest


def withdraw(name: str, space: ModuleSpace) -> None:
    """Take a load's claim to a name back; the last one left has it for itself again."""
    current = sys.modules.get(name)
    if type(current) is not ContestedModule:
        return
    contest = contest_of(current)
    contest.claims.pop(space, None)
    left = contest.only_module()
    if left is not None:
        sys.modules[name] = left
    elif contest.holder is None and not any(contest.claims.values()):
        del sys.modules[name]
