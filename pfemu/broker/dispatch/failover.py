"""Which consumer of a Failover subscription is active (``AbstractDispatcherSingleActiveConsumer``).

* Consumers are sorted by priority level and name; only those of the first level count.
* Partition *n* of a topic goes to the *n*-th of them, modulo their number.
* On a plain topic each has 100 points on a ring, the hashes of its name and a number; the topic's name picks the first point at or
  after its own hash.
* When a consumer comes or leaves, the choice is made anew, so a newcomer may take over.
"""

from bisect import bisect_left
from dataclasses import dataclass

from pfemu.broker.consumer import Consumer
from pfemu.model.hashing import murmur3_32

POINTS_PER_CONSUMER = 100


@dataclass(frozen=True, slots=True)
class FailoverChoice:
    """The topic's share in the choice: its name, and its partition or -1."""

    topic_name: str
    partition_index: int

    def pick(self, consumers: list[Consumer]) -> Consumer:
        """Return the active one of at least one consumer."""
        ordered = sorted(consumers, key=lambda consumer: (consumer.priority_level, consumer.name))
        candidates = [consumer for consumer in ordered if consumer.priority_level == ordered[0].priority_level]
        if self.partition_index >= 0:
            return candidates[self.partition_index % len(candidates)]
        return candidates[self._index_on_ring(candidates)]

    def _index_on_ring(self, candidates: list[Consumer]) -> int:
        points: dict[int, int] = {}
        for replica in range(POINTS_PER_CONSUMER):
            for index, consumer in enumerate(candidates):
                points[murmur3_32(f"{consumer.name}{replica}".encode())] = index
        ring = sorted(points)
        place = bisect_left(ring, murmur3_32(self.topic_name.encode()))
        return points[ring[place % len(ring)]]
