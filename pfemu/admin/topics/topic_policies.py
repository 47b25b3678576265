"""The policies of one topic: each one's calls (``PersistentTopics``, ``PersistentTopicsBase``, ``TopicPolicies``).

* A policy of a topic wins over its namespace's. What is asked for is what is set for the topic itself, with ``applied`` what counts.
* All partitions of a topic have its policies; one partition has none of its own, and none is asked for or set.

Differs: a policy counts at once. In Pulsar it goes through a topic of the namespace first, which takes some milliseconds.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pfemu.admin.answer import DONE, Answer, answer_json
from pfemu.admin.bodies import read_flag, read_int, read_long, read_optional_flag
from pfemu.admin.namespaces.policy_calls import (
    NOT_SET,
    NOTHING,
    PolicyCall,
    as_part,
    limit,
    quota_kind,
    read_auto_subscription_creation,
    read_delayed_delivery,
    read_dispatch_rate,
    read_inactive_topics,
    read_persistence,
    read_publish_rate,
    read_quota,
    read_retention,
    read_strategy,
    read_subscribe_rate,
    read_subscription_types,
    shown_quotas,
)
from pfemu.admin.paths import whole_number
from pfemu.admin.routes import Handler, Routes
from pfemu.admin.topics.named_topics import topic_name
from pfemu.broker.policies import BROKER_POLICIES, BROKER_QUOTA, QUOTA_KINDS, Policies
from pfemu.broker.refusals import PreconditionFailed
from pfemu.broker.topic import MAX_MESSAGE_BYTES
from pfemu.errors import TopicNotFound

if TYPE_CHECKING:
    from pfemu.admin.request import Request
    from pfemu.broker.topic import Topic
    from pfemu.emulator import Emulator

routes = Routes("/admin/v2/{domain}/{tenant}/{namespace}/{topic}")

_FALSE = answer_json(value=False)
_TOO_LARGE = "topic-level maxMessageSize must be greater than or equal to 0 and must be smaller than that in the broker-level"


def _read_max_message_size(request: Request) -> object:
    size = read_int(request)
    if not 0 <= size <= MAX_MESSAGE_BYTES:
        raise PreconditionFailed(_TOO_LARGE)
    return size


def _read_threshold(request: Request) -> object:
    size = read_long(request)
    if size < 0:
        raise PreconditionFailed("Invalid value for compactionThreshold")
    return size


def _read_ttl(request: Request) -> object:
    """Return the seconds in the query, None where they are not there."""
    text = request.query.get("messageTTL")
    seconds = None if text is None else whole_number(text)
    if seconds is not None and seconds < 0:
        raise PreconditionFailed("Invalid value for message TTL, message TTL must >= 0")
    return seconds


def _true(_request: Request) -> object:
    return True


_CALLS = (
    PolicyCall("messageTTL", "message_ttl_seconds", _read_ttl),
    PolicyCall("retention", "retention", read_retention, as_part, method=""),
    PolicyCall("deduplicationEnabled", "deduplication", read_optional_flag),
    PolicyCall("deduplicationSnapshotInterval", "deduplication_snapshot_interval", limit("interval must be 0 or more", may_be_null=True)),
    PolicyCall("dispatchRate", "dispatch_rate", read_dispatch_rate, as_part, ignores_null=True),
    PolicyCall("subscriptionDispatchRate", "subscription_dispatch_rate", read_dispatch_rate, as_part, ignores_null=True),
    PolicyCall("replicatorDispatchRate", "replicator_dispatch_rate", read_dispatch_rate, as_part),
    PolicyCall("publishRate", "publish_rate", read_publish_rate, as_part, unset=NOTHING, applies=False, ignores_null=True),
    PolicyCall("subscribeRate", "subscribe_rate", read_subscribe_rate, as_part, ignores_null=True),
    PolicyCall("persistence", "persistence", read_persistence, as_part),
    PolicyCall("delayedDelivery", "delayed_delivery", read_delayed_delivery, as_part),
    PolicyCall("inactiveTopicPolicies", "inactive_topics", read_inactive_topics, as_part),
    PolicyCall("maxProducers", "max_producers_per_topic", limit("maxProducers must be 0 or more")),
    PolicyCall("maxConsumers", "max_consumers_per_topic", limit("maxConsumers must be 0 or more")),
    PolicyCall(
        "maxConsumersPerSubscription",
        "max_consumers_per_subscription",
        limit("Invalid value for maxConsumersPerSubscription"),
        unset=NOTHING,
        applies=False,
    ),
    PolicyCall(
        "maxSubscriptionsPerTopic",
        "max_subscriptions_per_topic",
        limit("maxSubscriptionsPerTopic must be 0 or more"),
        unset=NOTHING,
        applies=False,
    ),
    PolicyCall(
        "maxUnackedMessagesOnConsumer", "max_unacked_messages_per_consumer", limit("maxUnackedNum must be 0 or more", may_be_null=True)
    ),
    PolicyCall(
        "maxUnackedMessagesOnSubscription",
        "max_unacked_messages_per_subscription",
        limit("maxUnackedNum must be 0 or more", may_be_null=True),
    ),
    PolicyCall("maxMessageSize", "max_message_bytes", _read_max_message_size, unset=NOTHING, applies=False),
    PolicyCall("compactionThreshold", "compaction_threshold", _read_threshold),
    PolicyCall("subscriptionTypesEnabled", "subscription_types_enabled", read_subscription_types, unset=answer_json([])),
    PolicyCall("schemaCompatibilityStrategy", "schema_compatibility", read_strategy, method="PUT"),
    PolicyCall("schemaValidationEnforced", "schema_validation_enforced", read_flag, unset=_FALSE, kept_for_good=True),
    PolicyCall("dispatcherPauseOnAckStatePersistent", "pause_on_ack_state_persistent", _true, unset=_FALSE),
)


def topics_of_path(emulator: Emulator, named: dict[str, str]) -> list[Topic]:
    """Return the persistent topic of a path, or its partitions.

    Raises:
        TopicNotFound: there is none.
    """
    name = topic_name(named)
    found = emulator.topics_of(name) if name.is_persistent else None
    if not found:
        raise TopicNotFound(f"Topic {name.full} not found")
    return found


def whole(emulator: Emulator, named: dict[str, str]) -> list[Topic]:
    """Return the same.

    Raises:
        PreconditionFailed: it is one partition.
        TopicNotFound: there is none.
    """
    found = topics_of_path(emulator, named)
    if topic_name(named).partition_index >= 0:
        raise PreconditionFailed("Not allowed to set/get topic policy for a partition")
    return found


def own(emulator: Emulator, named: dict[str, str]) -> Policies:
    """Return what is set for a topic itself; raises as :func:`whole`."""
    return whole(emulator, named)[0].own_policies


def _asked(emulator: Emulator, request: Request, named: dict[str, str]) -> Policies:
    """Return what is set for a topic, or with ``applied`` what counts."""
    topic = whole(emulator, named)[0]
    return topic.policies.over(BROKER_POLICIES) if request.flag("applied") else topic.own_policies


def change(emulator: Emulator, named: dict[str, str], **changed: object) -> Answer:
    """Set policies of the topic of a path, by their fields; raises as :func:`whole`."""
    for topic in whole(emulator, named):
        policies = replace(topic.own_policies, **changed)  # type: ignore[arg-type] # fields by name
        emulator.broker.set_topic_policies(topic, policies)
    emulator.engine.arm_checks()
    return DONE


def _getter(call: PolicyCall) -> Handler:
    def show(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
        """Show a policy."""
        policies = _asked(emulator, request, named) if call.applies else own(emulator, named)
        return call.show(getattr(policies, call.field))

    return show


def _setter(call: PolicyCall) -> Handler:
    def set_policy(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
        """Set a policy."""
        value = call.read(request)
        if value is None and call.ignores_null:
            whole(emulator, named)
            return DONE
        return change(emulator, named, **{call.field: value})

    return set_policy


def _remover(call: PolicyCall) -> Handler:
    def remove(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
        """Go back to the namespace's policy."""
        return change(emulator, named, **{call.field: None})

    return remove


