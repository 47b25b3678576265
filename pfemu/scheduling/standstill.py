"""Whether a thread stands still in a wait of the standard library: then it answers nobody, and who waits for it waits for ever."""

from __future__ import annotations

import sys

_WHERE_THREADS_WAIT = frozenset(
    {"threading", "queue", "selectors", "concurrent.futures._base", "concurrent.futures.thread", "multiprocessing.pool"}
)


def stands_still(thread_id: int) -> bool:
    """Tell whether a thread waits for others right now, or has ended."""
    frame = sys._current_frames().get(thread_id)  # noqa: SLF001 - CPython's documented way to see what another thread does
    return frame is None or frame.f_globals.get("__name__") in _WHERE_THREADS_WAIT
