"""The broker against the simplest model of itself: who acknowledged what, and nothing else.

Whatever is done in whatever order: nothing is lost, nothing comes again after its acknowledgement, Exclusive and Failover keep their
order, Key_Shared keeps the order of each key and never lets two consumers hold one key at once, counts and backlog agree.
"""

import pytest
from hypothesis import settings
from hypothesis import strategies as some
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, multiple, rule

from pfemu.broker.consumer import ConsumerTraits
from pfemu.model.message import ExplicitMetadata
from pfemu.model.subscription import SubscriptionType
from tests.broker.station import EXCLUSIVE, FAILOVER, KEY_SHARED, SHARED, Station

KEYS = "abcdefgh"


class Watcher:
    """A consumer that checks what it gets as it comes."""

    def __init__(self, machine):
        self.machine = machine
        self.held = []
        self.skipped = set()
        """What it held when it was skipped: still counted, and never sent again."""

    def deliver(self, delivery):
        counts = delivery.redelivery_counts or [0] * len(delivery.entries)
        for entry, count in zip(delivery.entries, counts, strict=True):
            self.machine.came(self, entry, count)

    def rewound(self):
        self.held.clear()

    def disconnected(self):
        raise AssertionError("nobody disconnects it")


class BrokerMachine(RuleBasedStateMachine):
    kind: SubscriptionType
    watchers = Bundle("watchers")

    @initialize(target=watchers, max_entries=some.integers(1, 6), already=some.booleans())
    def start(self, max_entries, already):
        self.station = Station(max_entries=max_entries)
        self.topic = self.station.topic()
        self.topic.ensure_subscription("s", 0)
        self.producer = self.station.producer()
        self.published = 0
        self.unacknowledged = set()
        self.counts = {}
        self.connected = []
        self.last_sent = -1
        self.first_of_key = {}
        return multiple(*self.start_with_two()) if already else multiple()

    def start_with_two(self):
        """Let a consumer join one that holds something of each key."""
        first = self.connect("one", 1000)
        for key in KEYS:
            self.publish(1, key, 0, at_once=True)
        return {first: None, self.connect("two", 1000): None}

    @property
    def subscription(self):
        return self.topic.subscription("s")

    @property
    def several(self):
        return self.kind in {SHARED, KEY_SHARED}

    def came(self, watcher, entry, count):
        position = entry.position
        assert position in self.unacknowledged
        assert watcher in self.connected
        assert entry.metadata.deliver_at_ms <= self.station.now_ms or not self.several
        assert count == self.counts.get(position, 0)
        if self.several:
            assert all(position not in other.held for other in self.connected)
        else:
            assert watcher.consumer is self.subscription.dispatcher.active_consumer
            assert position == min((left for left in self.unacknowledged if left > self.last_sent), default=None)
            self.last_sent = position
        if self.kind is KEY_SHARED:
            key = entry.metadata.partition_key
            held = [(other, one) for other in self.connected for one in other.held if self.key_of(one) == key]
            assert all(other is watcher for other, _ in held)
            self.check_order_of_key(key, entry)
        watcher.held.append(position)

    def check_order_of_key(self, key, entry):
        """Of what comes for the first time and was never delayed, a key's messages come in order."""
        seen = self.first_of_key.setdefault(key, set())
        if not entry.metadata.deliver_at_ms and entry.position not in seen:
            assert all(earlier < entry.position for earlier in seen)
            seen.add(entry.position)

    def key_of(self, position):
        return self.topic.ledger.entry_at(position).metadata.partition_key

    @rule(count=some.integers(1, 8), key=some.sampled_from(KEYS), delay=some.sampled_from([0, 0, 0, 2000]), at_once=some.booleans())
    def publish(self, count, key, delay, at_once):
        metadata = ExplicitMetadata(partition_key=key, deliver_at_ms=self.station.now_ms + delay if delay else 0)
        for _ in range(count):
            self.station.engine.publish(self.producer, b"x", self.published, metadata)
            self.unacknowledged.add(self.published)
            self.published += 1
        if at_once:
            self.station.run()

    @rule(target=watchers, name=some.sampled_from(["one", "two", "three"]), permits=some.sampled_from([0, 3, 1000]))
    def connect(self, name, permits):
        if self.kind is EXCLUSIVE and self.connected:
            return self.connected[0]
        watcher = Watcher(self)
        before = self.active
        watcher.consumer = self.station.engine.subscribe(self.topic.name, "s", self.kind, watcher, ConsumerTraits(name), position=0)
        self.connected.append(watcher)
        self.active_may_have_changed(before)
        self.station.engine.flow(watcher.consumer, permits)
        return watcher

    @property
    def active(self):
        dispatcher = self.subscription.dispatcher
        return dispatcher.active_consumer if dispatcher else None

    def active_may_have_changed(self, before):
        if self.active is not before:
            self.last_sent = -1

    @rule(watcher=watchers, permits=some.integers(1, 12))
    def flow(self, watcher, permits):
        if watcher in self.connected:
            self.station.engine.flow(watcher.consumer, permits)

    @rule(watcher=consumes(watchers))
    def close(self, watcher):
        if watcher not in self.connected:
            return
        before = self.active
        self.connected.remove(watcher)
        watcher.held.clear()
        watcher.skipped.clear()
        self.station.engine.close_consumer(watcher.consumer)
        self.active_may_have_changed(before)
        if not self.connected:
            self.counts.clear()

    @rule()
    def run(self):
        self.station.run()

    @rule(seconds=some.integers(1, 3))
    def advance(self, seconds):
        self.station.advance(seconds)

    @rule(watcher=watchers, place=some.integers(0, 30))
    def acknowledge(self, watcher, place):
        if watcher in self.connected and watcher.held:
            self.done(watcher, watcher.held[place % len(watcher.held)])

    @rule(watcher=watchers)
    def acknowledge_all(self, watcher):
        if watcher in self.connected:
            for position in list(watcher.held):
                self.done(watcher, position)

    def done(self, watcher, position):
        self.station.engine.acknowledge(watcher.consumer, position)
        self.unacknowledged.discard(position)
        self.counts.pop(position, None)
        watcher.held = [held for held in watcher.held if held != position]

    @rule(watcher=watchers, place=some.integers(0, 30))
    def acknowledge_up_to(self, watcher, place):
        if self.several or watcher not in self.connected or not watcher.held:
            return
        position = sorted(watcher.held)[place % len(watcher.held)]
        self.station.engine.acknowledge_cumulative(watcher.consumer, position)
        self.forget_up_to(position)
        self.last_sent = max(self.last_sent, position)

    @rule(count=some.integers(1, 4))
    def skip(self, count):
        skipped = sorted(self.unacknowledged)[:count]
        self.subscription.skip(count)
        if skipped:
            if self.several:
                for watcher in self.connected:
                    watcher.skipped |= {held for held in watcher.held if held <= skipped[-1]}
            self.forget_up_to(skipped[-1])
            self.last_sent = max(self.last_sent, skipped[-1])

    def forget_up_to(self, position):
        self.unacknowledged = {left for left in self.unacknowledged if left > position}
        self.counts = {left: count for left, count in self.counts.items() if left > position}
        for watcher in self.connected:
            watcher.held = [held for held in watcher.held if held > position]

    @rule(watcher=watchers, place=some.integers(0, 30), everything=some.booleans())
    def redeliver(self, watcher, place, everything):
        if watcher not in self.connected or not watcher.held:
            return
        positions = list(watcher.held) if everything else [watcher.held[place % len(watcher.held)]]
        if everything:
            watcher.skipped.clear()
        self.station.engine.redeliver(watcher.consumer, None if everything else positions)
        if self.several:
            watcher.held = [held for held in watcher.held if held not in positions]
            for position in positions:
                self.counts[position] = self.counts.get(position, 0) + 1
        elif watcher.consumer is self.active:
            watcher.held.clear()
            self.last_sent = -1

    @rule(watcher=watchers, place=some.integers(0, 50))
    def seek(self, watcher, place):
        if watcher not in self.connected:
            return
        position = max(place % (self.published + 1), self.topic.ledger.first_position)
        self.station.engine.seek(watcher.consumer, position)
        self.unacknowledged = set(range(position, self.published))
        self.counts.clear()
        self.first_of_key.clear()
        self.last_sent = -1
        for each in self.connected:
            each.held.clear()
            each.skipped.clear()

    @invariant()
    def agrees(self):
        assert self.subscription.backlog == len(self.unacknowledged)
        first = min(self.unacknowledged, default=self.published)
        assert self.subscription.cursor.mark_delete == first - 1
        assert self.topic.ledger.first_position <= first
        if self.several:
            assert self.subscription.unacknowledged == sum(len(watcher.held) + len(watcher.skipped) for watcher in self.connected)
            assert all(set(watcher.consumer.pending) == {*watcher.held, *watcher.skipped} for watcher in self.connected)

    def teardown(self):
        """Whoever is left, or one more, gets all that nobody holds."""
        if not hasattr(self, "station"):
            return
        if not self.connected:
            self.connect("last", 0)
        self.station.advance(10)
        for _ in range(2 * self.published + 2):
            for watcher in self.connected:
                self.station.engine.flow(watcher.consumer, 1000)
            self.station.run()
            for watcher in self.connected:
                self.acknowledge_all(watcher)
            if not self.unacknowledged:
                break
            if not self.several:
                self.station.engine.redeliver(self.holder_of_all().consumer, None)
                self.last_sent = -1
        assert not self.unacknowledged
        assert self.subscription.backlog == 0

    def holder_of_all(self):
        return next(watcher for watcher in self.connected if watcher.consumer is self.active)


@pytest.mark.parametrize("kind", [EXCLUSIVE, FAILOVER, SHARED, KEY_SHARED])
def test_whatever_is_done_nothing_is_lost_repeated_or_out_of_order(kind):
    machine = type(f"{kind.name.title()}Machine", (BrokerMachine,), {"kind": kind})
    machine.TestCase.settings = settings(stateful_step_count=40, max_examples=50)
    machine.TestCase("runTest").runTest()
