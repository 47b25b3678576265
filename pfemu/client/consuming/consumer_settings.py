"""What a consumer is asked to be: ``_pulsar.ConsumerConfiguration`` as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import _pulsar

from pfemu.client.changing import changer
from pfemu.client.consuming.batch_receive import BatchReceivePolicy
from pfemu.client.consuming.dead_letter import NO_MAXIMUM, DeadLetterPolicy
from pfemu.client.consuming.inbox import Listener
from pfemu.client.consuming.listener_thread import ListenerThread
from pfemu.client.results import client_error
from pfemu.client.schema_info import BYTES, schema_info_of
from pfemu.model.schema import SchemaInfo
from pfemu.model.subscription import InitialPosition, KeySharedMode, KeySharedPolicy, SubscriptionType

if TYPE_CHECKING:
    import pulsar

_TYPES = {
    _pulsar.ConsumerType.Exclusive: SubscriptionType.EXCLUSIVE,
    _pulsar.ConsumerType.Shared: SubscriptionType.SHARED,
    _pulsar.ConsumerType.Failover: SubscriptionType.FAILOVER,
    _pulsar.ConsumerType.KeyShared: SubscriptionType.KEY_SHARED,
}
_POSITIONS = {
    _pulsar.InitialPosition.Earliest: InitialPosition.EARLIEST,
    _pulsar.InitialPosition.Latest: InitialPosition.LATEST,
}
_KEY_SHARED_MODES = {
    _pulsar.KeySharedMode.Sticky: KeySharedMode.STICKY,
    _pulsar.KeySharedMode.AutoSplit: KeySharedMode.AUTO_SPLIT,
}
_KEEPS_EACH = frozenset({SubscriptionType.SHARED, SubscriptionType.KEY_SHARED})


@dataclass(frozen=True)  # without slots, for changer
class ConsumerSettings:
    """Times in milliseconds, queue sizes in messages; ``ack_timeout_ms`` 0 is none.

    Without a ``listener_thread`` the listener runs in steps.
    """

    subscription_type: SubscriptionType = SubscriptionType.EXCLUSIVE
    schema: pulsar.schema.Schema = BYTES
    listener: Listener | None = None
    listener_thread: ListenerThread | None = None
    receiver_queue_size: int = 1000
    max_total_receiver_queue_size: int = 50_000
    consumer_name: str = ""
    negative_ack_delay_ms: int = 60_000
    ack_timeout_ms: int = 0
    initial_position: InitialPosition | int = InitialPosition.LATEST
    start_inclusive: bool = False
    durable: bool = True
    read_compacted: bool = False
    properties: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    dead_letter: DeadLetterPolicy | None = None
    batch_receive: BatchReceivePolicy = field(default_factory=BatchReceivePolicy)
    key_shared: KeySharedPolicy = field(default_factory=KeySharedPolicy)
    schema_info: SchemaInfo | None = None
    discovery_period_ms: int = 60_000
    joins_at_once: bool = False
    batch_index_ack: bool = False

    @property
    def keeps_each(self) -> bool:
        """Whether the broker keeps track of each message: Shared and Key_Shared."""
        return self.subscription_type in _KEEPS_EACH


changed = changer(ConsumerSettings)
"""Settings with other values in some fields."""


def settings_of(conf: Any) -> ConsumerSettings:  # noqa: ANN401 - _pulsar.ConsumerConfiguration, which has no stubs
    """Read a native configuration. It cannot be asked for schema, listener and properties, and does not know whose consumer it is.

    Raises:
        pulsar.InvalidConfiguration: ``is_read_compacted`` with a type of subscription that keeps track of each message.
    """
    settings = ConsumerSettings(
        subscription_type=_TYPES[conf.consumer_type()],
        receiver_queue_size=conf.receiver_queue_size(),
        max_total_receiver_queue_size=conf.max_total_receiver_queue_size_across_partitions(),
        consumer_name=conf.consumer_name(),
        negative_ack_delay_ms=conf.negative_ack_redelivery_delay_ms(),
        ack_timeout_ms=conf.unacked_messages_timeout_ms(),
        initial_position=_position_of(conf),
        start_inclusive=conf.start_message_id_inclusive(),
        read_compacted=conf.read_compacted(),
        dead_letter=_dead_letter_of(conf.dead_letter_policy()),
        batch_receive=_batch_receive_of(conf.batch_receive_policy()),
        key_shared=_key_shared_of(conf.key_shared_policy()),
        schema_info=schema_info_of(conf.schema()),
        discovery_period_ms=conf.pattern_auto_discovery_period() * 1000,
        batch_index_ack=conf.batch_index_ack_enabled(),
    )
    if settings.read_compacted and settings.keeps_each:
        raise client_error("InvalidConfiguration")
    return settings


def _position_of(conf: Any) -> InitialPosition:  # noqa: ANN401 - as in settings_of
    return _POSITIONS[conf.subscription_initial_position()]


def _dead_letter_of(policy: Any) -> DeadLetterPolicy | None:  # noqa: ANN401 - _pulsar.DeadLetterPolicy
    maximum = policy.getMaxRedeliverCount()
    if maximum == NO_MAXIMUM:
        return None
    return DeadLetterPolicy(maximum, policy.getDeadLetterTopic(), policy.getInitialSubscriptionName())


def _batch_receive_of(policy: Any) -> BatchReceivePolicy:  # noqa: ANN401 - _pulsar.BatchReceivePolicy
    return BatchReceivePolicy(policy.getMaxNumMessages(), policy.getMaxNumBytes(), policy.getTimeoutMs())


def _key_shared_of(policy: Any) -> KeySharedPolicy:  # noqa: ANN401 - _pulsar.KeySharedPolicy
    mode = _KEY_SHARED_MODES[policy.get_key_shared_mode()]
    return KeySharedPolicy(
        mode=mode,
        allow_out_of_order_delivery=policy.is_allow_out_of_order_delivery(),
        ranges=tuple((int(first), int(last)) for first, last in policy.get_sticky_ranges()) if mode is KeySharedMode.STICKY else (),
    )
