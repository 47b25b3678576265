"""Where something can be made to go wrong in an instance: before and after everything that leaves a trace.

An instance without faults has nothing of this in its way: :func:`arm` replaces, for one instance, who publishes, who answers
inputs and who keeps state, by stand-ins that ask first. Whoever is asked decides by a :class:`Verdict`:

* FAIL: the operation fails as it does on a cluster: a publish by its result, a state call by an exception. (At no other moment.)
* TWICE: the message is delivered a second time, after the first. (Before ``process`` only.)
* KILL: the process dies there and then. What it did stays done, what it had not acknowledged comes again.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, Any, NoReturn

import pulsar

from pfemu.runtime.guarantees import AckAction, Event, ack_action
from pfemu.runtime.instance import InstanceKilled
from pfemu.runtime.state.bookkeeper_errors import store_is_down

if TYPE_CHECKING:
    from pfemu.ports import Consumer, Message, Producer, PulsarClient, StateStore
    from pfemu.runtime.function import Function
    from pfemu.runtime.input_source import InputSource
    from pfemu.runtime.instance import FunctionInstance, Publisher
    from pfemu.runtime.sink import Answer, Done


class Moment(Enum):
    """When: the values are what people write."""

    BEFORE_PROCESS = "before process"
    BEFORE_STATE_READ = "before state read"
    BEFORE_STATE_WRITE = "before state write"
    AFTER_STATE_WRITE = "after state write"
    BEFORE_PUBLISH = "before publish"
    AFTER_PUBLISH = "after publish"
    BEFORE_ACK = "before ack"
    AFTER_ACK = "after ack"


@dataclass(frozen=True, slots=True)
class Visit:
    """One moment of one message. ``detail`` is the topic published to, the key of state, or empty."""

    moment: Moment
    function: str
    message: Message
    detail: str = ""


class Verdict(Enum):
    """What is to happen."""

    GO_ON = auto()
    FAIL = auto()
    TWICE = auto()
    KILL = auto()


Ask = Callable[[Visit], Verdict]


def arm(function: Function, instance: FunctionInstance, ask: Ask) -> None:
    """Let ``ask`` decide at every moment of an instance that was just started, or that waits for its next message."""
    points = FaultPoints(function, instance, ask)
    context = instance.context
    if instance.sink is not None:
        instance.sink = _Sink(points, instance.sink, context.get_output_topic())
    context.state_context = _State(points, context.state_context)
    context.pulsar_client = _Client(points, context.pulsar_client)
    context.publish_producers = {topic: _Producer(points, producer) for topic, producer in context.publish_producers.items()}
    context.consumers = {topic: _Consumer(points, consumer) for topic, consumer in context.consumers.items()}
    for source in instance.inputs:
        _arm_source(points, source)


class FaultPoints:
    """The moments of one instance."""

    def __init__(self, function: Function, instance: FunctionInstance, ask: Ask) -> None:
        self.function = function
        self.instance = instance
        self._ask = ask

    def reach(self, moment: Moment, detail: str = "", message: Message | None = None, source: InputSource | None = None) -> bool:
        """Come by a moment; True when the operation is to fail.

        Raises:
            InstanceKilled: the process dies here, or is dead already.
        """
        of = self.instance.context.message if message is None else message
        if not self.instance.running:
            raise InstanceKilled(f"{self.function.fqfn} was killed")
        verdict = self._ask(Visit(moment, self.function.fqfn, of, detail))
        if verdict is Verdict.KILL:
            self._kill(moment)
        if verdict is Verdict.TWICE and source is not None:
            self.instance.take(source, None, of)
        return verdict is Verdict.FAIL

    def while_alive(self, callback: Callable[..., object]) -> Callable[..., None]:
        """Return a callback that a dead process does not run, and that may kill the process."""

        def run(*given: object) -> None:
            if self.instance.running:
                with suppress(InstanceKilled):
                    callback(*given)

        return run

    def _kill(self, moment: Moment) -> NoReturn:
        killed = InstanceKilled(f"{self.function.fqfn} was killed {moment.value}")
        self.function.spawners[self.instance.instance_id].kill(killed)
        raise killed


def _arm_source(points: FaultPoints, source: InputSource) -> None:
    details = points.function.details
    before = source.queued

    def answers(event: Event) -> bool:
        return ack_action(details.processing_guarantees, event, auto_ack=details.auto_ack) is not AckAction.NOTHING

    def acknowledge(answer: Answer, message: Message) -> None:
        points.reach(Moment.BEFORE_ACK, message=message)
        answer(message)
        points.reach(Moment.AFTER_ACK, message=message)

    def queued(message: Message) -> None:
        if points.instance.ended_by is None:
            points.reach(Moment.BEFORE_PROCESS, message=message, source=source)
        if before is not None:
            acknowledge(before, message)

    no_output, was_published = source.no_output, source.published

    def published(message: Message) -> None:
        points.reach(Moment.AFTER_PUBLISH, points.instance.context.get_output_topic(), message)
        if answers(Event.PUBLISHED):
            acknowledge(was_published, message)

    source.queued = queued
    source.published = published
    if answers(Event.NO_OUTPUT):
        source.no_output = lambda message: acknowledge(no_output, message)


class _Sink:
    """Stands before the sink."""

    def __init__(self, points: FaultPoints, sink: Publisher, topic: str) -> None:
        self._points = points
        self._sink = sink
        self._topic = topic

    def publish(self, output: object, origin: Message, published: Answer, not_published: Done) -> None:
        """Publish, or say that it failed."""
        if self._points.reach(Moment.BEFORE_PUBLISH, self._topic, origin):
            not_published(pulsar.Result.Timeout, origin)
        else:
            self._sink.publish(output, origin, published, not_published)


class _State:
    """Stands before the function's state."""

    def __init__(self, points: FaultPoints, store: StateStore) -> None:
        self._points = points
        self._store = store

    def _read(self, operation: str, key: str) -> None:
        if self._points.reach(Moment.BEFORE_STATE_READ, key):
            raise store_is_down(f"{operation} of {key!r}")

    def _write(self, operation: str, key: str, write: Callable[[], Any]) -> Any:  # noqa: ANN401 - what the operation returns
        if self._points.reach(Moment.BEFORE_STATE_WRITE, key):
            raise store_is_down(f"{operation} of {key!r}")
        answer = write()
        self._points.reach(Moment.AFTER_STATE_WRITE, key)
        return answer

    def incr(self, key: str, amount: int) -> None:
        """Add to a counter."""
        self._write("increment", key, lambda: self._store.incr(key, amount))

    def get_amount(self, key: str) -> int | None:
        """Return a counter."""
        self._read("get", key)
        return self._store.get_amount(key)

    def put(self, key: str, value: str) -> None:
        """Store text."""
        self._write("put", key, lambda: self._store.put(key, value))

    def get_value(self, key: str) -> bytes | None:
        """Return a value."""
        self._read("get", key)
        return self._store.get_value(key)

    def delete_key(self, key: str) -> int:
        """Remove a key."""
        return int(self._write("delete", key, lambda: self._store.delete_key(key)))


