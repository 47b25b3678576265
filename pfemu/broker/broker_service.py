"""The broker: tenants, namespaces and topics by name (``BrokerService``, ``PulsarService``).

* Tenants and namespaces are made by somebody; topics make themselves on first use, unpartitioned, if their namespace exists.
* A partitioned topic is a name with a number; its partitions are ordinary topics, made on first use.
* Whatever may make a delivery possible puts the subscription into ``ready``; :meth:`BrokerService.dispatch` deals out.
* Nothing here reads a clock: times are arguments.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from pfemu.broker.consumer import Delivery
from pfemu.broker.managed_ledger import LedgerLimits
from pfemu.broker.subscription import Subscription
from pfemu.broker.topic import Topic
from pfemu.errors import NotAllowedError, TopicNotFound
from pfemu.model.topic_name import TopicName

STANDALONE_NAMESPACES = ("public/default", "public/functions", "pulsar/system")


class BrokerService:
    """All that one broker holds."""

    def __init__(self, limits: LedgerLimits | None = None) -> None:
        self._limits = limits or LedgerLimits()
        self._ledger_ids = count(1)
        self._producer_names = count()
        self.namespaces: dict[str, None] = dict.fromkeys(STANDALONE_NAMESPACES)
        self.topics: dict[str, Topic] = {}
        self.partitioned: dict[str, int] = {}
        self.ready: list[Subscription] = []

    def create_namespace(self, namespace: str) -> None:
        """Make a namespace ``tenant/name``, and its tenant; one that is there stays as it is."""
        self.namespaces.setdefault(namespace)

    def partitions_of(self, name: TopicName) -> int:
        """Return how many partitions the topic has, 0 when it is not partitioned."""
        return self.partitioned.get(name.full, 0)

    def create_partitioned_topic(self, name: TopicName, partitions: int) -> None:
        """Make a partitioned topic and its partitions.

        Raises:
            TopicNotFound: the namespace is missing.
            NotAllowedError: the name is taken, or the number is not positive.
        """
        self._check_namespace(name)
        if partitions <= 0:
            raise NotAllowedError("Number of partitions should be more than 0")
        if name.full in self.partitioned or name.full in self.topics:
            raise NotAllowedError("This topic already exists")
        self.partitioned[name.full] = partitions
        for index in range(partitions):
            self.get_or_create(name.partition(index))

    def _check_namespace(self, name: TopicName) -> None:
        if name.namespace_name not in self.namespaces:
            raise TopicNotFound(f"Namespace {name.namespace_name} not found")

    def topic(self, name: TopicName) -> Topic | None:
        """Return the topic of that name, None when there is none."""
        return self.topics.get(name.full)

    def get_or_create(self, name: TopicName) -> Topic:
        """Return the topic of that name, made when there is none.

        Raises:
            TopicNotFound: the namespace is missing, or it is a partition its topic does not have.
        """
        full = name.full
        found = self.topics.get(full)
        if found is None:
            self._check_namespace(name)
            self._check_partition(name)
            found = self.topics[full] = Topic(name, self._ledger_ids.__next__, self._limits, self.ready)
        return found

    def _check_partition(self, name: TopicName) -> None:
        index = name.partition_index
        partitions = self.partitioned.get(name.partitioned_topic.full, 0) if index >= 0 else 0
        if partitions and index >= partitions:
            raise TopicNotFound(f"Topic {name.full} is not a partition of a topic with {partitions}")

    def new_producer_name(self) -> str:
        """Return a name no producer has had (``standalone-<cluster number>-<n>``)."""
        return f"standalone-0-{next(self._producer_names)}"

    def topics_of(self, namespace: str) -> Iterator[Topic]:
        """Yield the topics of a namespace, partitions one by one."""
        return (topic for topic in self.topics.values() if topic.name.namespace_name == namespace)

    def dispatch(self, now_ms: int) -> Iterator[Delivery]:
        """Deal out what every subscription in ``ready`` can send now."""
        ready = self.ready
        while ready:
            batch, ready[:] = ready[:], []
            for subscription in batch:
                subscription.queued = False
                yield from subscription.dispatch(now_ms)
