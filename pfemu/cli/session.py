"""One ``pfemu run``: an emulator with one function, those who watch it, and the figures at the end."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pfemu
from pfemu.cli.banner import banner, header
from pfemu.cli.deployment import deployment
from pfemu.cli.notes import Notes
from pfemu.cli.output_tap import OutputTap
from pfemu.cli.warnings_told import WarningsTold
from pfemu.emulator import Emulator
from pfemu.errors import ConfigError, InputError
from pfemu.model.function_validation import all_inputs
from pfemu.model.policies import ProcessingGuarantees
from pfemu.model.pulsar_version import release_line
from pfemu.model.topic_name import TopicName
from pfemu.scheduling.clock import stopwatch_s

if TYPE_CHECKING:
    from pfemu.cli.deployment import Deployment
    from pfemu.cli.reporters import Reporter
    from pfemu.cli.screen import Screen
    from pfemu.cli.settings import RunSettings
    from pfemu.cli.summary import Summary
    from pfemu.function_handle import FunctionHandle
    from pfemu.metrics.page_server import MetricsServer
    from pfemu.model.function_config import FunctionConfig
    from pfemu.reload.failed_messages import FailedMessages
    from pfemu.reload.recorded_inputs import InputRecorder
    from pfemu.runtime.loader import LoadedFunction
    from pfemu.scheduling.live import LiveScheduler
    from pfemu.scheduling.stepping import SteppingScheduler

_LOST = "It was acknowledged before it was processed (ATMOST_ONCE), so it does not come again."
_REDELIVERED = "Negatively acknowledged: it comes again after 60 s, and again each time it fails."
_INPUTS_KEPT = 10
"""How many inputs a terminal can replay when nobody said how many."""


class Session:
    """A deployed function. ``make_reporter`` gets the notes for a person."""

    def __init__(
        self,
        settings: RunSettings,
        screen: Screen,
        scheduler: SteppingScheduler | LiveScheduler,
        make_reporter: Callable[[Notes], Reporter],
    ) -> None:
        """Deploy.

        Raises:
            ConfigError: the configuration is refused.
            LoadError: the code cannot be loaded.
            Exception: what the instance dies of while it starts.
        """
        self._settings = settings
        self._screen = screen
        self._started = stopwatch_s()
        self._deployment: Deployment = deployment(settings)
        self.inputs = [topic for topic in all_inputs(self._deployment.source.config) if topic]
        self.reporter = make_reporter(self._notes())
        self._tapped: set[str] = set()
        self.failed_messages: FailedMessages | None = None
        self.recorder: InputRecorder | None = None
        if settings.reload.is_on(on_terminal=scheduler.threaded):
            self._watch_messages(on_terminal=scheduler.threaded)
        self._warnings = WarningsTold(self.reporter.warned)
        self.emulator = self._make_emulator(scheduler)
        self._metrics_server: MetricsServer | None = None
        try:
            self.function = self._deploy()
            self._metrics_server = self._serve_metrics()
        except BaseException as error:
            self.emulator.close()
            if not isinstance(error, ConfigError):  # which names them, where they are the reason
                self._warnings.tell()
                self.reporter.flush()
            raise

    def _make_emulator(self, scheduler: SteppingScheduler | LiveScheduler) -> Emulator:
        cluster = self._settings.cluster
        release_line(cluster.pulsar_version)  # before a Redis is connected to
        return Emulator(
            scheduler=scheduler,
            keep_history=False,
            state=cluster.state(),
            strict=cluster.strict,
            pulsar_version=cluster.pulsar_version,
            secrets_provider=cluster.secrets(self.code_directory),
            on_warning=self._warnings,
        )

    def _serve_metrics(self) -> MetricsServer | None:
        port = self._settings.cluster.metrics_port
        if port is None:
            return None
        from pfemu.metrics.page_server import MetricsServer, page_of  # it loads prometheus_client

        try:
            return MetricsServer(port, page_of(self.emulator))
        except OSError as error:
            raise InputError(f"--metrics-port {port} cannot be listened to: {error.strerror}. 0 takes any port that is free.") from None

    def _notes(self) -> Notes:
        config = self._deployment.source.config
        fate = _LOST if config.processing_guarantees is ProcessingGuarantees.ATMOST_ONCE else _REDELIVERED
        settings = self._settings
        return Notes(
            self._screen.write, self._screen.styles, fate=fate, log_level=settings.log_level, full_traceback=settings.full_traceback
        )

    def _deploy(self) -> FunctionHandle:
        source = self._deployment.source
        for topic in self.inputs if self._settings.partitions else ():
            self._create_partitioned(topic, self._settings.partitions or 0)
        function = self.emulator.create_function(
            source, observer=self.recorder or self.failed_messages or self.reporter, pass_prints_on=False
        )
        self.set_log_level(function)
        if source.config.output:
            self.emulator.scheduler.call(lambda: self._tap(TopicName.parse(str(source.config.output))))
        return function

    def _watch_messages(self, *, on_terminal: bool) -> None:
        """Keep the messages that fail, and the last inputs where they may be replayed."""
        from pfemu.reload.failed_messages import FailedMessages
        from pfemu.reload.recorded_inputs import InputRecorder

        self.failed_messages = FailedMessages(self.reporter)
        kept = self._settings.reload.replay or (_INPUTS_KEPT if on_terminal else 0)
        self.recorder = InputRecorder(self.failed_messages, kept) if kept else None

    @property
    def load_anew(self) -> Callable[[], LoadedFunction]:
        """What loads the code from the files as they are now."""
        return self._deployment.loading.from_file

    def configuration_anew(self) -> FunctionConfig:
        """Return the configuration from the files as they are now; raises as :func:`deployment`."""
        made = deployment(self._settings)
        if made.loading.last is not None:
            made.loading.last.unload()
        return made.source.config

    def set_log_level(self, function: FunctionHandle | None = None) -> None:
        """Give every instance's logger the level that was asked for."""
        for instance in (function or self.function).function.instances:
            instance.log.logger.setLevel(self._settings.log_level)

    def follow_output(self) -> None:
        """Show what comes to the output topic, if that is another one now."""
        topic = self.function.function.details.sink.topic
        if topic and TopicName.parse(topic).full not in self._tapped:
            self.emulator.scheduler.call(lambda: self._tap(TopicName.parse(topic)))

    @property
    def code_directory(self) -> Path:
        """Where the code is."""
        loaded = self._deployment.loading.last
        if loaded is None:
            code = Path(str(self._deployment.source.config.py))
            return code.absolute().parent if code.is_file() else Path.cwd()
        return loaded.path.parent if loaded.path is not None else loaded.directory

    @property
    def watched_files(self) -> tuple[Path, ...]:
        """Files beside the code that the function is made of."""
        return self._deployment.watched

    def _create_partitioned(self, topic: str, partitions: int) -> None:
        name = TopicName.parse(topic)
        self.emulator.create_namespace(name.namespace_name)
        self.emulator.create_partitioned_topic(topic, partitions)

    def _tap(self, output: TopicName) -> None:
        self._tapped.add(output.full)
        partitions = self.emulator.broker.partitions_of(output)
        for name in [output.partition(index) for index in range(partitions)] or [output]:
            OutputTap(self.emulator.engine, name, self.reporter.outputs)

    @property
    def first_input(self) -> TopicName | None:
        """Where lines go that name no topic; None when the inputs are a pattern."""
        return TopicName.parse(self.inputs[0]) if self.inputs else None

    @property
    def failed(self) -> bool:
        """Whether the function failed on a message so far."""
        instances = self.function.function.instances
        return any(each.stats.user_exceptions or each.stats.system_exceptions or each.ended_by for each in instances)

    @property
    def refused(self) -> bool:
        """Whether something happened while it ran that a strict run does not let pass."""
        return self._settings.cluster.strict and self._warnings.any_strict

    def introduce(self, *, on_terminal: bool) -> None:
        """Say what runs, and what a cluster would do otherwise."""
        config, styles = self._deployment.source.config, self._screen.styles
        loaded = self._deployment.loading.last
        if on_terminal:
            self._screen.write_all(banner(pfemu.__version__, config, self.inputs, loaded, styles))
        else:
            self._screen.write(header(config, self.inputs, styles))
        if self._metrics_server is not None:
            self._screen.write(styles.faint(f"metrics: {self._metrics_server.url}"))
        self._warnings.tell()

    def finish(self, *, interrupted: bool = False) -> Summary:
        """Tell the summary, and return it."""
        from pfemu.cli.summary import summarise  # not before the first output
        from pfemu.cli.summary_text import summary_lines

        summary = self.emulator.scheduler.call(
            lambda: summarise(
                self.emulator,
                self.function,
                self.reporter.tally,
                seconds=stopwatch_s() - self._started,
                interrupted=interrupted,
                metrics=self._settings.show_metrics,
            )
        )
        self.reporter.finished(summary)
        if not self._settings.json:
            self._screen.write_all(summary_lines(summary, self._screen.styles, show_state=self._settings.show_state))
        return summary

    def close(self) -> None:
        """Stop the function."""
        if self._metrics_server is not None:
            self._metrics_server.close()
        self.emulator.close()