class _Client:
    """Stands before the client, for the producers that ``context.publish`` makes."""

    def __init__(self, points: FaultPoints, client: PulsarClient) -> None:
        self._points = points
        self._client = client

    def create_producer(self, topic: str, **settings: Any) -> _Producer:  # noqa: ANN401 - pulsar.Client's own keywords
        """Make a producer."""
        return _Producer(self._points, self._client.create_producer(topic, **settings))

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the client has
        return getattr(self._client, name)


class _Producer:
    """Stands before a producer."""

    def __init__(self, points: FaultPoints, producer: Producer) -> None:
        self._points = points
        self._producer = producer

    def send_async(self, content: object, callback: Callable[..., object] | None, **message_conf: object) -> None:
        """Publish, or call back with a failure."""
        topic = self._producer.topic()
        if not self._points.reach(Moment.BEFORE_PUBLISH, topic):
            self._producer.send_async(content, None if callback is None else self._points.while_alive(callback), **message_conf)
            self._points.reach(Moment.AFTER_PUBLISH, topic)
        elif callback is not None:
            callback(pulsar.Result.Timeout, None)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the producer has
        return getattr(self._producer, name)


class _Consumer:
    """Stands before a consumer, for ``context.ack``."""

    def __init__(self, points: FaultPoints, consumer: Consumer) -> None:
        self._points = points
        self._consumer = consumer

    def acknowledge(self, message: object) -> None:
        """Acknowledge."""
        self._points.reach(Moment.BEFORE_ACK)
        self._consumer.acknowledge(message)
        self._points.reach(Moment.AFTER_ACK)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the consumer has
        return getattr(self._consumer, name)
