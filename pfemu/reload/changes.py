"""From events of a file system and times to "these files changed". Pure: no file is looked at, no clock is read.

Rules:

1. A file that is being written (``WRITING``) is not finished before it is closed: until then nothing at all is told, however long that
   takes, because files saved together belong together. Half of a file may well be valid Python.
2. Where nobody tells of closing, a file is only ``SEEN`` to be different (polling, macOS): it is finished when it was not seen to
   change for ``unsure_ms``.
3. A file that was closed after writing, or moved into place, is finished (``COMPLETE``).
4. One that went away (``GONE``) may be about to come back (an editor that deletes and writes): it gets ``gone_ms``.
5. Finished changes are told together after a quiet moment. The moment adapts: ``QUIET_MS`` for a single save, twice the longest pause
   between the events of a burst, at most ``LONGEST_QUIET_MS``; a burst that does not end is told every ``LONGEST_BURST_MS``.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

QUIET_MS = 8
LONGEST_QUIET_MS = 60
LONGEST_BURST_MS = 120
GONE_MS = 100
UNSURE_MS = 60


class Kind(Enum):
    """What is known of a file after an event."""

    WRITING = auto()
    SEEN = auto()
    COMPLETE = auto()
    GONE = auto()


@dataclass(frozen=True, slots=True)
class FileEvent:
    """One event of one file."""

    path: str
    kind: Kind


class ChangeDetector:
    """Collects events until a set of changed files is ready. Times are milliseconds of any clock that only goes forward."""

    def __init__(self, unsure_ms: int = UNSURE_MS) -> None:
        self._unsure_ms = unsure_ms
        self._open: set[str] = set()
        self._finished_ms: dict[str, int] = {}
        """By path: when it is finished if nothing more comes."""
        self._began_ms = 0
        self._last_ms = -LONGEST_BURST_MS
        self._longest_pause_ms = 0

    @property
    def last_event_ms(self) -> int:
        """When the last event came."""
        return self._last_ms

    def note(self, event: FileEvent, now_ms: int) -> None:
        """Take an event."""
        if event.kind is Kind.SEEN and event.path in self._open:
            return
        self._time(now_ms)
        if event.kind is Kind.WRITING:
            self._open.add(event.path)
            self._finished_ms.pop(event.path, None)
            return
        self._open.discard(event.path)
        wait_ms = {Kind.SEEN: self._unsure_ms, Kind.COMPLETE: 0, Kind.GONE: GONE_MS}[event.kind]
        self._finished_ms[event.path] = now_ms + wait_ms

    def lose_events(self, now_ms: int) -> None:
        """Wait for no file to be closed: whoever told of that does so no more."""
        lost, self._open = self._open, set()
        for path in lost:
            self.note(FileEvent(path, Kind.SEEN), now_ms)

    def _time(self, now_ms: int) -> None:
        """Keep the figures of the burst; an event soon after the last one belongs to it, though that was told already."""
        pause_ms = now_ms - self._last_ms
        if self._open:
            self._began_ms += pause_ms  # how long a file is being written says nothing of what follows
        elif self._finished_ms:
            self._longest_pause_ms = max(self._longest_pause_ms, pause_ms)
        else:
            self._began_ms, self._longest_pause_ms = now_ms, pause_ms if pause_ms <= LONGEST_QUIET_MS else 0
        self._last_ms = now_ms

    def due_ms(self) -> int | None:
        """When :meth:`take` will have something, None while it depends on further events."""
        if not self._finished_ms or self._open:
            return None
        finished_ms = max(self._finished_ms.values())
        quiet_ms = min(max(QUIET_MS, 2 * self._longest_pause_ms), LONGEST_QUIET_MS)
        return max(finished_ms, min(self._last_ms + quiet_ms, self._began_ms + LONGEST_BURST_MS))

    def take(self, now_ms: int) -> frozenset[str]:
        """Return the files that changed, and forget them; empty when it is too early."""
        due_ms = self.due_ms()
        if due_ms is None or now_ms < due_ms:
            return frozenset()
        files = frozenset(self._finished_ms)
        self._finished_ms.clear()
        return files
