"""How a consumer answers the broker (``ConsumerImpl.cc``).

* Acknowledgement is by entry: a batch is told to the broker when all of its messages are acknowledged. With ``batch_index_ack_enabled`` it
  is told of each of them, which a broker as it is configured by default takes for a reason to count redeliveries anew, and for nothing
  else; and an id that was not received here, which knows nothing of its batch's other messages, acknowledges the whole batch.
* A negative acknowledgement waits here for its delay, then asks the broker again; the broker knows no delay.
* On Exclusive and Failover, asking for any message again asks for all that are unacknowledged, also those still in the inbox.

Differs: acknowledgements reach the broker at once; a real client groups them for 100 ms.
"""

from __future__ import annotations

from pfemu.broker.consumer import Consumer
from pfemu.client.consuming.acknowledging import acknowledged_place, refuse_wrapped_id
from pfemu.client.consuming.consumer_settings import ConsumerSettings
from pfemu.client.consuming.dead_letter import DeadLetters
from pfemu.client.consuming.named_consumer import NamedConsumer
from pfemu.client.consuming.negative_acks import NegativeAcksTracker
from pfemu.client.consuming.unacked import UnackedMessageTracker
from pfemu.client.message import Message
from pfemu.client.results import client_error
from pfemu.engine import Engine
from pfemu.model.message import Entry
from pfemu.model.message_id import MessageId
from pfemu.model.topic_name import TopicName


class AcknowledgingConsumer(NamedConsumer):
    """The way back from the application to the broker. ``consumer`` is the broker's view of it."""

    consumer: Consumer
    parent: object
    """Whose consumer it is one of, None for nobody's."""

    def __init__(self, engine: Engine, name: TopicName, subscription_name: str, settings: ConsumerSettings) -> None:
        super().__init__(engine.scheduler, subscription_name, settings)
        self._engine = engine
        self._name = name
        self.topic_text = name.full
        self.partition_index = name.partition_index
        self._acknowledge = engine.acknowledge
        self._negative_acks = NegativeAcksTracker(engine.scheduler, settings.negative_ack_delay_ms, self.redeliver)
        self._unacked = (
            UnackedMessageTracker(engine.scheduler, settings.ack_timeout_ms, self.redeliver) if settings.ack_timeout_ms else None
        )
        self._dead_letters = self._new_dead_letters()
        tracks = self._unacked is not None or self._dead_letters is not None
        self._quick: AcknowledgingConsumer | None = None if tracks else self
        """Itself as long as a message of its own needs nothing but to be told to the broker."""

    def _new_dead_letters(self) -> DeadLetters | None:
        policy = self._settings.dead_letter
        if policy is None or not self._settings.keeps_each:
            return None
        default_topic = f"{self.topic_text}-{self._subscription_name}-DLQ"
        return DeadLetters(self._engine, policy, default_topic, self._acknowledge_entry)

    def acknowledge(self, message: object) -> None:
        """Acknowledge a message, or a message id.

        Raises:
            pulsar.AlreadyClosed: the consumer is closed.
            TypeError: it is neither.
        """
        if message.__class__ is Message and message._source is self._quick:
            self._acknowledge(self.consumer, message._entry.position)
            return
        place = acknowledged_place("acknowledge", message)
        if self._closed:
            raise client_error("AlreadyClosed")
        if self._adrift:
            return
        if isinstance(place, Message):
            if place.topic_name() == self.topic_text:
                self._acknowledge_message(place)
            return
        position = self._engine.find_position(self.consumer, place.ledger_id, place.entry_id)
        if position is not None and (place.batch_size <= 1 or self._settings.batch_index_ack):
            self._acknowledge_chunks(self._engine.entry_at(self.consumer, position))
            self._acknowledge_entry(position)

    def _acknowledge_message(self, message: Message) -> None:
        if message._acker is None or message._acker.acknowledge(message._batch_index):
            self._acknowledge_chunks(message._entry)
            self._acknowledge_entry(message._entry.position)
            return
        if self._unacked is not None and self.parent is not None:  # a consumer of several topics keeps track of batches as a whole
            self._unacked.remove(message._entry.position)
        if self._settings.batch_index_ack:
            self._engine.acknowledge_part(self.consumer, message._entry.position)

    def _acknowledge_chunks(self, last: Entry | None) -> None:
        """Acknowledge the chunks that come before the last one of a message."""
        if last is not None and last.metadata.chunked is not None:
            for entry in last.metadata.chunked.entries[:-1]:
                self._acknowledge(self.consumer, entry.position)

    def _acknowledge_entry(self, position: int) -> None:
        if self._unacked is not None:
            self._unacked.remove(position)
        if self._dead_letters is not None:
            self._dead_letters.forget(position)
        self._acknowledge(self.consumer, position)

    def acknowledge_cumulative(self, message: object) -> None:
        """Acknowledge everything up to a message, or to a message id.

        Raises:
            pulsar.CumulativeAcknowledgementNotAllowedError: on Shared and Key_Shared.
            pulsar.AlreadyClosed: the consumer is closed.
            TypeError: it is neither.
        """
        place = acknowledged_place("acknowledge_cumulative", message)
        if self._settings.keeps_each:
            raise client_error("CumulativeAcknowledgementNotAllowedError")
        if self._closed:
            raise client_error("AlreadyClosed")
        position = None if self._adrift else self._cumulative_position(place)
        if position is not None and position >= 0:
            if self._unacked is not None:
                self._unacked.remove_up_to(position)
            self._engine.acknowledge_cumulative(self.consumer, position)

    def _cumulative_position(self, place: Message | MessageId) -> int | None:
        if isinstance(place, MessageId):
            position = self._engine.find_position(self.consumer, place.ledger_id, place.entry_id)
            return position if position is None or place.batch_size <= 1 else position - 1
        position = place._entry.position
        if place._acker is None or place._acker.acknowledge_up_to(place._batch_index):
            return position
        return position - 1 if place._acker.should_tell_previous() else None

    def negative_acknowledge(self, message: object) -> None:
        """Ask for a message again after the delay.

        Raises:
            TypeError: it is neither a message nor a native message id.
        """
        if not isinstance(message, Message):
            refuse_wrapped_id("negative_acknowledge", message)
        place = acknowledged_place("negative_acknowledge", message)
        position = (
            place._entry.position
            if isinstance(place, Message)
            else self._engine.find_position(self.consumer, place.ledger_id, place.entry_id)
        )
        if position is None or not self.is_connected():
            return
        if self._unacked is not None:
            self._unacked.remove(position)
        self._negative_acks.add(position)

    def redeliver_negatively_acknowledged(self) -> int:
        """Ask for what was negatively acknowledged now, not after the delay; return how many entries that is."""
        return self._negative_acks.ask_now()

    def redeliver(self, positions: list[int]) -> None:
        """Ask for entries again, less those that become dead letters."""
        if not self._settings.keeps_each:
            self.redeliver_unacknowledged_messages()
            return
        if self._dead_letters is not None:
            positions = self._dead_letters.route(positions)
        if positions:
            self._engine.redeliver(self.consumer, positions)

    def redeliver_unacknowledged_messages(self) -> None:
        """Ask for all unacknowledged messages again, now."""
        if not self.is_connected():
            return
        if self._unacked is not None:
            self._unacked.clear()
        self._engine.redeliver(self.consumer, None)

    def _forget_all(self) -> None:
        """Take no more answers: the consumer is closed."""
        self._closed, self._adrift = True, False
        self._quick = None
        self._negative_acks.clear()
        if self._unacked is not None:
            self._unacked.clear()
        if self._dead_letters is not None:
            self._dead_letters.close()
