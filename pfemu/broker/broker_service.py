"""The broker: topics by name (``BrokerService``, ``PersistentTopicsBase``).

* Topics make themselves on first use, unpartitioned, if their namespace exists. They stay until somebody deletes them.
* A partitioned topic is a name with a number; its partitions are ordinary topics.
* Whatever may make a delivery possible puts the subscription into ``ready``; :meth:`BrokerService.dispatch` deals out.
* Nothing here reads a clock: times are arguments.

Differs: topics without producers and subscriptions are never deleted by themselves (``brokerDeleteInactiveTopicsEnabled`` deletes
them after a minute), so that an output can be looked at whenever one likes.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from itertools import count

from pfemu.broker.consumer import Delivery
from pfemu.broker.namespaces import Namespaces, check_policies
from pfemu.broker.non_persistent import NonPersistentTopic
from pfemu.broker.policies import NO_POLICIES, AutoTopicCreation, Policies
from pfemu.broker.refusals import Conflict, MethodNotAllowed, NotAcceptable, NotFound, PreconditionFailed, Unprocessable
from pfemu.broker.schemas.schema_registry import SchemaRegistry
from pfemu.broker.storage.managed_ledger import LedgerLimits
from pfemu.broker.subscription import Subscription
from pfemu.broker.topic import Topic
from pfemu.errors import NotAllowedError, TopicNotFound
from pfemu.model.topic_name import TopicName

_MADE_BY_USE = AutoTopicCreation(allowed=True)
_TOO_MANY_TOPICS = "Exceed maximum number of topics in namespace."


class BrokerService:
    """All that one broker holds."""

    def __init__(self, limits: LedgerLimits | None = None) -> None:
        self._limits = limits or LedgerLimits()
        self._ledger_ids = count(1)
        self._producer_names = count()
        self.namespaces = Namespaces.of_standalone()
        self.schemas = SchemaRegistry()
        self.topics: dict[str, Topic] = {}
        self.partitioned: dict[str, int] = {}
        self.partitioned_properties: dict[str, dict[str, str]] = {}
        """What administrators noted of partitioned topics, by full name."""
        self.ready: deque[Subscription] = deque()

    def create_namespace(self, namespace: str) -> None:
        """Make a namespace ``tenant/name``, and its tenant; one that is there stays as it is."""
        self.namespaces.ensure(namespace)

    def delete_namespace(self, namespace: str, *, force: bool = False) -> None:
        """Remove an empty namespace.

        Raises:
            MethodNotAllowed: ``force`` is asked for, and by default ``forceDeleteNamespaceAllowed`` is off.
            NotFound: there is none.
            Conflict: it has topics.
        """
        if force:
            raise MethodNotAllowed("Broker doesn't allow forced deletion of namespaces")
        if namespace not in self.namespaces.policies:
            raise NotFound(f"Namespace {namespace} does not exist.")
        if any(self.topics_of(namespace)) or self.partitioned_of(namespace):
            raise Conflict("Cannot delete non empty namespace")
        self.namespaces.delete(namespace)

    def set_policies(self, namespace: str, policies: Policies) -> None:
        """Set the policies of a namespace and let them count for its topics.

        Raises:
            NotFound: there is none.
            PreconditionFailed: a value is not valid.
        """
        self.namespaces.set_policies(namespace, policies)
        for topic in self.topics_of(namespace):
            topic.apply(topic.own_policies.over(policies))

    def set_topic_policies(self, topic: Topic, policies: Policies) -> None:
        """Set policies for one topic alone; where they are not set, those of its namespace count.

        Raises:
            PreconditionFailed: a value is not valid.
        """
        check_policies(policies)
        topic.own_policies = policies
        topic.apply(policies.over(self.namespaces.policies_of(topic.name.namespace_name)))

    def partitions_of(self, name: TopicName) -> int:
        """Return how many partitions the topic has, 0 when it is not partitioned."""
        return self.partitioned.get(name.full, 0)

    def topics_below(self, name: TopicName) -> list[Topic]:
        """Return the topic, or its partitions, as far as they are there."""
        return [topic for each in name.partitions(self.partitions_of(name)) if (topic := self.topics.get(each.full)) is not None]

    def whole_of(self, name: TopicName) -> TopicName:
        """Return the partitioned topic that a topic is a partition of, itself when it is of none."""
        return name.partitioned_topic if name.partitioned_topic.full in self.partitioned else name

    def create_topic(self, name: TopicName, now_ms: int = 0) -> Topic:
        """Make an unpartitioned topic.

        Raises:
            NotFound: the namespace is missing.
            Conflict: the name is taken.
        """
        self._check_name_is_free(name)
        return self._create(name, now_ms)

    def create_partitioned_topic(self, name: TopicName, partitions: int, now_ms: int = 0) -> None:
        """Make a partitioned topic and its partitions.

        Raises:
            NotFound: the namespace is missing.
            NotAcceptable: the number is not positive.
            Conflict: the name is taken.
            PreconditionFailed: the namespace would have too many topics.
        """
        if partitions <= 0:
            raise NotAcceptable("Number of partitions should be more than 0")
        self._check_name_is_free(name)
        if self._has_no_room_for(partitions, name.namespace_name):
            raise PreconditionFailed(_TOO_MANY_TOPICS)
        self.partitioned[name.full] = partitions
        self._make_partitions(name, now_ms)

    def _check_name_is_free(self, name: TopicName) -> None:
        if name.namespace_name not in self.namespaces.policies:
            raise NotFound("Namespace not found")
        if name.full in self.partitioned or name.full in self.topics:
            raise Conflict("This topic already exists")

    def _make_partitions(self, name: TopicName, now_ms: int) -> None:
        for index in range(self.partitioned[name.full]):
            self.topics.get(name.partition(index).full) or self._create(name.partition(index), now_ms)

    def partitions_by_use(self, name: TopicName, now_ms: int = 0) -> int:
        """Return how many partitions the topic has; one that is not there yet is made if use makes partitioned ones.

        Raises:
            TopicNotFound: it is not there, and use may make none.
            PreconditionFailed: the namespace would have too many topics.
        """
        if name.full in self.topics or name.full in self.partitioned or name.partition_index >= 0:
            return self.partitions_of(name)
        by_use = self._check_may_be_made_by_use(name)
        if by_use.partitions:
            self.create_partitioned_topic(name, by_use.partitions, now_ms)
        return by_use.partitions or 0

    def _check_may_be_made_by_use(self, name: TopicName) -> AutoTopicCreation:
        by_use = self.namespaces.policies.get(name.namespace_name, NO_POLICIES).auto_topic_creation or _MADE_BY_USE
        if not by_use.allowed and name.partitioned_topic.full not in self.partitioned:
            raise TopicNotFound(f"Topic {name.full} does not exist, and topics of {name.namespace_name} are not made by use")
        return by_use

    def _has_no_room_for(self, topics: int, namespace: str) -> bool:
        limit = self.namespaces.policies.get(namespace, NO_POLICIES).max_topics_per_namespace
        return bool(limit) and sum(1 for _ in self.topics_of(namespace)) + topics > (limit or 0)

    def update_partitions(self, name: TopicName, partitions: int, now_ms: int = 0) -> None:
        """Give a partitioned topic more partitions, each with the subscriptions and the policies that the first one has.

        Raises:
            Conflict: the topic is not partitioned.
            Unprocessable: it has more.
        """
        current = self.partitions_of(name)
        if not current:
            raise Conflict(f"Topic {name.full} is not the partitioned topic.")
        if partitions < current:
            raise Unprocessable(f"Desired partitions {partitions} can't be less than the current partitions {current}.")
        self.partitioned[name.full] = partitions
        self._make_partitions(name, now_ms)
        first = self.topics[name.partition(0).full]
        for index in range(current, partitions):
            added = self.topics[name.partition(index).full]
            self.set_topic_policies(added, first.own_policies)
            for subscription in first.subscriptions.values():
                if subscription.durable:
                    added.ensure_subscription(subscription.name, 0)

    def delete_partitioned_topic(self, name: TopicName, *, force: bool = False) -> None:
        """Remove a partitioned topic and its partitions.

        Raises:
            TopicNotFound: there is none.
            Conflict: it is not partitioned.
            PreconditionFailed: producers or consumers are connected, and not ``force``.
        """
        if not self.partitions_of(name):
            if name.full not in self.topics:
                raise TopicNotFound(f"Topic {name.full} not found.")
            raise Conflict(f"{name.full} is a non-partitioned topic. Instead of calling delete-partitioned-topic please call delete.")
        found = self.topics_below(name)
        if not force and any(topic.producers or topic.consumers for topic in found):
            raise PreconditionFailed("Topic has active producers/subscriptions")
        for topic in found:
            self._release(topic, force=force)
        for topic in found:
            self._forget(topic.name)
        del self.partitioned[name.full]
        self.partitioned_properties.pop(name.full, None)
        self.schemas.forget(name)

    def delete_topic(self, name: TopicName, *, force: bool = False) -> None:
        """Remove an unpartitioned topic, or one partition.

        Raises:
            TopicNotFound: there is none.
            Conflict: it is partitioned.
            PreconditionFailed: producers or consumers are connected, and not ``force``.
        """
        if name.full in self.partitioned:
            raise Conflict(f"{name.full} is a partitioned topic, instead of calling delete topic, please call delete-partitioned-topic.")
        self._release(self.existing(name), force=force)
        self._forget(name)

    def _release(self, topic: Topic, *, force: bool) -> None:
        if force:
            topic.disconnect_all()
        topic.check_unused()

    def _forget(self, name: TopicName) -> None:
        del self.topics[name.full]
        self.schemas.forget(name)

    def topic(self, name: TopicName) -> Topic | None:
        """Return the topic of that name, None when there is none."""
        return self.topics.get(name.full)

    def existing(self, name: TopicName) -> Topic:
        """Return the topic of that name.

        Raises:
            TopicNotFound: there is none.
        """
        found = self.topics.get(name.full)
        if found is None:
            raise TopicNotFound(f"Topic {name.full} not found")
        return found

    def get_or_create(self, name: TopicName, now_ms: int = 0) -> Topic:
        """Return the topic of that name, made when there is none.

        Raises:
            TopicNotFound: the namespace is missing, it is a partition its topic does not have, or use may make none.
            Conflict: the namespace would have too many topics.
            NotAllowedError: it is partitioned, so only its partitions hold messages.
        """
        return self.topics.get(name.full) or self._create_by_use(name, now_ms)

    def _create_by_use(self, name: TopicName, now_ms: int) -> Topic:
        self._check_may_be_made_by_use(name)
        return self._create(name, now_ms)

    def _create(self, name: TopicName, now_ms: int) -> Topic:
        if not self.has_namespace_of(name):
            raise TopicNotFound(f"Namespace {name.namespace_name} not found")
        policies = self.namespaces.policies.get(name.namespace_name, NO_POLICIES)
        if name.full in self.partitioned:
            raise NotAllowedError(f"Topic {name.full} is partitioned: only its partitions hold messages")
        self._check_partition(name)
        if self._has_no_room_for(1, name.namespace_name):
            raise Conflict(_TOO_MANY_TOPICS)
        kind = Topic if name.is_persistent else NonPersistentTopic
        topic = self.topics[name.full] = kind(name, self._ledger_ids.__next__, self._limits, self.ready, now_ms)
        topic.apply(policies)
        return topic

    def has_namespace_of(self, name: TopicName) -> bool:
        """Whether a topic of that name may be made; a name from before Pulsar 2.0 (with a cluster) needs no namespace, as recorded."""
        return name.cluster is not None or name.namespace_name in self.namespaces.policies

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

    def partitioned_of(self, namespace: str) -> list[str]:
        """Return the full names of a namespace's partitioned topics in order."""
        return sorted(full for full in self.partitioned if TopicName.parse(full).namespace_name == namespace)

    def dispatch(self, now_ms: int) -> Iterator[tuple[Subscription, list[Delivery]]]:
        """Deal out what every subscription in ``ready`` can send now, one after the other."""
        ready = self.ready
        while ready:
            subscription = ready.popleft()
            subscription.queued = False
            yield subscription, subscription.dispatch(now_ms)
