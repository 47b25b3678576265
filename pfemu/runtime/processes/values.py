"""Values of the user's classes, which stay in the user's process."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pfemu.runtime.processes.function_process import FunctionProcess

_SCALARS = frozenset({str, bytes, int, float, complex, bool, type(None)})
_BASES: tuple[Any, ...] = (str, bytes, int, float)


class KeptValue:
    """Stands for a value in the user's process; ``pfemu_number`` names it there, until this object is gone.

    Its attributes are read over there; its text is the one it had when it came.
    """

    __slots__ = ("_pfemu_owner", "_pfemu_shown", "pfemu_number", "pfemu_plain")

    def __init__(self, owner: FunctionProcess, number: int, shown: str, plain: object) -> None:
        self._pfemu_owner = owner
        self.pfemu_number = number
        self._pfemu_shown = shown
        self.pfemu_plain = plain
        """A copy, of a value that is made of plain ones; else None."""

    def __del__(self) -> None:
        self._pfemu_owner.drop(self.pfemu_number)

    def __repr__(self) -> str:
        return self._pfemu_shown

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the value has
        if name.startswith("__"):
            raise AttributeError(name)
        return self._pfemu_owner.attribute(self.pfemu_number, name)

    def pfemu_encoded(self) -> Any:  # noqa: ANN401 - bytes, where the SerDe takes it
        """Have the default SerDe applied to it over there."""
        return self._pfemu_owner.encoded_by_default(self.pfemu_number)


def seen_here(value: object) -> object:
    """Return a value as a test or a script sees it: a copy of what is made of plain values."""
    return value.pfemu_plain if isinstance(value, KeptValue) and value.pfemu_plain is not None else value


@cache
def kept_class(name: str) -> type[KeptValue]:
    """Return the class of stand-ins for values of a class: refusals name a value's class."""
    return type(name, (KeptValue,), {"__slots__": ()})


def is_scalar(value: object) -> bool:
    """Tell whether a value is exactly of a type that crosses as it is."""
    return type(value) in _SCALARS


def without_subclass(value: object) -> object:
    """Return a text or a number of a subclass as one of its base class."""
    for base in _BASES:
        if isinstance(value, base) and type(value) not in _SCALARS:
            return base(value)
    return value
