"""``dataclasses.replace`` for one class, in a third of the time: each function that is made, and so each test, pays for some."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from operator import attrgetter
from typing import TypeVar

T = TypeVar("T")


def changer(kind: Callable[..., T]) -> Callable[..., T]:
    """Return a function that takes a value of a dataclass, and other values for some fields by name, and returns a new value.

    That raises TypeError for a field that the class has not, and whatever making a value of it raises.
    """
    names = tuple(each.name for each in fields(kind))  # type: ignore[arg-type] # a dataclass, which has no type of its own
    place = {name: index for index, name in enumerate(names)}
    values_of = attrgetter(*names)

    def changed(value: T, **changes: object) -> T:
        if not changes.keys() <= place.keys():
            raise TypeError(f"there is no such field: {', '.join(changes.keys() - place.keys())}")
        values = list(values_of(value))
        for name, other in changes.items():
            values[place[name]] = other
        return kind(*values)

    return changed