for _call in _CALLS:
    routes("GET", f"/{_call.word}")(_getter(_call))
    if _call.method:
        routes(_call.method, f"/{_call.word}")(_setter(_call))
    if not _call.kept_for_good:
        routes("DELETE", f"/{_call.word}")(_remover(_call))


@routes("POST", "/retention")
def set_retention(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
    """Set what acknowledged messages are kept for: more than any backlog may be, where the broker's own quota is 10 GiB."""
    kept = read_retention(request)
    topic = whole(emulator, named)[0]
    quotas = topic.policies.backlog_quotas or {}
    if not all(quotas.get(kind, BROKER_QUOTA).fits(kept) for kind in QUOTA_KINDS):
        raise PreconditionFailed(
            "Retention Quota must exceed configured backlog quota for topic. Please increase retention quota and retry"
        )
    return change(emulator, named, retention=kept)


@routes("GET", "/backlogQuotaMap")
def backlog_quotas(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
    """Show how large or old a backlog may become, by kind."""
    topic = whole(emulator, named)[0]
    quotas = topic.own_policies.backlog_quotas or {}
    if not quotas and request.flag("applied"):
        quotas = {**dict.fromkeys(QUOTA_KINDS, BROKER_QUOTA), **(topic.policies.backlog_quotas or {})}
    return answer_json(shown_quotas(quotas))


@routes("POST", "/backlogQuota")
def set_backlog_quota(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
    """Set how large or old a backlog may become; no body goes back to the namespace's."""
    kind, quota = quota_kind(request), read_quota(request, named)
    topic = whole(emulator, named)[0]
    quotas = dict(topic.own_policies.backlog_quotas or {})
    if quota is None:
        quotas.pop(kind, None)
    elif quota.fits(topic.policies.retention):
        quotas[kind] = quota
    else:
        raise PreconditionFailed("Backlog Quota exceeds configured retention quota for topic. Please increase retention quota and retry")
    return change(emulator, named, backlog_quotas=quotas or None)


@routes("DELETE", "/backlogQuota")
def remove_backlog_quota(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
    """Go back to the namespace's."""
    kind = quota_kind(request)
    quotas = {other: quota for other, quota in (own(emulator, named).backlog_quotas or {}).items() if other != kind}
    return change(emulator, named, backlog_quotas=quotas or None)


@routes("DELETE", "/policies")
def remove_policies(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Go back to the namespace's policies."""
    for topic in emulator.topics_of(topic_name(named)):
        emulator.broker.set_topic_policies(topic, Policies())
    return DONE


@routes("GET", "/autoSubscriptionCreation")
def auto_subscription_creation(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
    """Show whether use makes subscriptions."""
    allowed = _asked(emulator, request, named).auto_subscription_creation
    return NOT_SET if allowed is None else answer_json({"allowAutoSubscriptionCreation": allowed})


@routes("POST", "/autoSubscriptionCreation")
def set_auto_subscription_creation(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
    """Let use make subscriptions, or not; no body goes back to the namespace's policy."""
    return change(emulator, named, auto_subscription_creation=read_auto_subscription_creation(request))


@routes("DELETE", "/autoSubscriptionCreation")
def remove_auto_subscription_creation(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Go back to the namespace's policy."""
    return change(emulator, named, auto_subscription_creation=None)
