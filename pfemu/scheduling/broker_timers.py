"""What the broker does when time has passed: deliver what was delayed, expire what was not taken, look at backlogs.

Timers stand only while there is something to wait for, so an idle emulator has none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from pfemu.broker.backlog_quotas import CHECK_INTERVAL_MS as CHECK_BACKLOGS_MS
from pfemu.broker.backlog_quotas import enforce, is_watched
from pfemu.broker.broker_service import BrokerService
from pfemu.broker.expiry import CHECK_INTERVAL_MS, expire_messages
from pfemu.broker.subscription import Subscription
from pfemu.broker.topic import Topic
from pfemu.ports import Scheduler, Timer


class DelayedDeliveryTimers:
    """One timer for each subscription that has delayed entries; ``wake`` is called when the first of them is due."""

    def __init__(self, scheduler: Scheduler, wake: Callable[[Subscription], object]) -> None:
        self._scheduler = scheduler
        self._wake = wake
        self._armed: dict[Subscription, tuple[int, Timer]] = {}

    def arm(self, subscription: Subscription) -> None:
        """Have the subscription woken when its first delayed entry is due, if it has one."""
        dispatcher = subscription.dispatcher
        due_ms = None if dispatcher is None else dispatcher.next_due_ms()
        if due_ms is None:
            return
        armed = self._armed.get(subscription)
        if armed is not None:
            if armed[0] == due_ms:
                return
            armed[1].cancel()

        def wake() -> None:
            del self._armed[subscription]
            self._wake(subscription)

        self._armed[subscription] = (due_ms, self._scheduler.at(due_ms, wake))


class ExpiryTimer:
    """Expires messages at every full check interval since the start; ``done`` is called after each check."""

    def __init__(self, scheduler: Scheduler, broker: BrokerService, done: Callable[[], object]) -> None:
        self._scheduler = scheduler
        self._broker = broker
        self._done = done
        self._started_ms = scheduler.now_ms()
        self._timer: Timer | None = None

    def arm(self) -> None:
        """Have the next check made, if any message may expire."""
        if self._timer is None and any(self._expiring()):
            since_start_ms = self._scheduler.now_ms() - self._started_ms
            due_ms = self._started_ms + (since_start_ms // CHECK_INTERVAL_MS + 1) * CHECK_INTERVAL_MS
            self._timer = self._scheduler.at(due_ms, self._expire)

    def _expiring(self) -> Iterator[tuple[Subscription, int]]:
        """Yield the subscriptions that have messages with a time to live, in seconds."""
        for topic in self._broker.topics.values():
            if seconds := topic.policies.message_ttl_seconds:
                yield from ((subscription, seconds) for subscription in topic.expiring if subscription.backlog)

    def _expire(self) -> None:
        self._timer = None
        for subscription, seconds in list(self._expiring()):
            expire_messages(subscription, seconds, self._scheduler.now_ms())
        self.arm()
        self._done()


class PolicyTimer:
    """Looks at backlogs and at what is to be compacted, every minute while policies ask for either; ``done`` is called after each look."""

    def __init__(self, scheduler: Scheduler, broker: BrokerService, done: Callable[[], object]) -> None:
        self._scheduler = scheduler
        self._broker = broker
        self._done = done
        self._timer: Timer | None = None

    def arm(self) -> None:
        """Have the next look taken, if any topic's policies ask for it."""
        if self._timer is None and any(self._watched()):
            self._timer = self._scheduler.at(self._scheduler.now_ms() + CHECK_BACKLOGS_MS, self._look)

    def _watched(self) -> Iterator[Topic]:
        return (topic for topic in self._broker.topics.values() if is_watched(topic))

    def _look(self) -> None:
        self._timer = None
        self.run()
        self.arm()

    def run(self) -> None:
        """Look now."""
        now_ms = self._scheduler.now_ms()
        for topic in list(self._watched()):
            enforce(topic, now_ms)
            topic.compact_at_threshold(now_ms)
        self._done()
