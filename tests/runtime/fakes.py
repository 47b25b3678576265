"""Ports by hand, for tests of the runtime: a client that records, messages that are what they are told to be."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pulsar

from pfemu.model.configuration.function_config import FunctionConfig
from pfemu.model.functions.function_registration import create
from pfemu.runtime.function import Function, FunctionServices
from pfemu.runtime.loader import load
from pfemu.runtime.logs.function_log import LogRouter
from pfemu.runtime.secrets import ClearTextSecretsProvider
from pfemu.runtime.state.state_service import StateService


@dataclass
class FakeMessage:
    payload: bytes
    topic: str = "persistent://public/default/in"
    key: str = ""
    event_time: int = 0
    message_properties: dict[str, str] = field(default_factory=dict)
    redelivered: int = 0
    identifier: Any = field(default_factory=lambda: pulsar.MessageId(-1, 12, 5, -1))

    def data(self):
        return self.payload

    def value(self):
        return self.payload

    def topic_name(self):
        return self.topic

    def message_id(self):
        return self.identifier

    def partition_key(self):
        return self.key

    def event_timestamp(self):
        return self.event_time

    def properties(self):
        return self.message_properties

    def redelivery_count(self):
        return self.redelivered


@dataclass
class FakeConsumer:
    topic: Any
    subscription_name: str
    settings: dict[str, Any]
    answers: list[tuple[str, Any]] = field(default_factory=list)
    closed: bool = False

    def acknowledge(self, message):
        self.answers.append(("ack", message))

    def acknowledge_cumulative(self, message):
        self.answers.append(("cumulative", message))

    def negative_acknowledge(self, message):
        self.answers.append(("nack", message))

    def pause_message_listener(self):
        self.answers.append(("pause", None))

    def resume_message_listener(self):
        self.answers.append(("resume", None))

    def close(self):
        self.closed = True

    def receive(self, payload: bytes, **message: Any) -> FakeMessage:
        """Hand a message to the listener, as a client would."""
        received = FakeMessage(payload, **message)
        self.settings["message_listener"](self, received)
        return received

    @property
    def answer_names(self) -> list[str]:
        return [name for name, _ in self.answers]


@dataclass
class FakeProducer:
    topic_name: str
    settings: dict[str, Any]
    result: Any = pulsar.Result.Ok
    sent: list[tuple[Any, dict[str, Any]]] = field(default_factory=list)
    waiting: list[Callable[[], object]] = field(default_factory=list)
    closed: bool = False

    def topic(self):
        return self.topic_name

    def send_async(self, content, callback, **message_conf):
        self.sent.append((content, message_conf))
        if callback is not None:
            self.waiting.append(lambda: callback(self.result, pulsar.MessageId(-1, 1, len(self.sent) - 1, -1)))

    def answer(self) -> None:
        """Let the broker answer everything that was sent."""
        waiting, self.waiting = self.waiting, []
        for each in waiting:
            each()

    def close(self):
        self.closed = True

    @property
    def contents(self) -> list[Any]:
        return [content for content, _ in self.sent]


class FakeClient:
    """Remembers the consumers and producers it made; ``refusal`` is raised instead of making a producer."""

    def __init__(self) -> None:
        self.consumers: list[FakeConsumer] = []
        self.producers: dict[str, FakeProducer] = {}
        self.refusal: Exception | None = None
        self.closed = False

    def subscribe(self, topic, subscription_name, **settings):
        self.consumers.append(FakeConsumer(topic, subscription_name, settings))
        return self.consumers[-1]

    def create_producer(self, topic, **settings):
        if self.refusal is not None:
            raise self.refusal
        return self.producers.setdefault(topic, FakeProducer(topic, settings))

    def close(self):
        if self.closed:
            raise pulsar.AlreadyClosed("closed")
        self.closed = True


class FakeScheduler:
    may_block = True

    """Time that is set by hand; nothing waits."""

    threaded = False

    def __init__(self) -> None:
        self.time_ms = 1_700_000_000_000

    def now_ms(self):
        return self.time_ms


class FakeObserver:
    """Keeps everything it is told."""

    watches_acknowledgements = True

    def __init__(self) -> None:
        self.logs: list[Any] = []
        self.failures: list[Any] = []
        self.publications: list[Any] = []
        self.acknowledgements: list[Any] = []
        self.negative_acknowledgements: list[Any] = []
        self.metrics: list[Any] = []

    def logged(self, record):
        self.logs.append(record)

    def failed(self, failure):
        self.failures.append(failure)

    def published(self, publication):
        self.publications.append(publication)

    def acknowledged(self, message, topic):
        self.acknowledgements.append((message, topic))

    def negatively_acknowledged(self, message):
        self.negative_acknowledgements.append(message)

    def metric_recorded(self, name, value):
        self.metrics.append((name, value))


class Rig:
    """A deployed function on fakes. Close it (or use it as a context manager): it holds a handler of the root logger."""

    def __init__(self, code: object, *, state_off: bool = False, **settings: Any) -> None:
        self.client = FakeClient()
        self.scheduler = FakeScheduler()
        self.observer = FakeObserver()
        self.router = LogRouter()
        defaults: dict[str, Any] = {"name": "f", "class_name": "function.F", "inputs": ["in"], "py": "function.py"}
        details = create(FunctionConfig(**{**defaults, **settings}), "public", "default")
        numbers = iter(range(1, 100))
        self.function = Function(
            details,
            lambda: load(code),
            FunctionServices(
                scheduler=self.scheduler,
                new_client=lambda: self.client,
                state=StateService(off=state_off).table("public", "default", "f"),
                secrets=ClearTextSecretsProvider(),
                observer=self.observer,
                new_uuid=lambda: str(uuid.UUID(int=next(numbers))),
                stopwatch_s=lambda: 0.0,
                log_router=self.router,
            ),
        )

    def __enter__(self):
        self.function.start()
        return self

    def __exit__(self, *exception):
        self.function.stop()
        self.router.remove()

    @property
    def consumer(self) -> FakeConsumer:
        return self.client.consumers[0]

    @property
    def instance(self):
        return self.function.instances[0]

    @property
    def context(self):
        return self.instance.context
