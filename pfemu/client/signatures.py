"""What shows itself as pulsar-client's own: signatures of methods, names of classes."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from inspect import signature
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


def defaults_of(method: Callable[..., object]) -> dict[str, Any]:
    """Return a method's parameters by name, in order, with their defaults; None for those without one."""
    parameters = list(signature(method).parameters.values())[1:]
    return {parameter.name: None if parameter.default is parameter.empty else parameter.default for parameter in parameters}


def arguments_of(defaults: dict[str, Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
    """Return the arguments of a call by name; one that does not fit is refused by the real method in its own words."""
    return {**defaults, **dict(zip(defaults, args, strict=False)), **kwargs}
