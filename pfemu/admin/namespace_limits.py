"""Limits and leave in namespaces (``NamespacesBase``): how many may use a topic, and what use may make."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pfemu.admin.answer import DONE, Answer, ErrorPage, answer_json, answer_setting
from pfemu.admin.bodies import read_int, read_json, read_object
from pfemu.admin.paths import namespace_name, policies_of
from pfemu.admin.routes import Handler, Routes
from pfemu.broker.namespaces import AutoTopicCreation
from pfemu.broker.refusals import PreconditionFailed
from pfemu.model.subscription import SubscriptionType

if TYPE_CHECKING:
    from pfemu.admin.request import Request
    from pfemu.emulator import Emulator

routes = Routes("/admin/v2/namespaces/{tenant}/{namespace}")

_LIMITS = {
    "maxProducersPerTopic": "max_producers_per_topic",
    "maxConsumersPerTopic": "max_consumers_per_topic",
    "maxConsumersPerSubscription": "max_consumers_per_subscription",
    "maxSubscriptionsPerTopic": "max_subscriptions_per_topic",
    "maxTopicsPerNamespace": "max_topics_per_namespace",
    "maxUnackedMessagesPerConsumer": "max_unacked_messages_per_consumer",
    "maxUnackedMessagesPerSubscription": "max_unacked_messages_per_subscription",
}
_BY_DEFAULT = {"maxTopicsPerNamespace": 0}
_PARTITIONED = "partitioned"


def _change(emulator: Emulator, named: dict[str, str], **changed: object) -> Answer:
    policies = replace(policies_of(emulator, named), **changed)  # type: ignore[arg-type] # fields by name
    emulator.broker.set_policies(namespace_name(named), policies)
    return DONE


def _getter(word: str, field: str) -> Handler:
    def limit(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
        """Show a limit."""
        found = getattr(policies_of(emulator, named), field)
        return answer_setting(_BY_DEFAULT.get(word) if found is None else found)

    return limit


def _setter(word: str, field: str) -> Handler:
    def set_limit(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
        """Set a limit."""
        limit = read_int(request)
        if limit < 0:
            raise PreconditionFailed(f"{word} must be 0 or more")
        return _change(emulator, named, **{field: limit})

    return set_limit


def _remover(field: str) -> Handler:
    def remove_limit(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
        """Go back to the broker's own setting."""
        return _change(emulator, named, **{field: None})

    return remove_limit


for _word, _field in _LIMITS.items():
    routes("GET", f"/{_word}")(_getter(_word, _field))
    routes("POST", f"/{_word}")(_setter(_word, _field))
    routes("DELETE", f"/{_word}")(_remover(_field))

routes("DELETE", "/subscriptionTypesEnabled")(_remover("subscription_types_enabled"))
routes("DELETE", "/autoTopicCreation")(_remover("auto_topic_creation"))
routes("DELETE", "/autoSubscriptionCreation")(_remover("auto_subscription_creation"))


@routes("GET", "/subscriptionTypesEnabled")
def subscription_types(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Show the types of subscriptions that are allowed, none for all."""
    return answer_json(list(policies_of(emulator, named).subscription_types_enabled or ()))


@routes("POST", "/subscriptionTypesEnabled")
def set_subscription_types(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
    """Allow certain types of subscriptions only."""
    given = read_json(request)
    known = {kind.value for kind in SubscriptionType}
    if not isinstance(given, list) or not known.issuperset(given):
        raise ErrorPage(400)
    return _change(emulator, named, subscription_types_enabled=tuple(map(str, given)))


@routes("GET", "/autoTopicCreation")
def auto_topic_creation(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Show what use makes of a name that is no topic yet."""
    by_use = policies_of(emulator, named).auto_topic_creation
    if by_use is None:
        return answer_setting(None)
    partitioned = {"topicType": _PARTITIONED, "defaultNumPartitions": by_use.partitions} if by_use.partitions else {}
    return answer_json({"allowAutoTopicCreation": by_use.allowed, **partitioned})


@routes("POST", "/autoTopicCreation")
def set_auto_topic_creation(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
    """Set what use makes of a name that is no topic yet."""
    given = read_object(request, "org.apache.pulsar.common.policies.data.impl.AutoTopicCreationOverrideImpl")
    partitions = given.get("defaultNumPartitions", 0) if given.get("topicType") == _PARTITIONED else 0
    if not isinstance(partitions, int):
        raise ErrorPage(400)
    return _change(emulator, named, auto_topic_creation=AutoTopicCreation(bool(given.get("allowAutoTopicCreation")), partitions))


@routes("GET", "/autoSubscriptionCreation")
def auto_subscription_creation(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Show whether use makes subscriptions."""
    allowed = policies_of(emulator, named).auto_subscription_creation
    return answer_setting(None if allowed is None else {"allowAutoSubscriptionCreation": allowed})


@routes("POST", "/autoSubscriptionCreation")
def set_auto_subscription_creation(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
    """Let use make subscriptions, or not."""
    given = read_object(request, "org.apache.pulsar.common.policies.data.impl.AutoSubscriptionCreationOverrideImpl")
    return _change(emulator, named, auto_subscription_creation=bool(given.get("allowAutoSubscriptionCreation")))
