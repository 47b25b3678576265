"""Functions handed over as objects: a class, an instance, a callable, a module. They are imported already, and stay shared."""

from __future__ import annotations

import inspect
from functools import lru_cache, partial
from pathlib import Path
from types import ModuleType

from pfemu.errors import LoadError
from pfemu.runtime.loading.choice import Choice, choose
from pfemu.runtime.loading.construction import Construction, construct_or_refuse, refuse_problems
from pfemu.runtime.loading.explanations import lines
from pfemu.runtime.loading.invocation import Invocation
from pfemu.runtime.loading.module_space import ModuleSpace
from pfemu.runtime.loading.sources import CodeLocation


def file_of(source: object) -> Path | None:
    """Return the file an object was written in, None when it was in none (a prompt)."""
    file = getattr(inspect.getmodule(_origin(source)), "__file__", None)
    return _path(file) if file else None


@lru_cache(maxsize=256)
def _path(file: str) -> Path:
    return Path(file)


def choose_object(source: object, directory: Path) -> Choice:
    """Return the function an object is, with the class path it has on a cluster.

    Raises:
        LoadError: It is none.
    """
    if isinstance(source, ModuleType):
        return choose(source, source.__name__, CodeLocation((directory,), None, source.__name__))
    origin = _origin(source)
    module_name = getattr(origin, "__module__", None) or "__main__"
    class_name = f"{module_name}.{getattr(origin, '__name__', type(source).__name__)}"
    if isinstance(source, type) or has_process(source):
        return Choice(source, class_name)
    if not callable(source):
        raise LoadError(
            lines(
                f"{source!r} is not a function.",
                "Expected: a path, a dotted name, a class with process(self, input, context), an instance of one, or a callable.",
            ),
        )
    module = inspect.getmodule(origin)
    if module is not None and vars(module).get("process") is source:
        return Choice(module, module_name)
    return Choice(source, class_name, plain=source)


def construct_object(choice: Choice, space: ModuleSpace) -> Construction:
    """Construct a class; take an instance as it is.

    Raises:
        LoadError: It cannot be constructed, or every message would fail.
    """
    if has_process(choice.target):
        return refuse_problems(choice, Invocation(choice.target, takes_context=True, instance=choice.target), space)
    return construct_or_refuse(choice, space)


def has_process(source: object) -> bool:
    """Tell whether an object is the instance already."""
    return hasattr(source, "process") and not isinstance(source, type | ModuleType)


def _origin(source: object) -> object:
    """Return what tells where an object was written: itself, or its class."""
    while isinstance(source, partial):
        source = source.func
    return source if isinstance(source, type | ModuleType) or inspect.isroutine(source) else type(source)
