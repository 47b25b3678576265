"""What shows itself as pulsar-client's own: signatures of methods, names of classes."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

C = TypeVar("C", bound=type)


def as_in(real: Any) -> Callable[[Callable[..., Any]], Any]:  # noqa: ANN401 - a method of pulsar-client, and a decorator whose result has that method's signature
    """Return a decorator that gives a method the name, documentation and signature of a real one."""
    return wraps(real)


def shown_as(module: str, name: str) -> Callable[[C], C]:
    """Return a decorator that gives a class the name under which ``repr`` and error texts show it."""

    def show(made: C) -> C:
        made.__module__ = module
        made.__name__ = made.__qualname__ = name
        return made

    return show
