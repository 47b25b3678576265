"""Who may produce to a topic at the same time (``AbstractTopic.incrementTopicEpochIfNeeded`` and what it calls).

====================  ====================================  =====================================
comes                 beside shared producers               beside an exclusive or a waiting one
====================  ====================================  =====================================
Shared                accepted                              ProducerBusy
Exclusive             ProducerFenced                        ProducerFenced
WaitForExclusive      waits                                 waits
ExclusiveWithFencing  fences them                           fences it, and those that wait
====================  ====================================  =====================================

* When the last producer is gone, the first that waits is connected.
* A fenced producer is no longer connected: whatever it publishes is refused. A shared one tries to connect again.
"""

from collections import deque

from pfemu.broker.producer import Producer
from pfemu.errors import ProducerBusy, ProducerFenced
from pfemu.model.subscription import ProducerAccessMode


class ProducerAccess:
    """The producers of one topic."""

    __slots__ = ("_waiting", "connected", "exclusive", "settled")

    def __init__(self) -> None:
        self.connected: dict[str, Producer] = {}
        """By name."""
        self.exclusive: Producer | None = None
        self._waiting: deque[Producer] = deque()
        self.settled: list[Producer] = []
        """Those whose waiting is over, for the engine to tell; it empties the list."""

    def add(self, producer: Producer) -> None:
        """Connect a producer, or let it wait.

        Raises:
            ProducerBusy: one of that name is connected, or an exclusive one is there.
            ProducerFenced: it wants to be alone and is not.
        """
        mode = producer.access_mode
        if producer.name in self.connected and mode in {ProducerAccessMode.SHARED, ProducerAccessMode.WAIT_FOR_EXCLUSIVE}:
            raise ProducerBusy(f"Producer with name '{producer.name}' is already connected to topic '{producer.topic.name.full}'")
        if mode is ProducerAccessMode.SHARED:
            self._check_nobody_is_exclusive(ProducerBusy)
        elif mode is ProducerAccessMode.EXCLUSIVE:
            self._check_nobody_is_exclusive(ProducerFenced)
            if self.connected:
                raise ProducerFenced("Topic has existing shared producers")
        elif mode is ProducerAccessMode.EXCLUSIVE_WITH_FENCING:
            self.fence_all()
        elif self.connected:
            self._waiting.append(producer)
            return
        self._connect(producer)

    def _check_nobody_is_exclusive(self, error: type[ProducerBusy | ProducerFenced]) -> None:
        if self.exclusive is not None or self._waiting:
            raise error(f"Topic has an existing exclusive producer: {self.exclusive.name if self.exclusive else None}")

    def _connect(self, producer: Producer) -> None:
        producer.connected = True
        producer.sent_away = False
        self.connected[producer.name] = producer
        if producer.access_mode is not ProducerAccessMode.SHARED:
            self.exclusive = producer

    def fence_all(self) -> None:
        """Disconnect everybody, and end the waiting of those who wait; shared producers come back when the exclusive one is gone."""
        for producer in self.connected.values():
            producer.connected = False
            producer.sent_away = producer.access_mode is ProducerAccessMode.SHARED
        self.connected.clear()
        self.exclusive = None
        self.settled += self._waiting
        self._waiting.clear()

    def send_away(self) -> None:
        """Disconnect everybody until their topic's backlog is smaller; they come back when they publish (``disconnectProducers``)."""
        for producer in self.connected.values():
            producer.connected = False
            producer.sent_away = True
        self.connected.clear()
        self.exclusive = None

    def remove(self, producer: Producer) -> None:
        """Disconnect a producer; when nobody is left, the first that waits is connected."""
        producer.connected = False
        if producer in self._waiting:
            self._waiting.remove(producer)
        if self.connected.get(producer.name) is producer:
            del self.connected[producer.name]
        if self.exclusive is producer:
            self.exclusive = None
        if self._waiting and not self.connected:
            following = self._waiting.popleft()
            self._connect(following)
            self.settled.append(following)

    @property
    def waiting_count(self) -> int:
        """How many wait for exclusive access."""
        return len(self._waiting)
