"""One ``pfemu run``: an emulator with functions, those who watch them, and the figures at the end."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pfemu
from pfemu.cli.deployment import deployment
from pfemu.cli.planning import planned
from pfemu.cli.reporting.banner import banner, header
from pfemu.cli.reporting.notes import Notes
from pfemu.cli.running.outputs import Outputs, Writer
from pfemu.cli.running.running_function import RunningFunction, fate_of_failures
from pfemu.cli.running.targets import target_of
from pfemu.emulator import Emulator
from pfemu.errors import ConfigError, InputError
from pfemu.model.pulsar_version import release_line
from pfemu.model.topic_name import TopicName
from pfemu.scheduling.clock import stopwatch_s

if TYPE_CHECKING:
    from pfemu.admin.answer import Answer, Later
    from pfemu.admin.api import OnOwner
    from pfemu.cli.options.settings import FunctionRequest, RunSettings
    from pfemu.cli.project.values import Project
    from pfemu.cli.reporting.reporters import Reporter
    from pfemu.cli.reporting.screen import Screen
    from pfemu.cli.reporting.summary import Summary
    from pfemu.cli.running.admin_endpoint import AdminEndpoint
    from pfemu.function_handle import Recorder
    from pfemu.metrics.page_server import MetricsServer
    from pfemu.scheduling.live import LiveScheduler
    from pfemu.scheduling.stepping import SteppingScheduler

_INPUTS_KEPT = 10
"""How many inputs a terminal can replay when nobody said how many."""

MakeReporter = Callable[[Notes, str], "Reporter"]
"""From the notes for a person and the name of a function, ``tenant/namespace/name``, to what is told of that function."""


class Session:
    """Deployed functions, in the order in which they were asked for."""

    def __init__(
        self, settings: RunSettings, screen: Screen, scheduler: SteppingScheduler | LiveScheduler, make_reporter: MakeReporter
    ) -> None:
        """Deploy.

        Raises:
            ConfigError: a configuration is refused.
            LoadError: code cannot be loaded.
            Exception: what an instance dies of while it starts.
        """
        self._settings = settings
        self._screen = screen
        self._started = stopwatch_s()
        self._on_terminal = scheduler.threaded
        self._make_reporter = make_reporter
        plan = planned(settings.functions)
        self.project = plan.project
        self.functions = self._find_functions(plan.functions, make_reporter)
        self.emulator = self._make_emulator(scheduler)
        self._outputs = Outputs(self.emulator, self.functions, self._deployed_writers, all_shown=settings.all_outputs)
        self._metrics_server: MetricsServer | None = None
        try:
            self._deploy()
            self.target = target_of(settings.to, self.functions)
            self._metrics_server = self._serve_metrics()
        except BaseException as error:
            self.emulator.close()
            if not isinstance(error, ConfigError):  # which names them, where they are the reason
                self._tell_warnings()
                self.flush()
            raise

    def _find_functions(self, requests: tuple[FunctionRequest, ...], make_reporter: MakeReporter) -> list[RunningFunction]:
        functions = []
        for asked in requests:
            request = replace(asked, runtime=self._settings.cluster.runtime)
            found = deployment(request)
            notes = Notes(
                self._screen.write,
                self._screen.styles,
                fate=fate_of_failures(found.source.config),
                log_level=self._settings.log_level,
                full_traceback=self._settings.full_traceback,
                function=str(found.source.config.name) if len(requests) > 1 else "",
            )
            function = RunningFunction(request, found, make_reporter(notes, found.source.fqfn))
            if self._settings.reload.is_on(on_terminal=self._on_terminal):
                function.watch_messages(self._settings.reload.replay or (_INPUTS_KEPT if self._on_terminal else 0))
            functions.append(function)
        return functions

    def _make_emulator(self, scheduler: SteppingScheduler | LiveScheduler) -> Emulator:
        cluster = self._settings.cluster
        release_line(cluster.pulsar_version)  # before a Redis is connected to
        return Emulator(
            scheduler=scheduler,
            keep_history=False,
            state=cluster.state(),
            strict=cluster.strict,
            pulsar_version=cluster.pulsar_version,
            log_directory=_made(cluster.log_directory),
            secrets_provider=cluster.secrets(self.functions[0].code_directory if self.functions else Path.cwd()),
            new_recorder=self._recorder_of_deployed,
            runtime=cluster.runtime,
        )

    def _recorder_of_deployed(self, function: str) -> Recorder:
        """Return what is told of a function that comes by the admin REST."""
        from pfemu.cli.running.admin_endpoint import ReportedFunction

        settings, screen = self._settings, self._screen
        short_name = function.rpartition("/")[2]
        self.emulator.scheduler.soon(self._outputs.follow)  # before its first output, which has to wait for the broker
        notes = Notes(
            screen.write, screen.styles, log_level=settings.log_level, full_traceback=settings.full_traceback, function=short_name
        )
        return ReportedFunction(self._make_reporter(notes, function))

    def _deployed_writers(self) -> list[Writer]:
        from pfemu.cli.running.admin_endpoint import ReportedFunction

        functions = (handle.function for handle in self.emulator.functions.values())
        observed = ((function.details, function.services.observer) for function in functions)
        return [Writer(details, observer.reporter) for details, observer in observed if isinstance(observer, ReportedFunction)]

    def serve_admin(self, on_owner: OnOwner | None = None) -> AdminEndpoint:
        """Serve the admin REST, if that is asked for; raises as :class:`AdminEndpoint`, which says what ``on_owner`` is."""
        from pfemu.cli.running.admin_endpoint import AdminEndpoint

        screen = self._screen
        owner = on_owner or self.emulator.scheduler.call

        def answered(run: Callable[[], Answer | Later]) -> Answer | Later:
            changes = self.emulator.functions.changes
            answer = run()
            if self.emulator.functions.changes != changes:
                self._outputs.follow()  # what was deleted writes no more
            return answer

        return AdminEndpoint(
            self.emulator,
            self._settings.cluster.admin_port,
            lambda error: screen.write(screen.styles.error(f"error: {type(error).__name__}: {error}")),
            lambda run: owner(partial(answered, run)),
        )

    def _serve_metrics(self) -> MetricsServer | None:
        port = self._settings.cluster.metrics_port
        if port is None:
            return None
        from pfemu.metrics.page import page_of  # with a web server, for who asks for the port alone
        from pfemu.metrics.page_server import MetricsServer

        try:
            return MetricsServer(port, page_of(self.emulator))
        except OSError as error:
            raise InputError(f"--metrics-port {port} cannot be listened to: {error.strerror}. 0 takes any port that is free.") from None

    def _deploy(self) -> None:
        if self.project is not None:
            self._prepare(self.project)
        if self._settings.partitions:
            for topic in dict.fromkeys(topic for function in self.functions for topic in function.input_topics):
                self._create_partitioned(topic, self._settings.partitions)
        for function in self.functions:
            function.deploy(self.emulator, self._settings.log_level)
        self.follow_outputs()

    def _prepare(self, project: Project) -> None:
        from pfemu.cli.project.applying import preload_state, prepare

        self.emulator.scheduler.call(lambda: prepare(self.emulator, project))
        preload_state(self.emulator, project.state, [function.name for function in self.functions])

    def send_seeds(self) -> None:
        """Send what the project has for its topics.

        Raises:
            InputError: a file of it cannot be read.
        """
        if self.project is not None:
            from pfemu.cli.project.seeding import send_seeds

            send_seeds(self.emulator, self.project.seeds)

    def _create_partitioned(self, topic: str, partitions: int) -> None:
        name = TopicName.parse(topic)
        if self.emulator.broker.partitions_of(name) or self.emulator.broker.topic(name):
            return  # as the project has it
        self.emulator.create_namespace(name.namespace_name)
        self.emulator.create_partitioned_topic(topic, partitions)

    def follow_outputs(self) -> None:
        """Show what comes to the output topics as they are now."""
        self.emulator.scheduler.call(self._outputs.follow)

    def set_log_level(self, function: RunningFunction) -> None:
        """Give every instance's logger the level that was asked for."""
        function.set_log_level(self._settings.log_level)

    @property
    def several(self) -> bool:
        """Whether a function must be named to be known."""
        return len(self.functions) > 1

    @property
    def failed(self) -> bool:
        """Whether a function failed on a message so far."""
        return any(function.failed for function in self.functions)

    @property
    def refused(self) -> bool:
        """Whether something happened while it ran that a strict run does not let pass."""
        return self._settings.cluster.strict and any(function.warnings.any_strict for function in self.functions)

    def introduce(self, *, on_terminal: bool) -> None:
        """Say what runs, and what a cluster would do otherwise."""
        styles = self._screen.styles
        if on_terminal:
            self._screen.write_all(banner(pfemu.__version__, self.functions, self.target, styles))
        else:
            self._screen.write_all(header(function, styles) for function in self.functions)
        if self._metrics_server is not None:
            self._screen.write(styles.faint(f"metrics: {self._metrics_server.url}"))
        self._tell_warnings()

    def _tell_warnings(self) -> None:
        for function in self.functions:
            function.warnings.tell()

    def flush(self) -> None:
        """Let everything said so far be seen."""
        for function in self.functions:
            function.reporter.flush()

    def finish(self, *, interrupted: bool = False) -> list[Summary]:
        """Tell the summary of each function, and return them."""
        from pfemu.cli.reporting.summary_text import summary_lines  # not before the first output

        summaries = self.emulator.scheduler.call(lambda: [self._summarised(each, interrupted=interrupted) for each in self.functions])
        for function, summary in zip(self.functions, summaries, strict=True):
            function.reporter.finished(summary)
            if not self._settings.json:
                show_state = self._settings.show_state
                self._screen.write_all(summary_lines(summary, self._screen.styles, show_state=show_state, is_one_of_several=self.several))
        return summaries

    def _summarised(self, function: RunningFunction, *, interrupted: bool) -> Summary:
        from pfemu.cli.reporting.summary import summarise

        return summarise(
            self.emulator,
            function.handle,
            function.reporter.tally,
            seconds=stopwatch_s() - self._started,
            interrupted=interrupted,
            metrics=self._settings.show_metrics,
        )

    def close(self) -> None:
        """Stop the functions."""
        if self._metrics_server is not None:
            self._metrics_server.close()
        self.emulator.close()


def _made(log_directory: Path | None) -> Path | None:
    """Make the directory, so that one that cannot be made is told by its option."""
    if log_directory is not None:
        try:
            log_directory.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InputError(f"--log-dir {log_directory} cannot be made: {error.strerror}.") from None
        if not os.access(log_directory, os.W_OK | os.X_OK):
            raise InputError(f"--log-dir {log_directory} cannot be written to.")
    return log_directory
