"""The shell around the file system: events of watchdog, and looks at the files themselves.

Looking is the rule where nothing tells of changes (``polling``). Beside events it finds what they missed: a directory that was deleted and
made anew, a queue that overflowed.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from pfemu.reload.changes import FileEvent, Kind

if TYPE_CHECKING:
    from watchdog.events import FileSystemEvent
    from watchdog.observers.api import BaseObserver, ObservedWatch

Take = Callable[[FileEvent], object]
TELLS_CLOSES = sys.platform == "linux"
"""Whether watchdog tells when a file is closed after writing: inotify does."""

Look = tuple[int, int, int, int] | None
"""What a look at a file shows: time and size of its content, which file it is; None for none."""


class DirectoryWatcher:
    """Watches directories with watchdog; ``take`` is called on watchdog's thread."""

    def __init__(self, take: Take) -> None:
        from watchdog.observers import Observer  # needed by who reloads alone

        self._take = take
        self._watches: dict[str, tuple[ObservedWatch, int]] = {}
        self._observer: BaseObserver = Observer()
        self._observer.start()

    def watch(self, directories: Iterable[str]) -> None:
        """Watch these and no others; one that was deleted and made again is watched again.

        Raises:
            OSError: the system allows no more watches.
        """
        wanted = {directory: number for directory in directories if (number := _number(directory)) is not None}
        for directory, (watch, number) in list(self._watches.items()):
            if wanted.get(directory) != number:
                self._observer.unschedule(watch)
                del self._watches[directory]
        for directory, number in wanted.items():
            if directory not in self._watches:
                self._watches[directory] = (self._observer.schedule(self, directory), number)  # type: ignore[arg-type] # dispatch is all it calls

    def dispatch(self, event: FileSystemEvent) -> None:
        """Take an event of watchdog's."""
        kind = event.event_type
        source, target = os.fsdecode(event.src_path), os.fsdecode(event.dest_path)
        if kind == "moved":
            self._take(FileEvent(source, Kind.GONE))
            self._take(FileEvent(target, Kind.COMPLETE))
        elif kind == "deleted":
            self._take(FileEvent(source, Kind.GONE))
        elif kind == "closed":
            self._take(FileEvent(source, Kind.COMPLETE))
        elif kind == "created":
            self._take(FileEvent(source, _kind_of_new(source)))
        elif kind == "modified" and not event.is_directory:
            self._take(FileEvent(source, Kind.WRITING if TELLS_CLOSES else Kind.SEEN))

    def close(self) -> None:
        """End watchdog's threads."""
        self._observer.stop()
        self._observer.join()


def _kind_of_new(path: str) -> Kind:
    """A file that was moved here has its content already; one that is begun here is empty, and tells of more."""
    look = look_at(path)
    has_content = look is not None and look[1] > 0
    return Kind.COMPLETE if has_content else Kind.WRITING if TELLS_CLOSES else Kind.SEEN


def _number(directory: str) -> int | None:
    try:
        return os.stat(directory).st_ino  # noqa: PTH116 - a text from watchdog's world
    except OSError:
        return None  # not there


def look_at(path: str) -> Look:
    """Return what changes when a file, or the link at its place, does."""
    try:
        seen = os.lstat(path)
    except OSError:
        return None
    return seen.st_mtime_ns, seen.st_size, seen.st_ino, seen.st_dev


class FileLooker:
    """Finds changes by looking at files again."""

    def __init__(self) -> None:
        self._seen: dict[str, Look] = {}

    def forget(self, path: str) -> None:
        """Take a file as it is now: its change was told otherwise."""
        if path in self._seen:
            self._seen[path] = look_at(path)

    def changes(self, paths: Iterable[str]) -> list[FileEvent]:
        """Return an event for each file that is not as it was at the last look; one that is new here is just noted."""
        found = []
        for path in paths:
            now = look_at(path)
            if self._seen.setdefault(path, now) != now:
                self._seen[path] = now
                found.append(FileEvent(path, Kind.GONE if now is None else Kind.SEEN))
        return found
