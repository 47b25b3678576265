"""Threads that code has started and that outlive it: nothing can stop them, so they are named."""

from __future__ import annotations

import sys
import threading
from collections.abc import Collection, Iterator
from types import FrameType

from pfemu.runtime.loading.module_space import ModuleSpace


def threads_of(spaces: Collection[ModuleSpace], but: Collection[str] = ()) -> tuple[str, ...]:
    """Return the names of the threads that run code of modules of those loads; ``but`` are names of threads to leave out."""
    frames = sys._current_frames()  # noqa: SLF001 - the only way to another thread's stack
    return tuple(
        sorted(
            thread.name
            for thread in threading.enumerate()
            if thread.name not in but and thread.ident in frames and any(_is_in(frames[thread.ident], spaces))
        )
    )


def _is_in(frame: FrameType | None, spaces: Collection[ModuleSpace]) -> Iterator[bool]:
    """Look at every frame of a stack."""
    while frame is not None:
        spec = frame.f_globals.get("__spec__")
        yield getattr(getattr(spec, "loader_state", None), "space", None) in spaces
        frame = frame.f_back
