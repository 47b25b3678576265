"""What a producer is asked to be: ``_pulsar.ProducerConfiguration`` as plain values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import _pulsar

from pfemu.client.changing import changer
from pfemu.client.producing.open_batches import OpenBatches
from pfemu.client.producing.routing import BatchLimits
from pfemu.client.schema_info import schema_info_of
from pfemu.model.schema import SchemaInfo
from pfemu.model.subscription import ProducerAccessMode

_ACCESS = {
    _pulsar.ProducerAccessMode.Shared: ProducerAccessMode.SHARED,
    _pulsar.ProducerAccessMode.Exclusive: ProducerAccessMode.EXCLUSIVE,
    _pulsar.ProducerAccessMode.WaitForExclusive: ProducerAccessMode.WAIT_FOR_EXCLUSIVE,
    _pulsar.ProducerAccessMode.ExclusiveWithFencing: ProducerAccessMode.EXCLUSIVE_WITH_FENCING,
}

_CompressionType = _pulsar.CompressionType
_COMPRESSION = {
    _CompressionType.LZ4: "LZ4",
    _CompressionType.ZLib: "ZLIB",
    _CompressionType.ZSTD: "ZSTD",
    _CompressionType.SNAPPY: "SNAPPY",
}

MessageRouter = Callable[[Any, int], int]


@dataclass(frozen=True)  # without slots, for changer
class ProducerSettings:
    """``for_instance``: it belongs to a function instance. ``open_batches``: where it puts itself when it begins a batch.

    ``timed_batches``: outputs of a function wait for their batch like any other message. ``initial_sequence_id`` -1 is none.
    """

    producer_name: str = ""
    properties: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    initial_sequence_id: int = -1
    access_mode: ProducerAccessMode = ProducerAccessMode.SHARED
    compression: Any = _pulsar.CompressionType.NONE
    batching: BatchLimits | None = None
    chunking: bool = False
    key_based: bool = False
    for_instance: bool = False
    timed_batches: bool = False
    open_batches: OpenBatches | None = None
    max_pending_messages: int = 1000
    block_if_queue_full: bool = False
    single_partition: bool = False
    router: MessageRouter | None = None
    schema_info: SchemaInfo | None = None

    @property
    def compression_name(self) -> str:
        """The protocol's name of the compression, empty for none."""
        return _COMPRESSION.get(self.compression, "")


changed = changer(ProducerSettings)
"""Settings with other values in some fields."""


def settings_of(conf: Any) -> ProducerSettings:  # noqa: ANN401 - _pulsar.ProducerConfiguration, which has no stubs
    """Read a native configuration. It cannot be asked for properties, router and chunking, and does not know whose producer it is."""
    limits = BatchLimits(
        conf.batching_max_messages(),
        conf.batching_max_allowed_size_in_bytes(),
        conf.batching_max_publish_delay_ms(),
    )
    return ProducerSettings(
        producer_name=conf.producer_name(),
        initial_sequence_id=conf.initial_sequence_id(),
        access_mode=_ACCESS[conf.access_mode()],
        compression=conf.compression_type(),
        batching=limits if conf.batching_enabled() else None,
        key_based=conf.batching_type() == _pulsar.BatchingType.KeyBased,
        max_pending_messages=conf.max_pending_messages(),
        block_if_queue_full=conf.block_if_queue_full(),
        single_partition=conf.partitions_routing_mode() == _pulsar.PartitionsRoutingMode.UseSinglePartition,
        schema_info=schema_info_of(conf.schema()),
    )
