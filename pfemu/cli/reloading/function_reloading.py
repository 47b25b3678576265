"""Hot reload of one function of a run: which files are its own, and what a save of them does."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from pfemu.errors import PfemuError
from pfemu.reload.reconfiguring import Reconfigurer
from pfemu.reload.reloader import Reloader, failure
from pfemu.reload.replay import Replayer
from pfemu.reload.reports import ConfigurationRefused, Configured
from pfemu.reload.watch_set import WatchSet

if TYPE_CHECKING:
    from pfemu.cli.options.reload_options import ReloadSettings
    from pfemu.cli.running.running_function import RunningFunction
    from pfemu.cli.running.session import Session
    from pfemu.model.configuration.function_config import FunctionConfig
    from pfemu.reload.reload_host import ReloadHost


class FunctionReloading:
    """Has saves of one function taken up, on the thread that watches; ``host`` hears of them."""

    def __init__(self, session: Session, function: RunningFunction, settings: ReloadSettings, host: ReloadHost) -> None:
        self._session = session
        self.function = function
        self._replays = settings.replay
        self._host = host
        self._reloader = Reloader(host, function.handle, function.load_anew, failed=function.failed_messages, redeliver=settings.redeliver)
        self._replayer = (
            None
            if function.recorder is None
            else Replayer(host, function.handle, function.recorder, function.load_anew, apply=settings.replay_apply)
        )
        self._reconfigurer = Reconfigurer(host.emulator, function.handle, self._where_instances_start)
        self.watch_set = WatchSet(
            self._reloader.module_files,
            function.code_directory,
            named=function.watched_files,
            include=settings.include,
            exclude=settings.exclude,
        )

    def changed(self, files: frozenset[str], since_ms: int) -> None:
        """Take up the changes that are this function's."""
        own = frozenset(file for file in files if self.watch_set.path_of(file) is not None)
        configuration = own.intersection(map(os.path.abspath, self.function.watched_files))
        if configuration:
            self._reconfigure_from_files(since_ms)
        if own - configuration:
            self.reload(own, since_ms)

    def reload(self, files: Iterable[str], since_ms: int) -> None:
        """Load the code anew."""
        self.watch_set.broken = not self._reloader.reload(files, since_ms)
        if self._replays and not self.watch_set.broken:
            self.replay(self._replays)

    def replay(self, count: int | None) -> None:
        """Replay the last inputs."""
        if self._replayer is None:
            return
        try:
            self._replayer.replay(self._reloader.generation, count)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever the user's code raises while it is loaded is told
            self._host.report(failure(error, self._reloader.generation, ()))

    def _reconfigure_from_files(self, since_ms: int) -> None:
        try:
            config = self.function.configuration_anew()
        except (PfemuError, OSError) as error:
            self._host.report(ConfigurationRefused(str(error)))
        else:
            self.reconfigure(config, since_ms)

    def reconfigure(self, config: FunctionConfig, since_ms: int) -> None:
        """Have a configuration taken up."""
        try:
            self._reconfigurer.reconfigure(config, since_ms, self._configured)
        except (PfemuError, OSError) as error:
            self._host.report(ConfigurationRefused(str(error)))

    def _configured(self, outcome: Configured | Exception) -> None:
        self._session.follow_outputs()
        self._session.set_log_level(self.function)
        if self._replayer is not None:
            self._replayer.watch()
        self._host.report(ConfigurationRefused(f"{type(outcome).__name__}: {outcome}") if isinstance(outcome, Exception) else outcome)

    def _where_instances_start(self, work: Callable[[], object]) -> None:
        """Run where instances may be started: a live emulator takes any thread, and its owner must not wait for an instance to end."""
        if self._host.emulator.scheduler.threaded:
            work()
        else:
            self._host.on_owner(work)
