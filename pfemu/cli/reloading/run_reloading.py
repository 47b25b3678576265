"""Hot reload as ``pfemu run`` uses it: what is watched, who reloads, and where the reports go."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from pfemu.cli.reloading.function_reloading import FunctionReloading
from pfemu.cli.reporting.reload_text import report_event, report_lines
from pfemu.reload.file_systems import needs_polling
from pfemu.reload.reload_host import ReloadHost
from pfemu.reload.watch_sets import WatchSets
from pfemu.reload.watching import POLL_MS, Watching
from pfemu.scheduling.clock import monotonic_ms

if TYPE_CHECKING:
    from pfemu.cli.options.reload_options import ReloadSettings
    from pfemu.cli.options.settings import RunSettings
    from pfemu.cli.project.project_reloading import ProjectReloading
    from pfemu.cli.project.values import Project
    from pfemu.cli.reporting.screen import Screen
    from pfemu.cli.running.running_function import RunningFunction
    from pfemu.cli.running.session import Session
    from pfemu.cli.running.wake_pipe import WakePipe
    from pfemu.reload.reports import Report

TellOf = Callable[["RunningFunction | None"], Callable[["Report"], object]]
"""From a function, None for the whole run, to what is told of its reloads."""


class Reloading:
    """Watches for saves and has each taken up by the functions whose files changed.

    ``wake`` wakes the thread that owns the broker where that waits for input.
    """

    def __init__(
        self,
        session: Session,
        settings: ReloadSettings,
        tell_of: TellOf,
        note: Callable[[str], object],
        wake: Callable[[], object],
    ) -> None:
        def host(function: RunningFunction | None) -> ReloadHost:
            return ReloadHost(session.emulator, tell_of(function), self._retire, wake)

        self._functions = [FunctionReloading(session, function, settings, host(function)) for function in session.functions]
        directories = {function.code_directory: None for function in session.functions}
        self._project = None if session.project is None else self._project_reloading(session.project, host(None))
        watch_sets = WatchSets([each.watch_set for each in (*self._functions, self._project) if each is not None])
        self._watching = Watching(watch_sets, self._changed, note, poll_ms=_poll_ms(settings, list(directories), note))

    def _project_reloading(self, project: Project, host: ReloadHost) -> ProjectReloading:
        from pfemu.cli.project.project_reloading import ProjectReloading  # with PyYAML, which a function alone does not need

        return ProjectReloading(host, project, self._functions)

    def start(self) -> None:
        """Watch from now on."""
        self._watching.start()

    def reload(self) -> None:
        """Reload although nothing was saved."""
        for function in self._functions:
            self._watching.run(partial(_reload_now, function))

    def replay(self, count: int | None) -> list[str]:
        """Replay the last inputs; what comes of it is told when it is there."""
        for function in self._functions:
            self._watching.run(partial(function.replay, count))
        return []

    def _changed(self, files: frozenset[str], since_ms: int) -> None:
        for each in (*self._functions, self._project):
            if each is not None:
                each.changed(files, since_ms)

    def _retire(self, end: Callable[[], object]) -> None:
        if not self._watching.run(end):  # what was loaded last is exchanged when nobody watches any more
            end()

    def close(self) -> None:
        """Watch no more."""
        self._watching.close()


def _reload_now(function: FunctionReloading) -> None:
    function.reload((), monotonic_ms())


def _poll_ms(settings: ReloadSettings, directories: list[Path], note: Callable[[str], object]) -> int | None:
    if settings.poll:
        return POLL_MS
    for directory in directories:
        kind = needs_polling(directory)
        if kind is not None:
            note(f"{directory} is on {kind}, which tells of no changes: files are looked at every {POLL_MS} ms")
            return POLL_MS
    return None


@contextmanager
def pipe_reloading(session: Session, settings: ReloadSettings, screen: Screen, wake_pipe: WakePipe) -> Iterator[None]:
    """Take up saves within the block, the last of them at its end; the pipe wakes who waits for input."""
    with watching(Reloading(session, settings, _tellers(session, screen), screen.write, wake_pipe.wake)):
        yield
    session.emulator.run_until_idle()


@contextmanager
def terminal_reloading(session: Session, settings: RunSettings, screen: Screen) -> Iterator[Reloading | None]:
    """Take up saves within the block, unless that is switched off."""
    if not settings.reload.is_on(on_terminal=True):
        yield None
        return
    with watching(Reloading(session, settings.reload, _tellers(session, screen), screen.write, lambda: None)) as reloading:
        yield reloading


def _tellers(session: Session, screen: Screen) -> TellOf:
    """Return what tells a function's reports: as events where all is told so, else as lines for a person."""
    from pfemu.cli.reporting.json_reporter import JsonReporter

    def tell_of(function: RunningFunction | None) -> Callable[[Report], object]:
        reporter = (function or session.functions[0]).reporter
        if isinstance(reporter, JsonReporter):
            tell = reporter.tell_of_run if function is None else reporter.tell
            return lambda report: tell(report_event(report))
        name = str(function.config.name) if function is not None and session.several else ""
        return lambda report: screen.write_all(report_lines(report, screen.styles, name))

    return tell_of


@contextmanager
def watching(reloading: Reloading) -> Iterator[Reloading]:
    """Watch for saves within the block."""
    reloading.start()
    try:
        yield reloading
    finally:
        reloading.close()
