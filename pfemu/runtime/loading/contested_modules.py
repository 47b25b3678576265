"""One name, several modules: what ``sys.modules`` holds when more than one load has a module of that name.

Imports at the top of a module bind the right object while it is loaded and never come here. What looks a module up later does:
an ``import`` inside ``process``, ``importlib.import_module``, ``pickle`` (by a class's ``__module__``), ``typing.get_type_hints``.
They get a :class:`ContestedModule`, which passes every access on to the module of whoever asks: the nearest frame on the
stack that runs a user's module, else the load that is active, else the first holder of the name.

Rejected: own ``__builtins__`` with another ``__import__`` (pickle and importlib go round it, patched builtins stay unseen), and
exchanging ``sys.modules`` around each call (wrong as soon as two functions run in two threads).
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
    """Who has a module of one name: nobody's module, and each load's, None while it is not imported there."""

    __slots__ = ("claims", "holder", "name")

    def __init__(self, name: str, holder: ModuleType | None) -> None:
        self.name = name
        self.holder = holder
        self.claims: dict[ModuleSpace, ModuleType | None] = {}

    def module(self) -> ModuleType:
        """Return the asker's module, imported now if it was not; the first holder's for one who has none."""
        space = asking_space()
        if space is None or space not in self.claims:
            if self.holder is not None:
                return self.holder
            space = next(iter(self.claims))
        module = self.claims[space]
        return space.import_module(self.name) if module is None else module

    def only_module(self) -> ModuleType | None:
        """Return the one module that is left, None while there are several or none."""
        modules = [module for module in (self.holder, *self.claims.values()) if module is not None]
        return modules[0] if len(modules) == 1 and len(self.claims) <= 1 else None


class ContestedModule(ModuleType):
    """Stands in ``sys.modules`` for several modules of one name."""

    def __init__(self, name: str, holder: ModuleType) -> None:
        super().__init__(name)
        space = space_of(holder)
        contest = Contest(name, holder if space is None else None)
        if space is not None:
            contest.claims[space] = holder
        object.__setattr__(self, "_contest", contest)

    def __getattribute__(self, attribute: str) -> object:
        return getattr(contest_of(self).module(), attribute)

    def __setattr__(self, attribute: str, value: object) -> None:
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
