"""A message on its way out: what ``pulsar.Producer`` was asked to send, after its checks.

pulsar-client's own builder checks the arguments and makes a native message; everything is read back from that, except what it
cannot be asked for (when to deliver, the sequence id), which is kept beside it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import lru_cache
from typing import Any, TypeVar

import _pulsar
import pulsar

from pfemu.model.message import MessageMetadata

_NO_SEQUENCE_ID = -1
_REMEMBERED_KINDS = 256
Kind = TypeVar("Kind", bound=MessageMetadata)


class Outgoing:
    """One message to send. ``sequence_id`` is -1 when the producer is to count; ``deliver_at_ms`` 0 for at once."""

    __slots__ = (
        "deliver_at_ms",
        "event_time_ms",
        "native",
        "null_value",
        "ordering_key",
        "partition_key",
        "payload",
        "properties",
        "sequence_id",
    )

    def __init__(self, native: Any, sequence_id: int = _NO_SEQUENCE_ID, deliver_at_ms: int = 0) -> None:  # noqa: ANN401 - _pulsar.Message, which has no stubs
        self.native = native
        self.payload: bytes = native.data()
        self.partition_key: str = native.partition_key()
        self.ordering_key: str = native.ordering_key()
        self.properties: dict[str, str] = native.properties()
        self.event_time_ms: int = native.event_timestamp()
        self.null_value: bool = native.has_null_value()
        self.sequence_id = sequence_id
        self.deliver_at_ms = deliver_at_ms

    @property
    def is_plain(self) -> bool:
        """Whether it is nothing but a payload."""
        return not (
            self.partition_key or self.ordering_key or self.properties or self.event_time_ms or self.null_value or self.deliver_at_ms
        )

    def for_router(self) -> pulsar.Message:
        """Return what a custom message router is given."""
        wrapped: pulsar.Message = pulsar.Message._wrap(self.native)
        return wrapped


def plain_outgoing(payload: bytes) -> Outgoing:
    """Return a message that is nothing but a payload."""
    return Outgoing(_pulsar.MessageBuilder().content(payload).build())


def delivery_time_ms(deliver_at_ms: int | None, deliver_after: timedelta | None, now_ms: Callable[[], int]) -> int:
    """Return when a message is to be delivered: that long from now, or at that time; 0 for at once."""
    if deliver_after:
        return now_ms() + round(deliver_after.total_seconds() * 1000)
    return deliver_at_ms or 0


def outgoing_of(native: Any) -> Outgoing:  # noqa: ANN401 - as in Outgoing
    """Return a native message that was not built by :class:`~pfemu.client.producing.producer.Producer` (``pulsar.asyncio`` does that).

    Differs: its delivery time is lost, for the native class does not tell it.
    """
    if isinstance(native, Outgoing):
        return native
    sequence_id = str(native).partition(", seq=")[2].partition(",")[0]
    return Outgoing(native, int(sequence_id) if sequence_id not in {"", "0"} else _NO_SEQUENCE_ID)


def metadata_kind(kind: type[Kind], **shared: bytes | str | bool) -> type[Kind]:
    """Return a class of metadata whose messages all have these values: a field of each would cost every message without them."""
    if not any(shared.values()):
        return kind
    parent: type = kind  # a type[Kind] is no Hashable to mypy
    made: type[Kind] = _kind_with(parent, **shared)
    return made


@lru_cache(maxsize=_REMEMBERED_KINDS)
def _kind_with(kind: type, **shared: bytes | str | bool) -> type:
    """Return a class for all producers of these values, because to make one takes longer than to send a message."""
    return type(kind.__name__, (kind,), {"__slots__": (), **{name: value for name, value in shared.items() if value}})
