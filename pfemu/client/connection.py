"""What a client's producers, consumers and readers share: the engine, who closes them, and how a refusal of the broker reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from pfemu.client.consuming.inbox import Listener
from pfemu.client.consuming.listener_thread import new_listener_thread
from pfemu.client.hand_over import handed_over
from pfemu.client.producing.producer_settings import MessageRouter
from pfemu.client.results import as_client_error, client_error
from pfemu.client.schema_info import BYTES
from pfemu.engine import Engine
from pfemu.errors import BrokerError
from pfemu.model.topic_name import TopicName, refused_by_broker_alone

if TYPE_CHECKING:
    import pulsar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Given:
    """Arguments that a native configuration takes but cannot be asked for again."""

    schema: pulsar.schema.Schema = BYTES
    properties: Mapping[str, str] | None = None
    listener: Listener | None = None
    router: MessageRouter | None = None
    subscription_name: str | None = None
    pattern: str | None = None
    chunking: bool = False


class Closable(Protocol):
    """What a client makes and closes."""

    @property
    def is_closed(self) -> bool:
        """Whether it was closed."""
        ...

    def close(self) -> None:
        """Disconnect."""
        ...


@lru_cache(maxsize=1000)
def _ten_digits(number: int) -> str:
    return sha256(str(number).encode()).hexdigest()[:10]


class Connection:
    """One client's way to the broker. ``for_instance``: it belongs to a function instance."""

    def __init__(self, engine: Engine, *, for_instance: bool) -> None:
        self.engine = engine
        self.scheduler = engine.scheduler
        self.for_instance = for_instance
        self.listener_thread = None if for_instance else new_listener_thread(engine.scheduler)
        self.closed = False
        self.asked: Callable[[], object] | None = None
        """Told before anything that waits for the broker, while it is set; what it raises, who asks raises."""
        self._opened: list[Closable] = []
        self._forget_closed_at = 64

    def ask(self, run: Callable[[], T]) -> T:
        """Run it on the scheduler's thread; a refusal of the broker becomes pulsar-client's.

        Raises:
            pulsar.AlreadyClosed: the client is closed.
        """
        if self.asked is not None:
            self.asked()
        if self.closed:
            raise client_error("AlreadyClosed")
        try:
            return self.scheduler.call(run)
        except BrokerError as error:
            raise as_client_error(error) from None

    def name_of(self, topic: str) -> TopicName:
        """Read a topic's name.

        Raises:
            InvalidTopicName: the client refuses it.
            pulsar.Timeout: only the broker refuses it, again and again.
        """
        if refused_by_broker_alone(topic):
            raise client_error("Timeout")
        return TopicName.parse(topic)

    def partitions(self, names: list[TopicName]) -> list[TopicName]:
        """Return the topics, or their partitions where they have some."""
        return [found for name in names for found in name.partitions(self.engine.partitions_of(name))]

    def hand_over(self, target: object, *, batching: bool = False) -> Any:  # noqa: ANN401 - a native half, or what stands for it on other threads
        """Return a native half for whatever threads call it."""
        return handed_over(target, self.scheduler, batching=batching)

    def note(self, made: Closable) -> None:
        """Remember what is to be closed with the client; as in a real one, what the user dropped stays connected until then."""
        self._opened.append(made)
        if len(self._opened) >= self._forget_closed_at:
            self._opened = [one for one in self._opened if not one.is_closed]
            self._forget_closed_at = max(64, 2 * len(self._opened))

    def random_text(self) -> str:
        """Return ten hexadecimal digits that nobody had: random in a real client, the same in every run here."""
        return _ten_digits(self.engine.new_id())

    def close_all(self) -> None:
        """Close what was made, and make nothing more."""
        self.closed = True
        for made in self._opened:
            if not made.is_closed:
                made.close()
        self._opened.clear()
        if self.listener_thread is not None:
            self.listener_thread.close()
