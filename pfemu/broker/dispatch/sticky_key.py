"""Key_Shared: each key has one consumer (``PersistentStickyKeyDispatcherMultipleConsumers``, ``DrainingHashesTracker``).

* A selector maps the slot of a message's sticky key to a consumer: a ring of consumers in the auto-split mode, the ranges they ask for
  in the sticky mode. Slots that nobody took wait in the backlog.
* When a consumer joins, slots it takes over are drained first: their messages wait until the former owner has acknowledged, or was
  asked to give back, what it holds of the slot (PIP-379).
* An entry that cannot go now waits in a queue of its slot. The queues are served before anything new is read, so whatever keeps an
  entry in its queue keeps later ones of the slot as well: order by key needs no further check.
* With ``allow_out_of_order_delivery`` nothing is drained.
* A batch goes by the key of its entry, whatever keys its messages have.
* As many entries as :data:`LOOK_AHEAD` a consumer may wait; then no new ones are read (``keySharedLookAheadMsgInReplayThreshold``).
"""

from collections.abc import Iterable
from heapq import heapify, heappop, heappush

from pfemu.broker.consumer import Consumer, Delivery
from pfemu.broker.dispatch.multiple import MultipleConsumersDispatcher
from pfemu.broker.storage.managed_cursor import ManagedCursor
from pfemu.broker.storage.managed_ledger import ManagedLedger
from pfemu.errors import ConsumerBusy
from pfemu.model.key_shared import RANGE_SIZE, ConsistentHashingRing, HashRange, StickyKeySelector, sticky_key
from pfemu.model.key_shared_ranges import ExclusiveRanges
from pfemu.model.message import Entry
from pfemu.model.subscription import KeySharedMode, KeySharedPolicy

LOOK_AHEAD = 2_000


