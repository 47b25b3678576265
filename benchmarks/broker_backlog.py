"""The broker alone: publishing, dealing out and acknowledging with one message of backlog and with a million, and among 10,000 topics."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator

from benchmarks.rows import Row, best_seconds, print_rows
from pfemu.broker.broker_service import BrokerService
from pfemu.broker.consumer import Consumer, ConsumerTraits, Delivery
from pfemu.engine import Engine
from pfemu.model.message import PLAIN
from pfemu.model.subscription import InitialPosition, SubscriptionType
from pfemu.model.topic_name import TopicName
from pfemu.scheduling.stepping import SteppingScheduler

MESSAGES = 20_000
ROUNDS = 9
BACKLOG = 1_000_000
TOPICS = 10_000
PERMITS = 1_000
MICROSECONDS = 1e6


class Drain:
    """A consumer that acknowledges whatever comes, or holds its permits back."""

    def __init__(self, engine: Engine, kind: SubscriptionType, subscription: str, *, takes: bool = True, topic: str = "t") -> None:
        self._engine = engine
        self._consumer: Consumer = engine.subscribe(
            TopicName.parse(topic), subscription, kind, self, ConsumerTraits("c"), position=InitialPosition.LATEST
        )
        if takes:
            engine.flow(self._consumer, PERMITS)

    def deliver(self, delivery: Delivery) -> None:
        acknowledge, consumer = self._engine.acknowledge, self._consumer
        for entry in delivery.entries:
            acknowledge(consumer, entry.position)
        self._engine.flow(consumer, len(delivery.entries))

    def rewound(self) -> None:
        """Have nothing to drop."""


class Bench:
    def __init__(self) -> None:
        self.scheduler = SteppingScheduler(step_limit=10**9)
        self.engine = Engine(BrokerService(), self.scheduler)

    def publish(self, topic: str, count: int) -> None:
        producer = self.engine.create_producer(TopicName.parse(topic), None, None)
        publish = self.engine.publish
        for number in range(count):
            publish(producer, b"hello world", number, PLAIN)
        self.engine.close_producer(producer)
        self.scheduler.run_until_idle()

    def each_us(self) -> float:
        return best_seconds(lambda: self.publish("t", MESSAGES), ROUNDS) / MESSAGES * MICROSECONDS


def with_backlog(kind: SubscriptionType, backlog: int) -> float:
    """Return the time a message takes beside a subscription that has that much to go."""
    bench = Bench()
    Drain(bench.engine, SubscriptionType.SHARED, "idle", takes=False)
    bench.publish("t", backlog)
    Drain(bench.engine, kind, "busy")
    return bench.each_us()


def among_topics(count: int) -> float:
    bench = Bench()
    for number in range(count - 1):
        Drain(bench.engine, SubscriptionType.SHARED, "s", topic=f"other-{number}")
    Drain(bench.engine, SubscriptionType.SHARED, "s")
    bench.scheduler.run_until_idle()
    return bench.each_us()


def bytes_a_message() -> float:
    bench = Bench()
    Drain(bench.engine, SubscriptionType.SHARED, "idle", takes=False)
    bench.scheduler.run_until_idle()
    tracemalloc.start()
    bench.publish("t", MESSAGES)
    used = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    return used / MESSAGES


def measure() -> Iterator[Row]:
    """Yield the rows."""
    for kind in SubscriptionType:
        one_us = with_backlog(kind, 1)
        yield Row(f"{kind.value}: publish, deal out, acknowledge", one_us, "us/message")
        yield Row(f"{kind.value}: with a million to go", with_backlog(kind, BACKLOG), "us/message", "with one to go", one_us, "about 1 x")
    alone_us = among_topics(1)
    yield Row("among 10,000 topics", among_topics(TOPICS), "us/message", "a topic alone", alone_us, "about 1 x")
    yield Row("a stored message, beside its payload", bytes_a_message(), "bytes", goal="<= 300")


if __name__ == "__main__":
    print_rows(list(measure()))
