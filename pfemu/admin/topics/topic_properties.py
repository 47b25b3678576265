"""What is noted of a topic and of its subscriptions (``PersistentTopicsBase``): properties, who may what, replication, filters.

What a partitioned topic has is its own; none of its partitions has it as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pfemu.admin.answer import DONE, Answer, UnexpectedError, answer_json
from pfemu.admin.bodies import read_as, read_json, read_properties
from pfemu.admin.namespaces.namespace_notes import read_actions, read_clusters, refuse_entry_filters
from pfemu.admin.namespaces.namespace_offloading import NO_OFFLOAD_DRIVER
from pfemu.admin.namespaces.namespace_policies import change as change_namespace
from pfemu.admin.namespaces.policy_calls import NOT_SET, as_part, read_dispatch_rate
from pfemu.admin.paths import policies_of
from pfemu.admin.routes import Routes
from pfemu.admin.topics.named_topics import existing_topic, topic_name
from pfemu.admin.topics.topic_policies import change, own, topics_of_path, whole
from pfemu.broker.refusals import NotAcceptable, PreconditionFailed
from pfemu.errors import SubscriptionNotFound
from pfemu.model.configuration.config_structures import read_text_map
from pfemu.model.namespace_name import CLUSTER

if TYPE_CHECKING:
    from pfemu.admin.request import Request
    from pfemu.emulator import Emulator

_TOPIC = "/{domain}/{tenant}/{namespace}/{topic}"
routes = Routes("/admin/v2")


# ---------------------------------------------------------------------------------------------------------- properties


def _noted(emulator: Emulator, named: dict[str, str]) -> dict[str, str]:
    """Return what was noted of a topic, to be changed.

    Raises:
        NotAcceptable: the topic stores nothing.
        TopicNotFound: there is none.
    """
    name = topic_name(named)
    if not name.is_persistent:
        raise NotAcceptable("Need to provide a persistent topic name")
    if emulator.broker.partitions_of(name):
        return emulator.broker.partitioned_properties.setdefault(name.full, {})
    return topics_of_path(emulator, named)[0].properties


@routes("GET", _TOPIC + "/properties")
def properties(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Show what was noted of a topic."""
    return answer_json(_noted(emulator, named))


