"""A place to run inputs on new code in which nothing reaches anybody: state of its own, a client that publishes nowhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NoReturn

import pulsar

from pfemu.errors import PfemuError
from pfemu.model.topic_name import TopicName
from pfemu.reload.recorded_inputs import NotedEffects, RecordedInput
from pfemu.reload.reports import Effects
from pfemu.runtime.context import ContextImpl, ContextServices
from pfemu.runtime.figures.stats import FunctionStats
from pfemu.runtime.logs.function_log import FunctionLog, LogRouter
from pfemu.runtime.logs.user_streams import UserStreams
from pfemu.runtime.state.state_table import CachedStateTable, diff
from pfemu.runtime.values.serde import resolve_serde

if TYPE_CHECKING:
    import logging

    from pfemu.runtime.function import Function
    from pfemu.runtime.input_source import InputSource
    from pfemu.runtime.instance import FunctionInstance
    from pfemu.runtime.replacement import Replacement


class SandboxedProducer:
    """Publishes nowhere, and notes what it was given."""

    def __init__(self, topic: str, note: Callable[[str, bytes], object]) -> None:
        self._topic = topic
        self._note = note

    def topic(self) -> str:
        """Return the topic."""
        return self._topic

    def send(self, content: object, **_message_conf: object) -> object:
        """Note the message; the id is that of no message."""
        self._note(self._topic, content if isinstance(content, bytes) else repr(content).encode())
        return pulsar.MessageId()

    def send_async(self, content: object, callback: Callable[..., object] | None, **message_conf: object) -> None:
        """Note the message, and call back."""
        message_id = self.send(content, **message_conf)
        if callback is not None:
            callback(pulsar.Result.Ok, message_id)

    def flush(self) -> None:
        """Have nothing to wait for."""

    def close(self) -> None:
        """Have nothing to close."""


class SandboxedClient:
    """Makes producers that publish nowhere; there is nothing to consume."""

    def __init__(self, note: Callable[[str, bytes], object]) -> None:
        self._note = note

    def create_producer(self, topic: str, **_settings: object) -> SandboxedProducer:
        """Make a producer that publishes nowhere."""
        return SandboxedProducer(topic, self._note)

    def subscribe(self, topic: object, subscription_name: str, **_settings: object) -> NoReturn:  # noqa: ARG002 - pulsar.Client's names
        """Refuse: a replay must not take messages away from anybody."""
        raise PfemuError(f"a replay runs apart: it cannot subscribe to {topic}")

    def create_reader(self, topic: str, start_message_id: object) -> NoReturn:  # noqa: ARG002 - as above
        """Refuse, as :meth:`subscribe`."""
        raise PfemuError(f"a replay runs apart: it cannot read {topic}")

    def close(self) -> None:
        """Have nothing to close."""


def _source(inputs: list[InputSource], topic: str) -> InputSource:
    """Return the input that a topic belongs to; one that no name fits matches a pattern."""
    name = TopicName.parse(topic)
    return next(
        (each for each in inputs if (configured := TopicName.if_valid(each.topic)) is not None and configured.holds(name)), inputs[0]
    )


class _Notes:
    """An observer that puts everything down for one input."""

    watches_acknowledgements = False

    def __init__(self) -> None:
        self.noted = NotedEffects()

    def logged_record(self, record: logging.LogRecord) -> None:
        self.noted.logs.append((record.levelname, record.getMessage()))

    def logged(self, record: object) -> None:
        """Take nothing: records come from the logger."""

    def failed(self, failure: object) -> None:
        """Take nothing: exceptions are caught where they arise."""

    def published(self, publication: object) -> None:
        """Take nothing: the producer notes it."""

    def acknowledged(self, message: object, topic: str) -> None:
        """Take nothing: acknowledging changes nothing here."""

    def negatively_acknowledged(self, message: object) -> None:
        """Take nothing, as above."""

    def metric_recorded(self, name: str, value: object) -> None:
        if isinstance(value, int | float):
            self.noted.metrics.append((name, value))


class _AnsweredAlready:
    """Stands for the consumer of an input: the message was answered when it came."""

    def acknowledge(self, message: object) -> None:
        """Do nothing."""


class Sandbox:
    """Runs inputs on code that was loaded for it alone, on the thread that runs the function."""

    def __init__(self, function: Function, instance: FunctionInstance, code: Replacement) -> None:
        self._function = function
        self._code = code
        self._instance = instance
        self._process = code.loaded.process

    def run(self, recorded: RecordedInput) -> Effects:
        """Run one input against the state it saw first; return what came of it."""
        notes, table = _Notes(), CachedStateTable()
        table.preload(recorded.state)
        log = FunctionLog(LogRouter(), notes.logged_record, None, streams=UserStreams(), pass_prints_on=False)
        context = self._context(notes, table, log)
        context.message = recorded.message
        try:
            value = self._decode(recorded)
            log.enter()
            try:
                output = self._process(value, context) if self._code.loaded.takes_context else self._process(value)
            finally:
                log.leave()
            notes.noted.returned(output)
            if output is not None and self._code.serialize is not None:
                self._encode(output)
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # noqa: BLE001 - whatever the user's code raises is what the replay shows
            notes.noted.raised(error)
        notes.noted.state = diff(recorded.state, table.snapshot())
        return notes.noted.effects()

    def _decode(self, recorded: RecordedInput) -> object:
        message = recorded.message
        source = _source(self._instance.inputs, message.topic_name())
        decode, read = self._code.decoders[source], self._code.readers[source]
        if decode is not None:
            return decode(message.data())
        return message.value() if read is None else read(message)

    def _encode(self, output: object) -> None:
        if self._code.serialize is not None:
            content = self._code.serialize(output)
            if not isinstance(content, bytes) and hasattr(self._code.schema, "encode"):
                self._code.schema.encode(content)

    def _context(self, notes: _Notes, table: CachedStateTable, log: FunctionLog) -> ContextImpl:
        services, space = self._function.services, self._code.loaded.space

        def publish(topic: str, payload: bytes) -> None:
            notes.noted.published.append((topic, payload))

        consumers: Mapping[str, Any] = {source.topic: _AnsweredAlready() for source in self._instance.inputs}
        client: Any = SandboxedClient(publish)
        return ContextImpl(
            self._instance.context.instance_config,
            str(self._code.loaded.directory),
            dict(consumers),
            ContextServices(
                client=client,
                state=table,
                secrets=services.secrets,
                stats=FunctionStats(services.scheduler.now_ms()),
                logger=log.logger,
                observer=notes,
                resolve_serde=lambda class_path: resolve_serde(class_path, space),
                count_system_exception=notes.noted.raised,
            ),
        )
