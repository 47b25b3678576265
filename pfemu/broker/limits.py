"""How many may use a topic, with which messages, and who may make what there, by policies (``AbstractTopic``, ``PersistentTopic``).

* A limit of 0, or none, is no limit. Readers count as consumers, and their subscriptions as subscriptions.
* A subscription that its type forbids, or whose consumer is one too many on the topic, is not made.
* Without leave to make subscriptions, durable ones are made by administrators alone.
"""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING

from pfemu.broker.backlog_quotas import check_backlog
from pfemu.broker.refusals import Conflict
from pfemu.errors import ConsumerBusy, NotAllowedError, ProducerBusy, RequestHeld, SubscriptionNotFound
from pfemu.model.message import ExplicitMetadata
from pfemu.model.subscription import SubscriptionType

if TYPE_CHECKING:
    from pfemu.broker.subscription import Subscription
    from pfemu.broker.topic import Topic
    from pfemu.model.message import MessageMetadata


def check_producers(topic: Topic) -> None:
    """Check that one more producer may come.

    Raises:
        ProducerBlockedQuotaExceeded, ProducerBlockedQuotaHold: see :func:`check_backlog`.
        RequestHeld: the topic wants what is encrypted, which nothing is here.
        ProducerBusy: ``maxProducersPerTopic`` are connected.
    """
    _check_encrypted(topic)
    if topic.policies.backlog_quotas is not None:
        check_backlog(topic)
    limit = topic.policies.max_producers_per_topic
    if limit and len(topic.producers) >= limit:
        raise ProducerBusy(f"Topic '{topic.name.full}' reached max producers limit")


def check_subscriptions(topic: Topic) -> None:
    """Check that one more subscription may be made.

    Raises:
        Conflict: there are ``maxSubscriptionsPerTopic``.
    """
    limit = topic.policies.max_subscriptions_per_topic
    if limit and len(topic.subscriptions) >= limit:
        raise Conflict(f"Exceed the maximum number of subscriptions of the topic: {topic.name.full}")


def check_subscribing(topic: Topic, name: str, subscription_type: SubscriptionType, *, durable: bool) -> None:
    """Check that a client may subscribe so.

    Raises:
        NotAllowedError: the type is not among ``subscriptionTypesEnabled``.
        ConsumerBusy: ``maxConsumersPerTopic`` are connected.
        SubscriptionNotFound: there is none, and clients may make none.
    """
    limit = topic.policies.max_consumers_per_topic
    if limit and len(topic.consumers) >= limit:
        raise ConsumerBusy("Topic reached max consumers limit")
    enabled = topic.policies.subscription_types_enabled
    if enabled and subscription_type.value not in enabled:
        raise NotAllowedError(f"Topic[{{{topic.name.full}}}] doesn't support {subscription_type.value} sub type!")
    if durable and topic.policies.auto_subscription_creation is False and name not in topic.subscriptions:
        raise SubscriptionNotFound(f"Subscription {name} not found for topic {topic.name.full}, and it is not made by use")


def check_consumers(subscription: Subscription) -> None:
    """Check that one more consumer may come.

    Raises:
        ConsumerBusy: ``maxConsumersPerSubscription`` are connected.
    """
    limit = subscription.topic.policies.max_consumers_per_subscription
    if limit and len(subscription.consumers) >= limit:
        raise ConsumerBusy("Subscription reached max consumers limit")


def check_message(topic: Topic, size: int, metadata: MessageMetadata, now_ms: int) -> None:
    """Check that a topic takes a message of that many bytes.

    Differs: the size is that of the payload, where Pulsar adds its metadata; and the sender hears of it, where a client of Pulsar's
    connects and sends again for ever.

    Raises:
        RequestHeld: it is not encrypted and should be.
        NotAllowedError: it is larger than ``maxMessageSize``, or is to be delivered later than ``maxDeliveryDelayInMillis`` allows.
    """
    _check_encrypted(topic)
    limit = topic.policies.max_message_bytes
    if limit and size > limit:
        raise NotAllowedError("Exceed maximum message size")
    delays = topic.policies.delayed_delivery
    if delays is None or not delays.active or not metadata.deliver_at_ms:
        return
    if 0 < delays.max_delivery_delay_in_millis < metadata.deliver_at_ms - now_ms:
        raise NotAllowedError(f"Exceeds max allowed delivery delay of {delays.max_delivery_delay_in_millis} milliseconds")


def _check_encrypted(topic: Topic) -> None:
    if topic.policies.encryption_required:
        raise RequestHeld(f"Encryption is required in {topic.name.full}")


def without_delay(topic: Topic, metadata: MessageMetadata) -> MessageMetadata:
    """Return the metadata to store: where ``delayedDelivery`` is off nothing is delivered later."""
    delays = topic.policies.delayed_delivery
    if delays is None or delays.active or not isinstance(metadata, ExplicitMetadata) or not metadata.deliver_at_ms:
        return metadata
    kept = copy(metadata)
    kept.deliver_at_ms = 0
    return kept
