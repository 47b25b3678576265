"""Which partition a message goes to (``RoundRobinMessageRouter.cc``, ``SinglePartitionMessageRouter.cc``).

* A key decides, by boost's hash. An empty key is no key; an ordering key does not count.
* Without a key, round robin goes on by one a message from partition 0; with batching it begins anywhere, and stays until a batch is full or
  its time is over.
* A single-partition producer keeps one partition, any, for everything without a key.

Differs: where it begins anywhere, that is not random but follows from the producer's number, so that two runs give the same trace.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pfemu.client.producing.outgoing import Outgoing
from pfemu.client.results import client_error
from pfemu.model.hashing import boost_hash


def partition_of_key(key: str, partitions: int) -> int:
    """Return the partition of a key."""
    return boost_hash(key.encode()) % partitions


@dataclass(frozen=True, slots=True)
class BatchLimits:
    """When a batch is sent: at this many messages, this many bytes, or after this time; 0 is no limit for the first two."""

    max_messages: int
    max_bytes: int
    max_delay_ms: int


class SinglePartitionRouter:
    """Everything without a key to one partition."""

    __slots__ = ("_partition",)

    def __init__(self, start: int) -> None:
        self._partition = start

    def without_key(self, _length: int, partitions: int) -> int:
        """Return the partition of the next message that has no key."""
        return self._partition % partitions


class RoundRobinRouter:
    """The next partition for each message without a key."""

    __slots__ = ("_cursor",)

    def __init__(self, start: int) -> None:
        self._cursor = start - 1

    def without_key(self, _length: int, partitions: int) -> int:
        """Return the partition of the next message that has no key."""
        self._cursor += 1
        return self._cursor % partitions


class StickyRoundRobinRouter:
    """The same partition until a batch is full, or its time is over; then the next."""

    __slots__ = ("_bytes", "_changed_ms", "_count", "_cursor", "_limits", "_now_ms")

    def __init__(self, start: int, limits: BatchLimits, now_ms: Callable[[], int]) -> None:
        self._cursor = start
        self._limits = limits
        self._now_ms = now_ms
        self._changed_ms = now_ms()
        self._count = 0
        self._bytes = 0

    def without_key(self, length: int, partitions: int) -> int:
        """Return the partition of the next message that has no key; ``length`` is that of its payload."""
        now_ms = self._now_ms()
        if self._is_over(length, now_ms):
            self._cursor += 1
            self._changed_ms = now_ms
            self._count = 0
            self._bytes = 0
        self._count += 1
        self._bytes += length
        return self._cursor % partitions

    def _is_over(self, length: int, now_ms: int) -> bool:
        limits = self._limits
        return (
            (limits.max_messages > 0 and self._count >= limits.max_messages)
            or (limits.max_bytes > 0 and self._bytes + length > limits.max_bytes)
            or now_ms - self._changed_ms >= limits.max_delay_ms
        )


Router = SinglePartitionRouter | RoundRobinRouter | StickyRoundRobinRouter


def custom_partition(router: Callable[[object, int], int], outgoing: Outgoing, partitions: int) -> int:
    """Ask the user's router.

    Raises:
        pulsar.exceptions.UnknownError: it named a partition that is not there.
    """
    chosen = int(router(outgoing.for_router(), partitions))
    if not 0 <= chosen < partitions:
        raise client_error("UnknownError")
    return chosen
