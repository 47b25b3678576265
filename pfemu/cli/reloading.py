"""Hot reload as ``pfemu run`` uses it: what is watched, who reloads, and where the reports go."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from pfemu.cli.reload_text import report_event, report_lines
from pfemu.cli.wake_pipe import WakePipe
from pfemu.errors import PfemuError
from pfemu.reload.file_systems import needs_polling
from pfemu.reload.reconfiguring import Reconfigurer
from pfemu.reload.reloader import Reloader, failure
from pfemu.reload.replay import Replayer
from pfemu.reload.reports import ConfigurationRefused, Configured
from pfemu.reload.watch_set import WatchSet
from pfemu.reload.watching import POLL_MS, Watching, monotonic_ms

if TYPE_CHECKING:
    from pfemu.cli.reload_options import ReloadSettings
    from pfemu.cli.reporters import Reporter
    from pfemu.cli.screen import Screen
    from pfemu.cli.session import Session
    from pfemu.cli.settings import RunSettings
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
        self._session = session
        self._settings = settings
        self._tell = tell
        self._wake = wake
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
        self._replayer = self._new_replayer()
        self._reconfigurer = Reconfigurer(session.emulator, session.function, self._on_owner)
        self._watch_set = WatchSet(
            self._reloader.module_files, directory, named=session.watched_files, include=settings.include, exclude=settings.exclude
        )
        self._watching = Watching(self._watch_set, self._changed, note, poll_ms=_poll_ms(settings, directory, note))

    def _new_replayer(self) -> Replayer | None:
        session, recorder = self._session, self._session.recorder
        if recorder is None:
            return None
        apply = self._settings.replay_apply
        return Replayer(session.emulator, session.function, recorder, session.load_anew, self._hand_over, self._retire, apply=apply)

    def start(self) -> None:
        """Watch from now on."""
        self._watching.start()

    def reload(self) -> None:
        """Reload although nothing was saved."""
        self._watching.run(lambda: self._changed(frozenset(), monotonic_ms()))

    def replay(self, count: int | None) -> list[str]:
        """Replay the last inputs; what comes of it is told when it is there."""
        self._watching.run(lambda: self._replay(count))
        return []

    def _reconfigure(self, since_ms: int) -> None:
        try:
            config = self._session.configuration_anew()
            self._reconfigurer.reconfigure(config, since_ms, self._configured)
        except (PfemuError, OSError) as error:
            self._hand_over(ConfigurationRefused(str(error)))

    def _configured(self, outcome: Configured | Exception) -> None:
        self._session.follow_output()
        self._session.set_log_level()
        if self._replayer is not None:
            self._replayer.watch()
        self._hand_over(ConfigurationRefused(f"{type(outcome).__name__}: {outcome}") if isinstance(outcome, Exception) else outcome)

    def _on_owner(self, work: Callable[[], object]) -> None:
        """Run where instances may be started: a live emulator takes any thread, and its owner must not wait for an instance to end."""
        scheduler = self._session.emulator.scheduler
        if scheduler.threaded:
            work()
        else:
            scheduler.soon(work)
            self._wake()

    def _hand_over(self, report: Report) -> None:
        self._session.emulator.scheduler.soon(partial(self._tell, report))
        self._wake()

    def _retire(self, end: Callable[[], object]) -> None:
        self._watching.run(end)

    def _changed(self, files: frozenset[str], since_ms: int) -> None:
        configuration = files.intersection(map(os.path.abspath, self._session.watched_files))
        if configuration:
            self._reconfigure(since_ms)
        if files and not files - configuration:
            return
        self._watch_set.broken = not self._reloader.reload(files, since_ms)
        if self._settings.replay and not self._watch_set.broken:
            self._replay(self._settings.replay)

    def _replay(self, count: int | None) -> None:
        if self._replayer is None:
            return
        try:
            self._replayer.replay(self._reloader.generation, count)
            self._wake()
        except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever the user's code raises while it is loaded is told
            self._hand_over(failure(error, self._reloader.generation, ()))

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


@contextmanager
def terminal_reloading(session: Session, settings: RunSettings, screen: Screen) -> Iterator[Reloading | None]:
    """Take up saves within the block, unless that is switched off."""
    if not settings.reload.is_on(on_terminal=True):
        yield None
        return
    with watching(Reloading(session, settings.reload, _teller(session.reporter, screen), screen.write, lambda: None)) as reloading:
        yield reloading


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