@routes("PUT", _TOPIC + "/properties")
def set_properties(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
    """Note something of a topic, beside what was noted before."""
    _noted(emulator, named).update(read_properties(request))
    return DONE


@routes("DELETE", _TOPIC + "/properties")
def remove_property(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
    """Forget what was noted under one name."""
    _noted(emulator, named).pop(request.query.get("key", ""), None)
    return DONE


@routes("GET", _TOPIC + "/subscription/{subscription}/properties")
def subscription_properties(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Show the properties of a subscription."""
    return answer_json(topics_of_path(emulator, named)[0].subscription(named["subscription"]).properties)


@routes("PUT", _TOPIC + "/subscription/{subscription}/properties")
def set_subscription_properties(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
    """Set the properties of a subscription instead of those it had."""
    given = read_as(request, read_text_map) or {}
    topics = topics_of_path(emulator, named)
    if named["subscription"] not in topics[0].subscriptions:
        raise SubscriptionNotFound(f"Subscription {named['subscription']} not found for topic {topic_name(named).full}")
    if None in given.values():
        raise UnexpectedError("null")
    for topic in topics:
        topic.subscription(named["subscription"]).properties = {name: str(value) for name, value in given.items()}
    return DONE


@routes("GET", _TOPIC + "/subscription/{subscription}/replicatedSubscriptionStatus")
def replicated(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Show whether a subscription would be replicated."""
    found = {topic.name.full: topic.subscription(named["subscription"]).replicated for topic in topics_of_path(emulator, named)}
    return answer_json(found)


@routes("POST", _TOPIC + "/subscription/{subscription}/replicatedSubscriptionStatus")
def set_replicated(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
    """Note that it would, or would not."""
    wanted = read_json(request) is True
    for topic in topics_of_path(emulator, named):
        topic.subscription(named["subscription"]).replicated = wanted
    return DONE


@routes("GET", _TOPIC + "/{subscription}/dispatchRate")
def subscription_rate(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Show how fast one subscription's consumers get messages."""
    rate = (own(emulator, named).subscription_dispatch_rates or {}).get(named["subscription"])
    return NOT_SET if rate is None else answer_json(as_part(rate))


@routes("POST", _TOPIC + "/{subscription}/dispatchRate")
def set_subscription_rate(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
    """Set how fast; no body changes nothing."""
    rate = read_dispatch_rate(request)
    rates = own(emulator, named).subscription_dispatch_rates or {}
    return change(emulator, named, subscription_dispatch_rates=rates if rate is None else {**rates, named["subscription"]: rate})


@routes("DELETE", _TOPIC + "/{subscription}/dispatchRate")
def remove_subscription_rate(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Go back to what all subscriptions have."""
    rates = own(emulator, named).subscription_dispatch_rates or {}
    return change(
        emulator, named, subscription_dispatch_rates={name: rate for name, rate in rates.items() if name != named["subscription"]}
    )


# -------------------------------------------------------------------------------------------- permissions, replication


@routes("GET", _TOPIC + "/permissions")
def permissions(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Show which roles may what with a topic: those of its namespace, and its own."""
    name = topic_name(named)
    policies = policies_of(emulator, named)
    if not name.is_persistent:
        existing_topic(emulator, named)
    return answer_json({**(policies.permissions or {}), **(policies.topic_permissions or {}).get(name.full, {})})


@routes("POST", _TOPIC + "/permissions/{role}")
def grant(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
    """Let a role do something with a topic."""
    return _permit(emulator, named, read_actions(request) or ())


@routes("DELETE", _TOPIC + "/permissions/{role}")
def revoke(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Let a role do nothing with a topic but what it may in the namespace."""
    return _permit(emulator, named, ())


def _permit(emulator: Emulator, named: dict[str, str], actions: tuple[str, ...]) -> Answer:
    name = topic_name(named).full
    topics_of_path(emulator, named)
    granted = policies_of(emulator, named).topic_permissions or {}
    roles = {role: may for role, may in granted.get(name, {}).items() if role != named["role"]}
    if actions:
        roles[named["role"]] = actions
    return change_namespace(emulator, named, topic_permissions={**granted, name: roles})


@routes("GET", _TOPIC + "/replication")
def replication(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
    """Show the clusters a topic would be replicated between."""
    found = own(emulator, named).replication_clusters
    if found is None and request.flag("applied"):
        found = (CLUSTER,)
    return NOT_SET if found is None else answer_json(list(found))


@routes("POST", _TOPIC + "/replication")
def set_replication(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
    """Set the clusters: the one there is has to be among them."""
    given = read_clusters(request)
    if CLUSTER not in given:
        raise PreconditionFailed("Can not remove local cluster from the local topic-level replication clusters policy")
    return change(emulator, named, replication_clusters=given)


@routes("DELETE", _TOPIC + "/replication")
def remove_replication(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Go back to the namespace's clusters."""
    return change(emulator, named, replication_clusters=None)


@routes("GET", _TOPIC + "/entryFilters")
def entry_filters(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
    """Show the filters of messages: none."""
    whole(emulator, named)
    return answer_json({"entryFilterNames": ""}) if request.flag("applied") else NOT_SET


@routes("POST", _TOPIC + "/entryFilters")
def set_entry_filters(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
    """Refuse filters."""
    refuse_entry_filters(request)
    return change(emulator, named)


@routes("DELETE", _TOPIC + "/entryFilters")
@routes("DELETE", _TOPIC + "/offloadPolicies")
@routes("DELETE", _TOPIC + "/shadowTopics")
def remove_nothing(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Have none of these, as before."""
    return change(emulator, named)


@routes("GET", _TOPIC + "/offloadPolicies")
@routes("GET", _TOPIC + "/shadowTopics")
def never_set(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Show none of these."""
    whole(emulator, named)
    return NOT_SET


@routes("POST", _TOPIC + "/offloadPolicies")
def set_offload_policies(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Refuse: there is nothing to offload with.

    Differs: a driver that Pulsar knows is refused as well.
    """
    whole(emulator, named)
    raise PreconditionFailed(NO_OFFLOAD_DRIVER)


@routes("PUT", _TOPIC + "/shadowTopics")
def set_shadow_topics(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
    """Refuse.

    Differs: nothing shadows a topic here, whether it is there or not.
    """
    whole(emulator, named)
    given = read_json(request)
    if not given or not isinstance(given, list):
        raise PreconditionFailed("Cannot specify empty shadow topics, please use remove command instead.")
    raise PreconditionFailed(f"Shadow topic [{given[0]}] not exists.")
