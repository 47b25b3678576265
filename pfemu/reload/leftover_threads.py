"""Threads that code has started and that outlive it: nothing can stop them, so they are named.

A thread is of the code that it was started to run, not of the code that it happens to be in: to walk the stack of a thread that goes on
meanwhile is not safe (CPython 3.11 hands out frames that are gone). So threads of a pool are not among them: they end with their pool.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator
from functools import partial
from inspect import unwrap
from types import FunctionType, MethodType

from pfemu.runtime.loading.module_space import ModuleSpace


def threads_of(spaces: Collection[ModuleSpace], but: Collection[str] = ()) -> tuple[str, ...]:
    """Return the names of the threads that run code of modules of those loads; ``but`` are names of threads to leave out."""
    return tuple(
        sorted(
            thread.name
            for thread in threading.enumerate()
            if thread.name not in but and any(_space_of(runs) in spaces for runs in _what_it_runs(thread))
        )
    )


def _what_it_runs(thread: threading.Thread) -> Iterator[object]:
    yield type(thread).run
    for name in ("_target", "function"):  # of any thread; of a Timer. A thread that is done has no target any more
        yield getattr(thread, name, None)


def _space_of(runs: object) -> ModuleSpace | None:
    """Return the load of the module in which a callable was written."""
    while isinstance(runs, partial | MethodType):
        runs = runs.func if isinstance(runs, partial) else runs.__func__
    if not isinstance(runs, FunctionType):
        runs = getattr(type(runs), "__call__", None)  # noqa: B004 - the method is wanted, not whether there is one
    if not isinstance(runs, FunctionType):
        return None
    spec = unwrap(runs).__globals__.get("__spec__")
    space = getattr(getattr(spec, "loader_state", None), "space", None)
    return space if isinstance(space, ModuleSpace) else None
