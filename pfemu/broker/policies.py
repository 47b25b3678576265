"""What administrators set for a namespace or a topic (``Policies``, ``TopicPolicies`` and the classes of their values).

* A policy that is None was never set; what then counts is said where the policy is.
* A topic's own wins over its namespace's, that over the broker's (:data:`BROKER_POLICIES`).
* The values are read and written as Pulsar's classes are; where nothing is written, the default of such a class holds.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from pfemu.model.configuration.config_reading import (
    JsonValue,
    Place,
    Reading,
    read_double,
    read_integer,
    read_plain_flag,
    read_plain_integer,
    read_plain_long,
    read_text,
)
from pfemu.model.configuration.config_structures import Choice, setting

_MEBIBYTE = 1 << 20
_GIBIBYTE = 1 << 30
_MINUTE_S = 60
_DATA = "org.apache.pulsar.common.policies.data"
DESTINATION_STORAGE = "destination_storage"
MESSAGE_AGE = "message_age"
INVALID_RETENTION = (
    "Invalid retention policy: Setting a single time or size limit to 0 is invalid when one of the limits has a non-zero value. "
    "Use the value of -1 instead of 0 to ignore a specific limit. To disable retention both limits must be set to 0."
)
QUOTA_KINDS = (DESTINATION_STORAGE, MESSAGE_AGE)


def _read_plain_double(reading: Reading, place: Place, value: JsonValue) -> float:
    """A ``double``, which is 0 where nothing is written."""
    return read_double(reading, place, value) or 0.0


@dataclass(frozen=True, slots=True)
class RetentionPolicies:
    """What acknowledged messages are kept for: the older and what is beyond the size goes; -1 is no limit, 0 and 0 keeps nothing."""

    time_minutes: int = setting(read_plain_integer, default=0, name="retentionTimeInMinutes")
    size_mb: int = setting(read_plain_long, default=0, name="retentionSizeInMB")

    @property
    def is_half_nothing(self) -> bool:
        """Whether only one of both is 0, which administrators may not set."""
        return (self.time_minutes == 0) != (self.size_mb == 0)


class BacklogQuotaPolicy(StrEnum):
    """What happens to a backlog that is too large or too old (``BacklogQuota.RetentionPolicy``)."""

    PRODUCER_REQUEST_HOLD = "producer_request_hold"
    PRODUCER_EXCEPTION = "producer_exception"
    CONSUMER_BACKLOG_EVICTION = "consumer_backlog_eviction"


@dataclass(frozen=True, slots=True)
class BacklogQuota:
    """How much a topic may hold that is not acknowledged, in bytes or in seconds of its oldest message; -1 is no limit."""

    limit: int = setting(read_plain_long, default=0)
    """The older name of ``limit_size``."""
    limit_size: int = setting(read_plain_long, default=0)
    limit_time: int = setting(read_plain_integer, default=0)
    policy: BacklogQuotaPolicy | None = setting(Choice(BacklogQuotaPolicy, f"{_DATA}.BacklogQuota$RetentionPolicy"))

    def __post_init__(self) -> None:
        """Let both names of the size say the same."""
        size = self.limit_size or self.limit
        object.__setattr__(self, "limit", size)
        object.__setattr__(self, "limit_size", size)

    def fits(self, retention: RetentionPolicies | None) -> bool:
        """Whether what is retained may be more than this lets nobody acknowledge (``AdminResource.checkBacklogQuota``)."""
        if retention is None:
            return True
        may_be_larger = retention.size_mb <= 0 or self.limit_size < retention.size_mb * _MEBIBYTE
        return may_be_larger and (retention.time_minutes <= 0 or self.limit_time < retention.time_minutes * _MINUTE_S)


@dataclass(frozen=True, slots=True)
class DispatchRate:
    """How fast consumers get messages; 0 or less is no limit."""

    dispatch_throttling_rate_in_msg: int = setting(read_plain_integer, default=0)
    dispatch_throttling_rate_in_byte: int = setting(read_plain_long, default=0)
    relative_to_publish_rate: bool = setting(read_plain_flag, default=False)
    rate_period_in_second: int = setting(read_plain_integer, default=0)


@dataclass(frozen=True, slots=True)
class PublishRate:
    """How fast producers may send; -1 is no limit."""

    publish_throttling_rate_in_msg: int = setting(read_plain_integer, default=-1)
    publish_throttling_rate_in_byte: int = setting(read_plain_long, default=-1)


@dataclass(frozen=True, slots=True)
class SubscribeRate:
    """How often one consumer may subscribe; -1 is no limit."""

    subscribe_throttling_rate_per_consumer: int = setting(read_plain_integer, default=-1)
    rate_period_in_second: int = setting(read_plain_integer, default=30)


@dataclass(frozen=True, slots=True)
class DelayedDeliveryPolicies:
    """Whether messages may be delivered later, and at most how much later."""

    tick_time: int = setting(read_plain_long, default=0)
    """Milliseconds."""
    active: bool = setting(read_plain_flag, default=False)
    max_delivery_delay_in_millis: int = setting(read_plain_long, default=0)
    """0: any."""


class InactiveTopicDeleteMode(StrEnum):
    """Which topics nobody needs any more."""

    NO_SUBSCRIPTIONS = "delete_when_no_subscriptions"
    CAUGHT_UP = "delete_when_subscriptions_caught_up"


@dataclass(frozen=True, slots=True)
class InactiveTopicPolicies:
    """Which topics are deleted by themselves."""

    inactive_topic_delete_mode: InactiveTopicDeleteMode | None = setting(
        Choice(InactiveTopicDeleteMode, f"{_DATA}.InactiveTopicDeleteMode")
    )
    max_inactive_duration_seconds: int = setting(read_plain_integer, default=0)
    delete_while_inactive: bool = setting(read_plain_flag, default=False)


@dataclass(frozen=True, slots=True)
class PersistencePolicies:
    """How many bookies store a message."""

    bookkeeper_ensemble: int = setting(read_plain_integer, default=2)
    bookkeeper_write_quorum: int = setting(read_plain_integer, default=2)
    bookkeeper_ack_quorum: int = setting(read_plain_integer, default=2)
    managed_ledger_max_mark_delete_rate: float = setting(_read_plain_double, default=0.0)


@dataclass(frozen=True, slots=True)
class AutoTopicCreation:
    """What use makes of a name that is no topic yet (``AutoTopicCreationOverride``); without ``partitions`` a topic without."""

    allowed: bool = setting(read_plain_flag, default=False, name="allowAutoTopicCreation")
    topic_type: str | None = setting(read_text)
    partitions: int | None = setting(read_integer, name="defaultNumPartitions")


@dataclass(frozen=True, slots=True)
class Policies:
    """What can be set for a namespace, or for a topic, where it wins.

    Differs: rates are kept and shown, and nobody is slowed down: broker time passes by what is to be done, not by how long that takes.
    Differs: neither topics nor subscriptions that nobody uses are deleted by themselves, whatever policies say.
    """

    message_ttl_seconds: int | None = None
    """None or 0: messages never expire."""
    retention: RetentionPolicies | None = None
    """None: nothing acknowledged is kept."""
    deduplication: bool | None = None
    """None: off."""
    schema_compatibility: str | None = None
    """A name of ``SchemaCompatibilityStrategy``; None: FULL."""
    schema_validation_enforced: bool | None = None
    """None: off."""
    schema_auto_update: bool | None = None
    """``is_allow_auto_update_schema``; None: on."""
    max_producers_per_topic: int | None = None
    """None or 0, here and in the following: no limit."""
    max_consumers_per_topic: int | None = None
    max_consumers_per_subscription: int | None = None
    max_subscriptions_per_topic: int | None = None
    max_topics_per_namespace: int | None = None
    max_unacked_messages_per_consumer: int | None = None
    """None: 50,000; 0: no limit."""
    max_unacked_messages_per_subscription: int | None = None
    """None: 200,000; 0: no limit."""
    max_message_bytes: int | None = None
    """Of topics only. None or 0: as large as the broker takes."""
    subscription_types_enabled: tuple[str, ...] | None = None
    """Names of types as the broker shows them; None or empty: all."""
    auto_topic_creation: AutoTopicCreation | None = None
    """None: topics make themselves, unpartitioned."""
    auto_subscription_creation: bool | None = None
    """None: subscriptions make themselves."""
    backlog_quotas: Mapping[str, BacklogQuota] | None = None
    """By kind, :data:`DESTINATION_STORAGE` or :data:`MESSAGE_AGE`."""
    delayed_delivery: DelayedDeliveryPolicies | None = None
    """None: any delay."""
    compaction_threshold: int | None = None
    """At how many bytes that are not compacted a topic is compacted; None or 0: never."""
    encryption_required: bool | None = None
    """None: producers need not encrypt."""

    # What follows is kept and shown, and changes nothing.
    dispatch_rate: DispatchRate | None = None
    cluster_dispatch_rate: DispatchRate | None = None
    """The same of a whole namespace, as it once was; whoever sets the one sets the other."""
    subscription_dispatch_rate: DispatchRate | None = None
    subscription_dispatch_rates: Mapping[str, DispatchRate] | None = None
    """Of topics only, by subscription."""
    replicator_dispatch_rate: DispatchRate | None = None
    publish_rate: PublishRate | None = None
    subscribe_rate: SubscribeRate | None = None
    inactive_topics: InactiveTopicPolicies | None = None
    persistence: PersistencePolicies | None = None
    subscription_expiration_minutes: int | None = None
    deduplication_snapshot_interval: int | None = None
    """Entries."""
    pause_on_ack_state_persistent: bool | None = None
    replication_clusters: tuple[str, ...] | None = None

    # And of namespaces alone.
    subscription_auth_mode: str | None = None
    anti_affinity_group: str | None = None
    properties: Mapping[str, str] | None = None
    allowed_clusters: tuple[str, ...] | None = None
    resource_group: str | None = None
    bookie_affinity: Mapping[str, str] | None = None
    permissions: Mapping[str, tuple[str, ...]] | None = None
    """Actions by role."""
    topic_permissions: Mapping[str, Mapping[str, tuple[str, ...]]] | None = None
    """The same, by topic."""
    subscription_permissions: Mapping[str, tuple[str, ...]] | None = None
    """Roles by subscription."""
    offload_threshold: int | None = None
    """Bytes; -1: never."""
    offload_threshold_seconds: int | None = None
    offload_deletion_lag_ms: int | None = None
    schema_auto_update_strategy: str | None = None

    def over(self, other: "Policies") -> "Policies":
        """Return these where they are set, the other ones where not; backlog quotas kind by kind."""
        own = {name: value for name in Policies.__slots__ if (value := getattr(self, name)) is not None}
        if self.backlog_quotas is not None:
            own["backlog_quotas"] = {**(other.backlog_quotas or {}), **self.backlog_quotas}
        return replace(other, **own)


NO_POLICIES = Policies()
BROKER_QUOTA = BacklogQuota(limit_size=10 * _GIBIBYTE, limit_time=-1, policy=BacklogQuotaPolicy.PRODUCER_REQUEST_HOLD)
_NO_RATE = DispatchRate(rate_period_in_second=1)
BROKER_POLICIES = Policies(
    message_ttl_seconds=0,
    retention=RetentionPolicies(),
    deduplication=False,
    schema_compatibility="FULL",
    schema_validation_enforced=False,
    max_producers_per_topic=0,
    max_consumers_per_topic=0,
    max_consumers_per_subscription=0,
    max_subscriptions_per_topic=0,
    max_unacked_messages_per_consumer=50_000,
    max_unacked_messages_per_subscription=200_000,
    subscription_types_enabled=(),
    auto_subscription_creation=True,
    backlog_quotas={DESTINATION_STORAGE: BROKER_QUOTA, MESSAGE_AGE: BROKER_QUOTA},
    delayed_delivery=DelayedDeliveryPolicies(1000, active=True),
    compaction_threshold=0,
    dispatch_rate=_NO_RATE,
    subscription_dispatch_rate=_NO_RATE,
    replicator_dispatch_rate=_NO_RATE,
    subscribe_rate=SubscribeRate(0),
    inactive_topics=InactiveTopicPolicies(InactiveTopicDeleteMode.NO_SUBSCRIPTIONS, 60, delete_while_inactive=True),
    persistence=PersistencePolicies(1, 1, 1, 0.1),
    pause_on_ack_state_persistent=False,
    replication_clusters=("standalone",),
)
"""What counts where nothing was set, as ``applied`` shows it."""