class StickyKeyDispatcher(MultipleConsumersDispatcher):
    """Deals entries to the consumer that owns their key."""

    __slots__ = ("_cleared", "_draining", "_exclusive", "_known_slots", "_queued_count", "_queues", "_ring", "_selector", "policy")

    def __init__(self, ledger: ManagedLedger, cursor: ManagedCursor, policy: KeySharedPolicy) -> None:
        super().__init__(ledger, cursor)
        self.policy = policy
        self._ring: ConsistentHashingRing[Consumer] = ConsistentHashingRing()
        self._exclusive: ExclusiveRanges[Consumer] | None = ExclusiveRanges() if policy.mode is KeySharedMode.STICKY else None
        self._selector: StickyKeySelector[Consumer] = self._ring if self._exclusive is None else self._exclusive
        self._known_slots: dict[str, int] = {}
        self._draining: dict[int, tuple[Consumer, int]] = {}
        """By slot: who held entries of it before it was given to another, and how many it still holds."""
        self._cleared: dict[Consumer, int] = {}
        """How many slots each consumer has set free."""
        self._queues: dict[int, list[int]] = {}
        """By slot: a heap of positions that wait."""
        self._queued_count = 0

    def add_consumer(self, consumer: Consumer) -> None:
        """Take a consumer in; slots that move to it are drained first."""
        if not self.policy.agrees_with(consumer.traits.key_shared):
            raise ConsumerBusy("Subscription is of different type")
        if self._exclusive is None:
            self._ring.add(consumer, consumer.name)
        else:
            self._exclusive.add(consumer, [HashRange(start, end) for start, end in consumer.traits.key_shared.ranges])
        super().add_consumer(consumer)
        self._drain_what_moved()

    def _drain_what_moved(self) -> None:
        if self.policy.allow_out_of_order_delivery:
            return
        draining: dict[int, tuple[Consumer, int]] = {}
        for holder in self.consumers if len(self.consumers) > 1 else ():
            for entry in holder.pending.values():
                slot = self._slot(entry)
                if entry.position > self._cursor.mark_delete and self._selector.owner(slot) is not holder:
                    draining[slot] = (holder, draining[slot][1] + 1 if slot in draining else 1)
        self._draining = draining

    def remove_consumer(self, consumer: Consumer) -> None:
        """Let a consumer go; what it held goes to the new owners of its slots, in order."""
        self._selector.remove(consumer)
        self._draining = {slot: drained for slot, drained in self._draining.items() if drained[0] is not consumer}
        self._cleared.pop(consumer, None)
        super().remove_consumer(consumer)
        if not self.consumers:
            self._forget_queues()

    def acknowledged(self, consumer: Consumer, position: int) -> bool:
        """Take an acknowledged entry off whoever holds it; the last one of a slot sets the slot free."""
        if not self._draining or position <= self._cursor.mark_delete:
            return super().acknowledged(consumer, position)
        entry = self._held(position)
        unblocked = super().acknowledged(consumer, position)
        return (entry is not None and self._drained(entry)) or unblocked

    def _held(self, position: int) -> Entry | None:
        return next((held for consumer in self.consumers if (held := consumer.pending.get(position))), None)

    def _drained(self, entry: Entry) -> bool:
        """Count an entry off its slot; whether the slot is free now."""
        slot = self._slot(entry)
        if slot not in self._draining:
            return False
        holder, left = self._draining.pop(slot)
        if left > 1:
            self._draining[slot] = (holder, left - 1)
        else:
            self._cleared[holder] = self._cleared.get(holder, 0) + 1
        return left <= 1

    def acknowledged_up_to(self, position: int) -> bool:
        """Send none of the entries up to that one any more; they keep no slot from its new owner."""
        super().acknowledged_up_to(position)
        if self._draining:
            self._drain_what_moved()
        return False

    def redeliver(self, consumer: Consumer, positions: Iterable[int] | None) -> None:
        """Take entries off the consumer and queue them again, in the order of their keys."""
        super().redeliver(consumer, positions)
        if self._draining:
            self._drain_what_moved()

    def reset(self) -> None:
        """Forget what was sent, counted, kept back and drained."""
        super().reset()
        self._draining.clear()
        self._forget_queues()

    def _forget_queues(self) -> None:
        self._queues.clear()
        self._queued_count = 0

    def dispatch(self, now_ms: int) -> list[Delivery]:
        """Send each entry to its owner, what waits first."""
        if len(self.consumers) == 1 and self.policy.mode is KeySharedMode.AUTO_SPLIT and not self._draining:
            self._unqueue()
            return super().dispatch(now_ms)
        self._queue_due(now_ms)
        self._queue_replay()
        chosen: dict[Consumer, list[Entry]] = {}
        room = {} if self.blocked else {consumer: consumer.wants for consumer in self.consumers if consumer.wants > 0}
        self._choose_waiting(chosen, room)
        self._choose_new(chosen, room, now_ms)
        return [
            self._hand_to(consumer, entries, sum([entry.message_count for entry in entries]), now_ms)
            for consumer, entries in chosen.items()
        ]

    def _unqueue(self) -> None:
        """Let a consumer that is alone have everything in order of position."""
        if self._queues:
            self._replay.extend(position for queue in self._queues.values() for position in queue)
            heapify(self._replay)
            self._forget_queues()

    def _queue_replay(self) -> None:
        replay = sorted(self._replay)
        self._replay.clear()
        for position in replay:
            entry = self._unacknowledged_at(position)
            if entry is not None:
                self._queue(self._slot(entry), position)

    def _queue(self, slot: int, position: int) -> None:
        heappush(self._queues.setdefault(slot, []), position)
        self._queued_count += 1

    def _choose_waiting(self, chosen: dict[Consumer, list[Entry]], room: dict[Consumer, int]) -> None:
        """Choose from the queues, lowest position first."""
        heads = [(queue[0], slot) for slot, queue in self._queues.items()] if room else []
        heapify(heads)
        while heads and room:
            position, slot = heappop(heads)
            owner = self._taker(slot, room)
            if owner is None:
                continue
            queue = self._queues[slot]
            heappop(queue)
            self._queued_count -= 1
            if queue:
                heappush(heads, (queue[0], slot))
            else:
                del self._queues[slot]
            entry = self._unacknowledged_at(position)
            if entry is not None:
                _choose(owner, entry, chosen, room)

    def _choose_new(self, chosen: dict[Consumer, list[Entry]], room: dict[Consumer, int], now_ms: int) -> None:
        """Choose from what was never read; what cannot go now is queued."""
        look_ahead = LOOK_AHEAD * len(self.consumers)
        while room and self._queued_count < look_ahead:
            entries = self._cursor.read(min(sum(room.values()), look_ahead))
            if not entries:
                return
            for entry in entries:
                if self._put_aside(entry, now_ms):
                    continue
                slot = self._slot(entry)
                owner = self._taker(slot, room)
                if owner is None:
                    self._queue(slot, entry.position)
                else:
                    _choose(owner, entry, chosen, room)

    def _taker(self, slot: int, room: dict[Consumer, int]) -> Consumer | None:
        """Return the owner of a slot if it may have more of it now."""
        owner = self._selector.owner(slot)
        if owner is None or owner not in room:
            return None
        drained = self._draining.get(slot)
        return owner if drained is None or drained[0] is owner else None

    def taker_of(self, entry: Entry) -> Consumer | None:
        """Return the owner of its key if it has permits."""
        owner = self._selector.owner(self._slot(entry))
        return owner if owner is not None and owner.wants > 0 else None

    def _slot(self, entry: Entry) -> int:
        metadata = entry.metadata
        key = metadata.ordering_key or metadata.partition_key
        slot = self._known_slots.get(key)
        if slot is None:
            slot = self._selector.slot(sticky_key(metadata.ordering_key, metadata.partition_key, entry.producer_name, entry.sequence_id))
            if key:
                self._remember(key, slot)
        return slot

    def _remember(self, key: str, slot: int) -> None:
        """Keep the slots of keys in use, because hashing costs more than all the rest."""
        if len(self._known_slots) >= RANGE_SIZE:
            self._known_slots.clear()
        self._known_slots[key] = slot

    @property
    def replay_count(self) -> int:
        """How many entries wait to be sent again, or for their owner."""
        return len(self._replay) + self._queued_count

    @property
    def draining_slots(self) -> dict[int, tuple[Consumer, int]]:
        """By slot: its former owner, and how many entries of the slot it holds."""
        return self._draining

    @property
    def cleared_slots(self) -> dict[Consumer, int]:
        """How many slots each consumer has set free since the consumers were none."""
        return self._cleared

    def ranges(self) -> dict[Consumer, list[HashRange]]:
        """Return the slots of each consumer."""
        return self._selector.ranges()


def _choose(owner: Consumer, entry: Entry, chosen: dict[Consumer, list[Entry]], room: dict[Consumer, int]) -> None:
    chosen.setdefault(owner, []).append(entry)
    room[owner] -= entry.message_count
    if room[owner] <= 0:
        del room[owner]
