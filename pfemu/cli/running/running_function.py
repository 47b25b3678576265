"""One function of a run: what it was deployed from, who watches it, and what its files say now."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pfemu.cli.deployment import deployment
from pfemu.cli.reporting.warnings_told import WarningsTold
from pfemu.model.configuration.choices import ProcessingGuarantees
from pfemu.model.functions.function_registration import create
from pfemu.model.functions.function_validation import all_inputs

if TYPE_CHECKING:
    from collections.abc import Callable

    from pfemu.cli.deployment import Deployment
    from pfemu.cli.options.settings import FunctionRequest
    from pfemu.cli.reporting.reporters import Reporter
    from pfemu.emulator import Emulator
    from pfemu.function_handle import FunctionHandle
    from pfemu.model.configuration.function_config import FunctionConfig
    from pfemu.reload.failed_messages import FailedMessages
    from pfemu.reload.recorded_inputs import InputRecorder
    from pfemu.runtime.loader import LoadedFunction

_LOST = "It was acknowledged before it was processed (ATMOST_ONCE), so it does not come again."
_REDELIVERED = "Negatively acknowledged: it comes again after 60 s, and again each time it fails."


def fate_of_failures(config: FunctionConfig) -> str:
    """Say what becomes of a message that a function fails on."""
    return _LOST if config.processing_guarantees is ProcessingGuarantees.ATMOST_ONCE else _REDELIVERED


class RunningFunction:
    """A function that is deployed, or about to be; ``handle`` is there once it is."""

    handle: FunctionHandle

    def __init__(self, request: FunctionRequest, found: Deployment, reporter: Reporter) -> None:
        self.request = request
        self._deployment = found
        self.reporter = reporter
        self.warnings = WarningsTold(reporter.warned)
        self.failed_messages: FailedMessages | None = None
        self.recorder: InputRecorder | None = None

    @property
    def config(self) -> FunctionConfig:
        """The configuration it was deployed with."""
        return self._deployment.source.config

    @property
    def name(self) -> str:
        """``tenant/namespace/name``."""
        return self._deployment.source.fqfn

    @property
    def inputs(self) -> list[str]:
        """The topics it reads, and patterns of topics, as they are configured."""
        return list(dict.fromkeys(topic for topic in all_inputs(self.config) if topic))

    @property
    def input_topics(self) -> list[str]:
        """The topics it reads by their names.

        Raises:
            ConfigError: the configuration is refused.
        """
        return [topic for topic, spec in create(self.config).input_specs.items() if not spec.is_regex_pattern]

    def watch_messages(self, inputs_kept: int) -> None:
        """Keep the messages that fail, and the last inputs where they may be replayed."""
        from pfemu.reload.failed_messages import FailedMessages
        from pfemu.reload.recorded_inputs import InputRecorder

        self.failed_messages = FailedMessages(self.reporter)
        self.recorder = InputRecorder(self.failed_messages, inputs_kept) if inputs_kept else None

    def deploy(self, emulator: Emulator, log_level: int) -> None:
        """Deploy it; raises as :meth:`Emulator.create_function`."""
        observer = self.recorder or self.failed_messages or self.reporter
        self.handle = emulator.create_function(self._deployment.source, observer=observer, on_warning=self.warnings, pass_prints_on=False)
        self.set_log_level(log_level)

    def set_log_level(self, log_level: int) -> None:
        """Give every instance's logger that level."""
        for instance in self.handle.function.instances:
            instance.log.set_level(log_level)

    @property
    def loaded(self) -> LoadedFunction | None:
        """What was loaded last."""
        return self._deployment.loading.last

    @property
    def load_anew(self) -> Callable[[], LoadedFunction]:
        """What loads the code from the files as they are now."""
        return self._deployment.loading.from_file

    def configuration_anew(self) -> FunctionConfig:
        """Return the configuration from the files as they are now; raises as :func:`deployment`."""
        made = deployment(self.request)
        if made.loading.last is not None:
            made.loading.last.unload()
        return made.source.config

    @property
    def code_directory(self) -> Path:
        """Where the code is."""
        loaded = self.loaded
        if loaded is None:
            code = self._deployment.directory / str(self.config.py)
            return code.parent if code.is_file() else self._deployment.directory
        return loaded.path.parent if loaded.path is not None else loaded.directory

    @property
    def watched_files(self) -> tuple[Path, ...]:
        """Files beside the code that the function is made of."""
        return self._deployment.watched

    @property
    def failed(self) -> bool:
        """Whether it failed on a message so far."""
        instances = self.handle.function.instances
        return any(each.stats.user_exceptions or each.stats.system_exceptions or each.ended_by for each in instances)
