"""A namespace with all its policies, as it is shown and made (``org.apache.pulsar.common.policies.data.Policies``)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pfemu.admin.bodies import read_as
from pfemu.admin.namespaces.bundles import BUNDLES
from pfemu.admin.namespaces.policy_calls import POLICY_DATA, as_it_is, as_part, backlog_quota_part, shown_quotas
from pfemu.broker.policies import (
    AutoTopicCreation,
    DelayedDeliveryPolicies,
    DispatchRate,
    InactiveTopicPolicies,
    PersistencePolicies,
    Policies,
    PublishRate,
    RetentionPolicies,
    SubscribeRate,
)
from pfemu.broker.schemas.schema_registry import STRATEGIES
from pfemu.model.configuration.config_reading import (
    JsonValue,
    Place,
    Reading,
    read_flag,
    read_integer,
    read_long,
    read_plain_flag,
    read_plain_long,
    read_text,
)
from pfemu.model.configuration.config_structures import MapReader, Read, part, read_text_map, read_texts, refuse_part
from pfemu.model.namespace_name import CLUSTER

if TYPE_CHECKING:
    from collections.abc import Callable

    from pfemu.admin.request import Request

_BY_USE = "allowAutoSubscriptionCreation"
_CLASS = f"{POLICY_DATA}.Policies"
_AS_NEW: dict[str, object] = {
    "auth_policies": {"namespace_auth": {}, "destination_auth": {}, "subscription_auth_roles": {}},
    "replication_clusters": [CLUSTER],
    "allowed_clusters": [],
    "bundles": BUNDLES,
    "backlog_quota_map": {},
    "clusterDispatchRate": {},
    "topicDispatchRate": {},
    "subscriptionDispatchRate": {},
    "replicatorDispatchRate": {},
    "clusterSubscribeRate": {},
    "publishMaxMessageRate": {},
    "latency_stats_sample_rate": {},
    "deleted": False,
    "encryption_required": False,
    "subscription_auth_mode": "None",
    "offload_threshold": -1,
    "offload_threshold_in_seconds": -1,
    "schema_compatibility_strategy": "UNDEFINED",
    "is_allow_auto_update_schema": True,
    "schema_validation_enforced": False,
    "subscription_types_enabled": [],
    "properties": {},
    "migrated": False,
    "clusterThatCanDeleteNamespace": CLUSTER,
}
"""All policies of a new namespace."""


def _strategy(_reading: Reading, _place: Place, value: JsonValue) -> str | None:
    """Return a strategy; an unknown one is none, as Jackson reads it."""
    return value if isinstance(value, str) and value in STRATEGIES else None


def _of_cluster(item: Read[object]) -> Read[object]:
    """Return what reads values by cluster: that of the only one counts."""
    by_cluster = MapReader(item, "java.lang.Object")

    def read(reading: Reading, place: Place, value: JsonValue) -> object:
        return (by_cluster(reading, place, value) or {}).get(CLUSTER)

    return read


def _by_cluster(value: object) -> object:
    return {CLUSTER: as_part(value)}


def _made_by_use(_reading: Reading, _place: Place, value: JsonValue) -> bool | None:
    return bool(value.get(_BY_USE)) if isinstance(value, dict) else None


@dataclass(frozen=True, slots=True)
class _Shown:
    """One policy: its name in the whole, the field, how it is read and shown there."""

    name: str
    field: str
    read: Read[object]
    shown: Callable[[object], object] = as_it_is


_delayed_delivery = part(DelayedDeliveryPolicies, f"{POLICY_DATA}.impl.DelayedDeliveryPoliciesImpl")
_dispatch_rate = _of_cluster(part(DispatchRate, f"{POLICY_DATA}.impl.DispatchRateImpl"))
_SHOWN = (
    _Shown("replication_clusters", "replication_clusters", read_texts),
    _Shown("allowed_clusters", "allowed_clusters", read_texts),
    _Shown("backlog_quota_map", "backlog_quotas", MapReader(backlog_quota_part, "java.lang.Object"), shown_quotas),
    _Shown("clusterDispatchRate", "cluster_dispatch_rate", _dispatch_rate, _by_cluster),
    _Shown("topicDispatchRate", "dispatch_rate", _dispatch_rate, _by_cluster),
    _Shown("subscriptionDispatchRate", "subscription_dispatch_rate", _dispatch_rate, _by_cluster),
    _Shown("replicatorDispatchRate", "replicator_dispatch_rate", _dispatch_rate, _by_cluster),
    _Shown("clusterSubscribeRate", "subscribe_rate", _of_cluster(part(SubscribeRate, f"{POLICY_DATA}.SubscribeRate")), _by_cluster),
    _Shown("publishMaxMessageRate", "publish_rate", _of_cluster(part(PublishRate, f"{POLICY_DATA}.PublishRate")), _by_cluster),
    _Shown("persistence", "persistence", part(PersistencePolicies, f"{POLICY_DATA}.PersistencePolicies"), as_part),
    _Shown("deduplicationEnabled", "deduplication", read_flag),
    _Shown(
        "autoTopicCreationOverride",
        "auto_topic_creation",
        part(AutoTopicCreation, f"{POLICY_DATA}.impl.AutoTopicCreationOverrideImpl"),
        as_part,
    ),
    _Shown("autoSubscriptionCreationOverride", "auto_subscription_creation", _made_by_use, lambda allowed: {_BY_USE: allowed}),
    _Shown("message_ttl_in_seconds", "message_ttl_seconds", read_integer),
    _Shown("subscription_expiration_time_minutes", "subscription_expiration_minutes", read_integer),
    _Shown("retention_policies", "retention", part(RetentionPolicies, f"{POLICY_DATA}.RetentionPolicies"), as_part),
    _Shown("encryption_required", "encryption_required", read_plain_flag),
    _Shown("delayed_delivery_policies", "delayed_delivery", _delayed_delivery, as_part),
    _Shown("inactive_topic_policies", "inactive_topics", part(InactiveTopicPolicies, f"{POLICY_DATA}.InactiveTopicPolicies"), as_part),
    _Shown("subscription_auth_mode", "subscription_auth_mode", read_text),
    _Shown("max_producers_per_topic", "max_producers_per_topic", read_integer),
    _Shown("max_consumers_per_topic", "max_consumers_per_topic", read_integer),
    _Shown("max_consumers_per_subscription", "max_consumers_per_subscription", read_integer),
    _Shown("max_unacked_messages_per_consumer", "max_unacked_messages_per_consumer", read_integer),
    _Shown("max_unacked_messages_per_subscription", "max_unacked_messages_per_subscription", read_integer),
    _Shown("max_subscriptions_per_topic", "max_subscriptions_per_topic", read_integer),
    _Shown("compaction_threshold", "compaction_threshold", read_long),
    _Shown("offload_threshold", "offload_threshold", read_plain_long),
    _Shown("offload_threshold_in_seconds", "offload_threshold_seconds", read_plain_long),
    _Shown("offload_deletion_lag_ms", "offload_deletion_lag_ms", read_long),
    _Shown("max_topics_per_namespace", "max_topics_per_namespace", read_integer),
    _Shown("schema_auto_update_compatibility_strategy", "schema_auto_update_strategy", read_text),
    _Shown("schema_compatibility_strategy", "schema_compatibility", _strategy),
    _Shown("is_allow_auto_update_schema", "schema_auto_update", read_flag),
    _Shown("schema_validation_enforced", "schema_validation_enforced", read_plain_flag),
    _Shown("deduplicationSnapshotIntervalSeconds", "deduplication_snapshot_interval", read_integer),
    _Shown("subscription_types_enabled", "subscription_types_enabled", read_texts),
    _Shown("properties", "properties", read_text_map),
    _Shown("resource_group_name", "resource_group", read_text),
    _Shown("dispatcherPauseOnAckStatePersistentEnabled", "pause_on_ack_state_persistent", read_flag),
)


def shown_namespace(policies: Policies) -> dict[str, object]:
    """Return a namespace's policies with those that were never set."""
    roles = {"namespace_auth": policies.permissions or {}, "subscription_auth_roles": policies.subscription_permissions or {}}
    auth = {"auth_policies": {"destination_auth": {}, **roles}}
    set_here = {each.name: each.shown(value) for each in _SHOWN if (value := getattr(policies, each.field)) is not None}
    return _AS_NEW | auth | set_here


def read_policies(request: Request) -> Policies:
    """Return the policies that a namespace is to be made with.

    Raises:
        UnreadableBody: one has another form.
    """
    return read_as(request, _read_policies)


def _read_policies(reading: Reading, place: Place, value: JsonValue) -> Policies:
    if value is None:
        return Policies()
    if not isinstance(value, dict):
        refuse_part(place, _CLASS, value)
    found = {each.field: each.read(reading, place.step(_CLASS, each.name), value[each.name]) for each in _SHOWN if each.name in value}
    return replace(Policies(), **found)  # type: ignore[arg-type] # fields by name
