"""The native half of a reader (``ReaderImpl.cc``): an exclusive consumer of a subscription that goes with it.

* It acknowledges what it hands out, so its backlog is what is left to read.
* It starts after the message it is given, or at it; ``latest`` to be included is the newest message.
"""

from __future__ import annotations

from functools import partial

from pfemu.client.async_twins import answer, answer_with_value
from pfemu.client.consuming.consumer_impl import ConsumerImpl
from pfemu.client.consuming.inbox import Listener
from pfemu.client.consuming.message_start import is_either_end
from pfemu.client.consuming.multi_topics import AnyConsumerImpl
from pfemu.client.message import Message
from pfemu.client.results import check_seek_target, client_error
from pfemu.client.waiting import Callback
from pfemu.model.message_id import EARLIEST, MessageId
from pfemu.ports import Scheduler
from pfemu.scheduling.stepping import SteppingScheduler


class ReaderImpl:
    """Reads one topic, or all partitions of one."""

    def __init__(self, scheduler: Scheduler, consumer: AnyConsumerImpl) -> None:
        self._scheduler = scheduler
        self._consumer = consumer

    def topic(self) -> str:
        """Return the full name of the topic."""
        return self._consumer.topic()

    def read_next(self, timeout_ms: int | None = None) -> Message:
        """Take the next message, or wait for one; see :meth:`Inbox.receive`."""
        message = self._consumer.receive(timeout_ms)
        self._scheduler.call(partial(acknowledge_read, message))
        return message

    def read_next_async(self, callback: Callback) -> None:
        """Call back with the next message."""

        def taken(result: object, message: Message | None) -> None:
            if message is not None:
                acknowledge_read(message)
            callback(result, message)

        self._consumer.inbox.receive_async(taken)

    def has_message_available(self) -> bool:
        """Whether there is something left to read.

        Raises:
            pulsar.AlreadyClosed: the reader is closed.
        """
        if not self._consumer.is_connected():
            raise client_error("AlreadyClosed")
        if isinstance(self._scheduler, SteppingScheduler):
            messages = self._consumer.inbox.messages
            self._scheduler.step_until(lambda: bool(messages), 0)
        return self._scheduler.call(self._consumer.has_message_available)

    def has_message_available_async(self, callback: Callback) -> None:
        """Call back with whether there is something left to read."""
        answer_with_value(self._scheduler, callback, self.has_message_available)

    def seek(self, target: object) -> None:
        """Move to a message id, or to a publish time in milliseconds; raises as the consumer's ``seek``."""
        check_seek_target("Reader", target)
        self._consumer.seek(target)

    def seek_async(self, target: object, callback: Callback | None) -> None:
        """Move, then call back."""
        check_seek_target("Reader", target, callback)
        answer(self._scheduler, callback, partial(self.seek, target))

    def is_connected(self) -> bool:
        """Whether it is open."""
        return self._consumer.is_connected()

    def close(self) -> None:
        """Disconnect; the subscription goes. A second time does nothing."""
        self._consumer.close()

    def close_async(self, callback: Callback | None) -> None:
        """Disconnect, then call back."""
        answer(self._scheduler, callback, self.close)


def acknowledge_read(message: Message) -> None:
    """Acknowledge everything up to a message that was read, once the last of its batch is."""
    source = message._source
    if source.is_connected() and message._batch_index + 1 >= message._batch_size:
        source.acknowledge_cumulative(message)


def acknowledging(listener: Listener, scheduler: Scheduler) -> Listener:
    """Return a reader's listener that acknowledges what it was given, on whatever thread it is called."""

    def read(reader: object, message: Message) -> None:
        listener(reader, message)
        scheduler.call(partial(acknowledge_read, message))

    return read


def start_reading(consumer: ConsumerImpl, start: MessageId, *, inclusive: bool) -> None:
    """Move a reader's consumer to where it starts."""
    if not is_either_end(start):
        consumer.start_at(start, inclusive=inclusive)
    elif inclusive and start.ledger_id != EARLIEST.ledger_id:
        consumer.start_at_newest()
