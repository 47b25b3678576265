"""The thread that waits for changes: events in, ``changed(files, since_ms)`` out, one call at a time.

Where files are only looked at, a change is told when two more looks found the same. A Python file that does not compile then gets as
long again, and is told if it is still the same.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

from pfemu.reload.changes import UNSURE_MS, ChangeDetector, FileEvent, Kind
from pfemu.reload.half_written import looks_half_written
from pfemu.reload.watcher import TELLS_CLOSES, DirectoryWatcher, FileLooker, Look, look_at
from pfemu.scheduling.clock import monotonic_ms

if TYPE_CHECKING:
    from pfemu.reload.watch_set import WatchSet
    from pfemu.reload.watch_sets import WatchSets

_LOOK_MS = 500
"""How often files are looked at beside events."""
POLL_MS = 150

Changed = Callable[[frozenset[str], int], object]


class Watching:
    """Tells of changes of a watch set. ``poll_ms``: look at the files that often, and use no events.

    ``failed`` hears why watchdog cannot be used; then the files are looked at.
    """

    def __init__(
        self, watch_set: WatchSet | WatchSets, changed: Changed, failed: Callable[[str], object], *, poll_ms: int | None = None
    ) -> None:
        self._watch_set = watch_set
        self._changed = changed
        self._failed = failed
        self._queue: SimpleQueue[FileEvent | Callable[[], object] | None] = SimpleQueue()
        self._looker = FileLooker()
        self._poll_ms = poll_ms
        self._detector = ChangeDetector(UNSURE_MS if poll_ms is None else max(UNSURE_MS, poll_ms * 3 // 2))
        self._watcher: DirectoryWatcher | None = None
        self._look_due_ms = 0
        self._doubted: dict[str, Look] = {}
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="pfemu-reload", daemon=True)

    def start(self) -> None:
        """Watch from now on."""
        if self._poll_ms is None:
            self._watcher = DirectoryWatcher(self._queue.put)
        self._look()
        self._thread.start()

    def run(self, work: Callable[[], object]) -> bool:
        """Have something done on the thread, after what waits; any thread may ask. False: the thread ends, and does nothing more."""
        if self._closed:
            return False
        self._queue.put(work)
        return True

    def close(self) -> None:
        """End the threads; what is being reloaded is finished first."""
        self._closed = True
        self._queue.put(None)
        if self._thread.is_alive() and threading.current_thread() is not self._thread:
            self._thread.join()
        if self._watcher is not None:
            self._watcher.close()
            self._watcher = None

    def _run(self) -> None:
        while True:
            try:
                item = self._queue.get(timeout=self._patience_s())
            except Empty:
                item = _nothing
            if item is None:
                return
            try:
                self._attend_to(item)
            except Exception as error:  # noqa: BLE001 - told; the next save finds the thread alive
                self._failed(f"a save was not taken up: {error!r}")

    def _attend_to(self, item: FileEvent | Callable[[], object]) -> None:
        if isinstance(item, FileEvent):
            self._note(item)
        else:
            item()
        if monotonic_ms() >= self._look_due_ms or (self._sees_only and self._is_due()):
            self._look()
        files = self._detector.take(monotonic_ms())
        if files and not self._doubts(files):
            self._changed(files, self._detector.last_event_ms)
            self._look()

    @property
    def _sees_only(self) -> bool:
        """Whether nobody tells when a file is closed."""
        return self._watcher is None or not TELLS_CLOSES

    def _is_due(self) -> bool:
        due_ms = self._detector.due_ms()
        return due_ms is not None and monotonic_ms() >= due_ms

    def _doubts(self, files: frozenset[str]) -> bool:
        """Give files that may be half written as long again, once for each content."""
        doubtful = {file: look_at(file) for file in files if self._sees_only and looks_half_written(file)}
        doubted, self._doubted = self._doubted, doubtful
        if all(file in doubted and doubted[file] == look for file, look in doubtful.items()):
            return False
        for file in files:
            self._detector.note(FileEvent(file, Kind.SEEN), monotonic_ms())
        return True

    def _patience_s(self) -> float:
        due_ms = self._detector.due_ms()
        wake_ms = self._look_due_ms if due_ms is None else min(due_ms, self._look_due_ms)
        return max(0, wake_ms - monotonic_ms()) / 1000

    def _note(self, event: FileEvent) -> None:
        path = self._watch_set.path_of(event.path)
        if path is not None:
            self._looker.forget(event.path)
            # An event may still wait in the queue when its watcher is gone: then nobody will tell of closing that file.
            kind = Kind.SEEN if self._watcher is None and event.kind is Kind.WRITING else event.kind
            self._detector.note(FileEvent(path, kind), monotonic_ms())

    def _look(self) -> None:
        self._watch_set.refresh()
        if self._watcher is not None:
            self._watch(self._watcher)
        for event in self._looker.changes(list(self._watch_set.files)):
            self._note(event)
        self._look_due_ms = monotonic_ms() + (self._poll_ms or _LOOK_MS)

    def _watch(self, watcher: DirectoryWatcher) -> None:
        try:
            watcher.watch(self._watch_set.directories())
        except OSError as error:
            self._watcher, self._poll_ms = None, POLL_MS
            watcher.close()
            self._detector.lose_events(monotonic_ms())
            self._failed(f"the system watches no more files ({error}): they are looked at every {POLL_MS} ms instead")


def _nothing() -> None:
    """Do nothing: it was only time to look."""
