"""What the contract suite runs on: this package's client, or the installed one on a real broker."""

from __future__ import annotations

import json
import os
from contextlib import contextmanager
from threading import Event
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pulsar
import pulsar.asyncio

from pfemu.broker.broker_service import BrokerService
from pfemu.client.client import Client
from pfemu.client.event_loop.asyncio_client import AsyncioClient
from pfemu.engine import Engine
from pfemu.model.topic_name import TopicName
from pfemu.scheduling.stepping import SteppingScheduler

if TYPE_CHECKING:
    from collections.abc import Iterator

REAL_SERVICE = os.environ.get("PFEMU_TARGET", "")
REAL_ADMIN = os.environ.get("PFEMU_TARGET_ADMIN", "")


class Target(Protocol):
    """A client and what else a test needs. Topic names are short; each test has a namespace of its own."""

    client: pulsar.Client
    asyncio_client: pulsar.asyncio.Client
    namespace: str

    def create_partitioned(self, topic: str, partitions: int) -> None: ...

    def backlog(self, topic: str, subscription: str) -> int: ...

    def subscriptions(self, topic: str) -> list[str]: ...

    def pass_time(self, milliseconds: int) -> None: ...


class Emulated:
    """Virtual time: no test waits."""

    def __init__(self, namespace: str) -> None:
        self.namespace = namespace
        self.scheduler = SteppingScheduler()
        self.engine = Engine(BrokerService(), self.scheduler)
        self.engine.broker.create_namespace(f"public/{namespace}")
        self.client = Client(self.engine)
        self.asyncio_client = AsyncioClient(self.engine)

    def create_partitioned(self, topic: str, partitions: int) -> None:
        self.engine.broker.create_partitioned_topic(TopicName.parse(topic), partitions)
        self.engine.notice_topics()

    def backlog(self, topic: str, subscription: str) -> int:
        self.scheduler.run_until_idle()
        return self.engine.broker.topic(TopicName.parse(topic)).subscription(subscription).cursor.backlog

    def subscriptions(self, topic: str) -> list[str]:
        return list(self.engine.broker.topic(TopicName.parse(topic)).subscriptions)

    def pass_time(self, milliseconds: int) -> None:
        self.scheduler.advance(milliseconds)


class Real:
    """A broker at ``PFEMU_TARGET``, with its REST interface at ``PFEMU_TARGET_ADMIN`` or port 8080 of the same host."""

    def __init__(self, namespace: str) -> None:
        self.namespace = namespace
        self._admin = REAL_ADMIN or f"http://{urlsplit(REAL_SERVICE).hostname}:8080"
        self._rest("PUT", f"namespaces/public/{namespace}", {})
        settings = {"logger": pulsar.FileLogger(pulsar.LoggerLevel.Error, os.devnull), "operation_timeout_seconds": 5}
        self.client = pulsar.Client(REAL_SERVICE, **settings)
        self.asyncio_client = pulsar.asyncio.Client(REAL_SERVICE, **settings)

    def _rest(self, method: str, path: str, body: object = None) -> object:
        data = None if body is None else json.dumps(body).encode()
        request = Request(f"{self._admin}/admin/v2/{path}", data, {"Content-Type": "application/json"}, method=method)
        with urlopen(request) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def _path(self, topic: str) -> str:
        return topic.replace("://", "/")

    def create_partitioned(self, topic: str, partitions: int) -> None:
        self._rest("PUT", f"{self._path(topic)}/partitions", partitions)

    def backlog(self, topic: str, subscription: str) -> int:
        self.pass_time(400)
        stats = self._rest("GET", f"{self._path(topic)}/stats?getPreciseBacklog=true")
        return stats["subscriptions"][subscription]["msgBacklog"]

    def subscriptions(self, topic: str) -> list[str]:
        return self._rest("GET", f"{self._path(topic)}/subscriptions")

    def pass_time(self, milliseconds: int) -> None:
        Event().wait(milliseconds / 1000)


@contextmanager
def target_of(kind: str, namespace: str) -> Iterator[Target]:
    """Open a target and close its client."""
    target = Emulated(namespace) if kind == "emulated" else Real(namespace)
    yield target
    target.client.shutdown()
    target.asyncio_client.shutdown()


def drain(consumer: pulsar.Consumer, timeout_ms: int = 1000) -> list[pulsar.Message]:
    """Receive until nothing comes for some time."""
    received = []
    while True:
        try:
            received.append(consumer.receive(timeout_millis=timeout_ms))
        except pulsar.Timeout:
            return received


def texts(messages: list[pulsar.Message]) -> list[str]:
    """Return the payloads."""
    return [message.data().decode() for message in messages]


def counted(messages: list[pulsar.Message]) -> list[tuple[str, int]]:
    """Return payloads with redelivery counts."""
    return [(message.data().decode(), message.redelivery_count()) for message in messages]


def place(message_id: object) -> tuple[int, int, int]:
    """Return an id's entry, partition and batch index: what does not depend on the broker's ledgers."""
    return message_id.entry_id(), message_id.partition(), message_id.batch_index()
