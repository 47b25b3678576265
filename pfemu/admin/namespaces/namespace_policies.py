"""The policies of a namespace: each one's calls, and all of them as the namespace is shown and made (``NamespacesBase``)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pfemu.admin.answer import DONE, Answer, ErrorPage, UnexpectedError, answer_json
from pfemu.admin.bodies import read_flag, read_json
from pfemu.admin.namespaces.policy_calls import (
    NOTHING,
    PolicyCall,
    as_part,
    limit,
    read_delayed_delivery,
    read_dispatch_rate,
    read_inactive_topics,
    read_persistence,
    read_publish_rate,
    read_strategy,
    read_subscribe_rate,
    read_subscription_types,
)
from pfemu.admin.paths import namespace_name, policies_of
from pfemu.admin.routes import Handler, Routes
from pfemu.broker.refusals import PreconditionFailed

if TYPE_CHECKING:
    from pfemu.admin.request import Request
    from pfemu.emulator import Emulator

routes = Routes("/admin/v2/namespaces/{tenant}/{namespace}")

_FALSE, _TRUE = answer_json(value=False), answer_json(value=True)
_NO_POLICIES = "Namespace policies does not exist"
_AUTH_MODES = ("None", "Prefix")


def _read_auth_mode(request: Request) -> object:
    given = read_json(request)
    return given if given in _AUTH_MODES else None


def _read_group(request: Request) -> object:
    given = read_json(request)
    if given in {None, ""}:
        raise PreconditionFailed("antiAffinityGroup can't be empty")
    return given if isinstance(given, str) else str(given)


def _true(_request: Request) -> object:
    return True


def _read_type_names(request: Request) -> object:
    """Read them as they are for a topic; what the broker then stumbles over it does not tell."""
    try:
        return read_subscription_types(request)
    except UnexpectedError:
        raise ErrorPage(500) from None


CALLS = (
    PolicyCall("messageTTL", "message_ttl_seconds", limit("Invalid value for message TTL, message TTL must >= 0")),
    PolicyCall("subscriptionExpirationTime", "subscription_expiration_minutes", limit("Invalid value for subscription expiration time")),
    PolicyCall("deduplication", "deduplication", read_flag),
    PolicyCall(
        "deduplicationSnapshotInterval",
        "deduplication_snapshot_interval",
        limit("interval must be greater than or equal to 0", may_be_null=True),
        kept_for_good=True,
    ),
    PolicyCall("publishRate", "publish_rate", read_publish_rate, as_part),
    PolicyCall("dispatchRate", "dispatch_rate", read_dispatch_rate, as_part, beside="cluster_dispatch_rate"),
    PolicyCall("subscriptionDispatchRate", "subscription_dispatch_rate", read_dispatch_rate, as_part),
    PolicyCall("replicatorDispatchRate", "replicator_dispatch_rate", read_dispatch_rate, as_part, missing=""),
    PolicyCall("subscribeRate", "subscribe_rate", read_subscribe_rate, as_part),
    PolicyCall("persistence", "persistence", read_persistence, as_part),
    PolicyCall("delayedDelivery", "delayed_delivery", read_delayed_delivery, as_part, missing=_NO_POLICIES),
    PolicyCall("inactiveTopicPolicies", "inactive_topics", read_inactive_topics, as_part, missing=_NO_POLICIES),
    PolicyCall("maxProducersPerTopic", "max_producers_per_topic", limit("maxProducersPerTopic must be 0 or more")),
    PolicyCall("maxConsumersPerTopic", "max_consumers_per_topic", limit("maxConsumersPerTopic must be 0 or more")),
    PolicyCall("maxConsumersPerSubscription", "max_consumers_per_subscription", limit("maxConsumersPerSubscription must be 0 or more")),
    PolicyCall(
        "maxUnackedMessagesPerConsumer", "max_unacked_messages_per_consumer", limit("maxUnackedMessagesPerConsumer must be 0 or more")
    ),
    PolicyCall(
        "maxUnackedMessagesPerSubscription",
        "max_unacked_messages_per_subscription",
        limit("maxUnackedMessagesPerSubscription must be 0 or more"),
    ),
    PolicyCall("maxSubscriptionsPerTopic", "max_subscriptions_per_topic", limit("maxSubscriptionsPerTopic must be 0 or more")),
    PolicyCall("maxTopicsPerNamespace", "max_topics_per_namespace", limit("maxTopicsPerNamespace must be 0 or more"), unset=answer_json(0)),
    PolicyCall("compactionThreshold", "compaction_threshold", limit("compactionThreshold must be 0 or more"), method="PUT"),
    PolicyCall("encryptionRequired", "encryption_required", read_flag, unset=_FALSE, kept_for_good=True),
    PolicyCall("subscriptionAuthMode", "subscription_auth_mode", _read_auth_mode, unset=answer_json("None"), kept_for_good=True),
    PolicyCall("antiAffinity", "anti_affinity_group", _read_group, unset=NOTHING, is_text=True),
    PolicyCall("dispatcherPauseOnAckStatePersistent", "pause_on_ack_state_persistent", _true, unset=_FALSE, removed=False),
    PolicyCall("subscriptionTypesEnabled", "subscription_types_enabled", _read_type_names, unset=answer_json([])),
    PolicyCall(
        "schemaCompatibilityStrategy",
        "schema_compatibility",
        read_strategy,
        method="PUT",
        unset=answer_json("UNDEFINED"),
        kept_for_good=True,
    ),
    PolicyCall("schemaValidationEnforced", "schema_validation_enforced", read_flag, unset=_FALSE, kept_for_good=True),
    PolicyCall("isAllowAutoUpdateSchema", "schema_auto_update", read_flag, unset=_TRUE, kept_for_good=True),
)


def not_there(words: str) -> Answer:
    """Answer that there is no such namespace, in these words or with none."""
    return answer_json({"reason": words}, 404)


def change(emulator: Emulator, named: dict[str, str], **changed: object) -> Answer:
    """Set policies of the namespace of a path, by their fields.

    Raises:
        NotFound: there is none.
    """
    policies = replace(policies_of(emulator, named), **changed)  # type: ignore[arg-type] # fields by name
    emulator.broker.set_policies(namespace_name(named), policies)
    emulator.engine.arm_checks()
    return DONE


def _getter(call: PolicyCall) -> Handler:
    def show(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
        """Show a policy."""
        return call.show(getattr(policies_of(emulator, named), call.field))

    return show


def _setter(call: PolicyCall) -> Handler:
    def set_policy(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
        """Set a policy."""
        value = call.read(request)
        if namespace_name(named) not in emulator.broker.namespaces.policies:
            return not_there(call.missing)
        return change(emulator, named, **call.fields(value))

    return set_policy


def _remover(call: PolicyCall) -> Handler:
    def remove(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
        """Go back to the broker's own policy."""
        return change(emulator, named, **call.fields(call.removed))

    return remove


for _call in CALLS:
    routes("GET", f"/{_call.word}")(_getter(_call))
    routes(_call.method, f"/{_call.word}")(_setter(_call))
    if not _call.kept_for_good:
        routes("DELETE", f"/{_call.word}")(_remover(_call))


@routes("DELETE", "/{bundle}")
def remove_bundle(_emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Refuse: what follows a namespace and is no policy that can be taken back is read as one of its bundles."""
    raise PreconditionFailed(f"Invalid bundle range: {named['bundle']}")
