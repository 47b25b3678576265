"""The reporter of ``--json``: everything that happens, as events."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pfemu.cli.reporting.events as make
from pfemu.cli.reporting.reporters import Tally

if TYPE_CHECKING:
    from pfemu.cli.reporting.summary import Summary
    from pfemu.cli.running.streams import BufferedOutput
    from pfemu.model.message import Entry
    from pfemu.model.topic_name import TopicName
    from pfemu.model.warnings.function_warning import FunctionWarning
    from pfemu.ports import Message
    from pfemu.runtime.observer import Failure, LogEntry, Publication


class JsonReporter:
    """Everything a function does as events on stdout, one JSON object a line, each with the function's name."""

    watches_acknowledgements = True

    def __init__(self, stdout: BufferedOutput, function: str) -> None:
        self.tally = Tally()
        self._stdout = stdout
        self._function = function

    def tell(self, event: make.Event) -> None:
        """Tell an event."""
        self._stdout.write(make.to_line(make.of_function(event, self._function)).encode(errors="backslashreplace") + b"\n")

    def tell_of_run(self, event: make.Event) -> None:
        """Tell an event that is about no function alone."""
        self._stdout.write(make.to_line(make.of_function(event, None)).encode(errors="backslashreplace") + b"\n")

    def outputs(self, topic: TopicName, entries: list[Entry], label: str | None) -> None:  # noqa: ARG002 - an event names its topic
        """Tell an ``output`` for each message."""
        for entry in entries:
            for event in make.output_events(topic, entry):
                self.tally.outputs += 1
                self.tell(event)

    def logged(self, record: LogEntry) -> None:
        """Tell a ``log``."""
        self.tell(make.log_event(record))

    def failed(self, failure: Failure) -> None:
        """Tell an ``exception``."""
        self.tell(make.exception_event(failure))

    def published(self, publication: Publication) -> None:
        """Tell a ``publish``."""
        self.tally.published[publication.topic] += 1
        self.tell(make.publish_event(publication))

    def acknowledged(self, message: object, topic: str) -> None:
        """Tell an ``ack``."""
        message_id = getattr(message, "message_id", None)
        self.tell(make.ack_event(message_id() if callable(message_id) else message, topic))

    def negatively_acknowledged(self, message: Message) -> None:
        """Tell a ``nack``."""
        self.tell(make.nack_event(message))

    def metric_recorded(self, name: str, value: object) -> None:
        """Tell a ``metric``."""
        self.tell(make.metric_event(name, value))

    def warned(self, warning: FunctionWarning) -> None:
        """Tell a ``warning``."""
        self.tell(make.warning_event(warning))

    def flush(self) -> None:
        """Let everything said so far be seen."""
        self._stdout.flush()

    def finished(self, summary: Summary) -> None:
        """Tell the ``summary``."""
        self.tell(make.summary_event(summary))
        self._stdout.flush()
