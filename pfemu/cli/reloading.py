"""Hot reload as ``pfemu run`` uses it: what is watched, who reloads, and where the reports go."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from pfemu.cli.reload_text import report_event, report_lines
from pfemu.cli.wake_pipe import WakePipe
from pfemu.reload.file_systems import needs_polling
from pfemu.reload.reloader import Reloader
from pfemu.reload.watch_set import WatchSet
from pfemu.reload.watching import POLL_MS, Watching, monotonic_ms

if TYPE_CHECKING:
    from pfemu.cli.reload_options import ReloadSettings
    from pfemu.cli.reporters import Reporter
    from pfemu.cli.screen import Screen
    from pfemu.cli.session import Session
    from pfemu.reload.reports import Report


class Reloading:
    """Watches for saves and has them taken up. ``wake`` wakes the thread that owns the broker where that waits for input."""

    def __init__(
        self,
        session: Session,
        settings: ReloadSettings,
        tell: Callable[[Report], object],
        note: Callable[[str], object],
        wake: Callable[[], object],
    ) -> None:
        directory = session.code_directory
        self._reloader = Reloader(
            session.emulator,
            session.function,
            session.load_anew,
            tell,
            self._retire,
            wake=wake,
            failed=session.failed_messages,
            redeliver=settings.redeliver,
        )
        self._watch_set = WatchSet(
            self._reloader.module_files, directory, named=session.watched_files, include=settings.include, exclude=settings.exclude
        )
        self._watching = Watching(self._watch_set, self._changed, note, poll_ms=_poll_ms(settings, directory, note))

    def start(self) -> None:
        """Watch from now on."""
        self._watching.start()

    def reload(self) -> None:
        """Reload although nothing was saved."""
        self._watching.run(lambda: self._changed(frozenset(), monotonic_ms()))

    def _retire(self, end: Callable[[], object]) -> None:
        self._watching.run(end)

    def _changed(self, files: frozenset[str], since_ms: int) -> None:
        self._watch_set.broken = not self._reloader.reload(files, since_ms)

    def close(self) -> None:
        """Watch no more."""
        self._watching.close()


def _poll_ms(settings: ReloadSettings, directory: Path, note: Callable[[str], object]) -> int | None:
    if settings.poll:
        return POLL_MS
    kind = needs_polling(directory)
    if kind is not None:
        note(f"{directory} is on {kind}, which tells of no changes: files are looked at every {POLL_MS} ms")
    return None if kind is None else POLL_MS


@contextmanager
def pipe_reloading(session: Session, settings: ReloadSettings, screen: Screen) -> Iterator[WakePipe]:
    """Take up saves within the block; the pipe wakes who waits for input."""
    wake_pipe = WakePipe()
    reloading = Reloading(session, settings, _teller(session.reporter, screen), screen.write, wake_pipe.wake)
    try:
        with watching(reloading):
            yield wake_pipe
    finally:
        wake_pipe.close()


def _teller(reporter: Reporter, screen: Screen) -> Callable[[Report], None]:
    """Return what tells reports: as events where all is told so, else as lines for a person."""
    from pfemu.cli.json_reporter import JsonReporter

    def tell(report: Report) -> None:
        if isinstance(reporter, JsonReporter):
            reporter.tell(report_event(report))
        else:
            screen.write_all(report_lines(report, screen.styles))

    return tell


@contextmanager
def watching(reloading: Reloading) -> Iterator[Reloading]:
    """Watch for saves within the block."""
    reloading.start()
    try:
        yield reloading
    finally:
        reloading.close()
