"""How a consumer is moved, and what it knows of its topic's end (``ConsumerImpl.cc``).

* Seeking empties the inbox and has the broker start again; see :class:`MessageStart` for what is left out of what comes then.
* A reader that includes its start and seeks ``latest`` goes to the newest message once it is asked what is available.
"""

from __future__ import annotations

from abc import abstractmethod
from collections import deque

from pfemu.client.chunking import first_place
from pfemu.client.consuming.acknowledging_consumer import AcknowledgingConsumer
from pfemu.client.consuming.consumer_settings import ConsumerSettings
from pfemu.client.consuming.inbox import Inbox
from pfemu.client.consuming.message_start import MessageStart, is_either_end
from pfemu.client.message import Message, native_id
from pfemu.client.results import check_seek_target, client_error
from pfemu.engine import Engine
from pfemu.model.message_id import EARLIEST, LATEST, MessageId
from pfemu.model.topic_name import TopicName


class SeekingConsumer(AcknowledgingConsumer):
    """A consumer that can be moved. ``messages`` are those of its ``inbox``; the rest of it gives permits back."""

    inbox: Inbox
    messages: deque[Message]

    def __init__(self, engine: Engine, name: TopicName, subscription_name: str, settings: ConsumerSettings) -> None:
        super().__init__(engine, name, subscription_name, settings)
        self._taken = 0
        """How many messages were taken, or left out, since permits were given last."""
        self._start: MessageStart | None = None
        self._screens = self._dead_letters is not None
        self._newest_wanted_at: int | None = None
        """Where the topic ended when a reader that includes its start sought ``latest``."""

    @abstractmethod
    def give_permits(self, count: int) -> None:
        """Let the broker send as many more, once half the queue was taken."""

    def seek(self, target: object) -> None:
        """Move the subscription to a message id, or to a publish time in milliseconds.

        Raises:
            pulsar.AlreadyClosed: the consumer is closed.
            pulsar.NotConnected: it is adrift.
            TypeError: the time is negative.
        """
        check_seek_target("Consumer", target)
        self._check_connected()
        if isinstance(target, int):
            self._move_to(self._engine.position_at(self.consumer, target), None)
            return
        place = MessageId.deserialize(target.serialize())  # type: ignore[attr-defined] # _pulsar.MessageId, which has no stubs
        if place == LATEST and self._settings.start_inclusive and not self._settings.durable:
            self._newest_wanted_at = self.end_position
        self._move_to(self._position_of(place), MessageStart.at(place, inclusive=self._settings.start_inclusive))

    def _check_connected(self) -> None:
        if self._closed:
            raise client_error("AlreadyClosed")
        if self._adrift:
            raise client_error("NotConnected")

    def _position_of(self, place: MessageId) -> int:
        if is_either_end(place):
            return 0 if place.ledger_id == EARLIEST.ledger_id else self.end_position
        return max(0, self._engine.position_near(self.consumer, place.ledger_id, place.entry_id))

    @property
    def end_position(self) -> int:
        """The position of the next message that is published."""
        return self._engine.position_near(self.consumer, LATEST.ledger_id, LATEST.entry_id)

    def _move_to(self, position: int, start: MessageStart | None) -> None:
        self._start = start
        self._screens = start is not None or self._dead_letters is not None
        self._drop_delivered()
        self._engine.seek(self.consumer, position)
        self.give_permits(0)

    def rewound(self) -> None:
        """Drop what was delivered and not yet received: somebody else moved the subscription, and it comes again."""
        self._drop_delivered()
        self.give_permits(0)

    def _drop_delivered(self) -> None:
        self._taken += self.inbox.drop(self)
        self._negative_acks.clear()
        if self._unacked is not None:
            self._unacked.clear()

    def start_at(self, place: MessageId, *, inclusive: bool) -> None:
        """Begin after a message, or at it: what a reader does first."""
        found = self._engine.find_position(self.consumer, place.ledger_id, place.entry_id)
        if inclusive and found is not None:
            place = first_place(place, self._engine.entry_at(self.consumer, found))
        skips_entry = found is not None and not inclusive and place.batch_index < 0
        self._move_to(self._position_of(place) + skips_entry, MessageStart.at(place, inclusive=inclusive))

    def start_at_newest(self) -> None:
        """Begin at the newest message; on an empty topic nothing changes."""
        newest = self.last_message_id()
        if newest != EARLIEST:
            self.start_at(newest, inclusive=True)

    def get_last_message_id(self) -> object:
        """Return the id of the newest message, (-1,-1,-1,-1) on an empty topic.

        Raises:
            pulsar.AlreadyClosed: the consumer is closed.
            pulsar.NotConnected: it is adrift.
        """
        self._check_connected()
        return native_id(self.last_message_id())

    def last_message_id(self) -> MessageId:
        """Return the id of the newest message as a value."""
        entry = self._engine.last_entry(self.consumer)
        if not self._name.is_persistent:
            raise client_error("UnknownError")
        if entry is None:
            return EARLIEST
        return entry.message_id(self.partition_index, entry.message_count - 1 if entry.metadata.in_batch else -1)

    def has_message_available(self) -> bool:
        """Whether something is here or will come that was not taken yet.

        Raises:
            pulsar.UnknownError: the topic is non-persistent.
        """
        if not self._name.is_persistent:
            raise client_error("UnknownError")
        if self._newest_wanted_at == self.end_position and not self.messages:
            self._newest_wanted_at = None
            self.start_at_newest()
        return bool(self.messages) or self.consumer.subscription.cursor.has_unread
