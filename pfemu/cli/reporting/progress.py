"""A progress bar of one line on a terminal, out of the way whenever something else is written.

It appears only when the work takes a moment, and is drawn at most ten times a second.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TextIO

_APPEARS_AFTER_S = 0.5
_EVERY_S = 0.1
_WIDTH = 30
_ERASE = "\r\x1b[2K"


class ProgressBar:
    """Shows how much of ``total`` bytes is done. ``stopwatch_s`` gives seconds from any start."""

    def __init__(self, stream: TextIO, total: int, stopwatch_s: Callable[[], float]) -> None:
        self._stream = stream
        self._total = max(total, 1)
        self._stopwatch_s = stopwatch_s
        self._started = stopwatch_s()
        self._drawn_at = self._started + _APPEARS_AFTER_S - _EVERY_S
        self._visible = False

    def advance_to(self, done: int, messages: int) -> None:
        """Draw it anew, if it is time."""
        now = self._stopwatch_s()
        if now - self._drawn_at < _EVERY_S:
            return
        self._drawn_at = now
        self._visible = True
        part = min(done / self._total, 1.0)
        filled = round(part * _WIDTH)
        rate = messages / (now - self._started)
        self._stream.write(f"{_ERASE}{'█' * filled}{'░' * (_WIDTH - filled)} {part:4.0%}  {messages:,} messages  {rate:,.0f}/s")
        self._stream.flush()

    def hide(self) -> None:
        """Take it away, so that a line can be written in its place."""
        if self._visible:
            self._visible = False
            self._stream.write(_ERASE)
            self._stream.flush()
