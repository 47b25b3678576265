"""A topic's log and cursors from outside (``PersistentTopicInternalStats``, ``ManagedLedgerInternalStats``)."""

from __future__ import annotations

from dataclasses import dataclass

from pfemu.broker.storage.managed_ledger import ManagedLedger
from pfemu.broker.subscription import Subscription
from pfemu.broker.topic import Topic


@dataclass(frozen=True, slots=True)
class LedgerStats:
    """``LedgerInfo``; ``entries`` and ``size`` of the last ledger are 0, because it is open."""

    ledger_id: int
    entries: int
    size: int


@dataclass(frozen=True, slots=True)
class CursorStats:
    """``CursorStats``; positions are ``ledger:entry``."""

    mark_delete_position: str
    read_position: str
    messages_consumed_counter: int
    individually_deleted_messages: str
    number_of_entries_since_first_not_acked_message: int
    total_non_contiguous_deleted_messages_range: int
    active: bool
    state: str
    properties: dict[str, int]


@dataclass(frozen=True, slots=True)
class InternalStats:
    """``PersistentTopicInternalStats``."""

    entries_added_counter: int
    number_of_entries: int
    total_size: int
    current_ledger_entries: int
    current_ledger_size: int
    last_confirmed_entry: str
    state: str
    ledgers: list[LedgerStats]
    cursors: dict[str, CursorStats]


def internal_stats(topic: Topic) -> InternalStats:
    """Return what there is to know about the log of a topic and its cursors now."""
    ledger = topic.ledger
    *closed, current = ledger.segments
    return InternalStats(
        entries_added_counter=ledger.next_position,
        number_of_entries=ledger.next_position - ledger.first_position,
        total_size=ledger.size_bytes,
        current_ledger_entries=len(current.entries),
        current_ledger_size=current.size_bytes,
        last_confirmed_entry=position_text(ledger, ledger.next_position - 1),
        state="Terminated" if topic.terminated else "LedgerOpened",
        ledgers=[
            *(LedgerStats(segment.ledger_id, len(segment.entries), segment.size_bytes) for segment in closed),
            LedgerStats(current.ledger_id, 0, 0),
        ],
        cursors={name: _cursor_stats(subscription, ledger) for name, subscription in topic.subscriptions.items()},
    )


def _cursor_stats(subscription: Subscription, ledger: ManagedLedger) -> CursorStats:
    cursor = subscription.cursor
    ranges = cursor.acknowledged_ranges
    texts = [f"({position_text(ledger, first - 1)}..{position_text(ledger, last)}]" for first, last in ranges]
    return CursorStats(
        mark_delete_position=position_text(ledger, cursor.mark_delete),
        read_position=position_text(ledger, cursor.read_position),
        messages_consumed_counter=ledger.next_position - cursor.backlog,
        individually_deleted_messages=f"[{','.join(texts)}]",
        number_of_entries_since_first_not_acked_message=cursor.read_position - cursor.mark_delete - 1,
        total_non_contiguous_deleted_messages_range=len(ranges),
        active=bool(subscription.consumers),
        state="Open",
        properties={},
    )


def position_text(ledger: ManagedLedger, position: int) -> str:
    """Return a position as ``ledger:entry``; before the first entry of a ledger that is ``ledger:-1``."""
    segment = ledger.segment_of(position)
    return f"{segment.ledger_id}:{position - segment.first}"
