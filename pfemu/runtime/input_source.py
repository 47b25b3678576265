"""One input of an instance: its consumer, and what is done with each of its messages, resolved once."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from pfemu.model.configuration.choices import ProcessingGuarantees
from pfemu.runtime.guarantees import AckAction, Event, ack_action

if TYPE_CHECKING:
    from pfemu.ports import Consumer, Message
    from pfemu.runtime.observer import Observer

Answer = Callable[["Message"], object]


class InputSource:
    """How messages of one input are decoded and answered.

    ``deserialize`` is None where the schema decodes; ``read`` does then.
    ``queued`` is None where nothing is done then. ``done(result, message)``
    hears of an output that was not published.
    """

    __slots__ = ("consumer", "deserialize", "done", "failed", "no_output", "published", "queued", "read", "schema", "topic")

    def __init__(
        self,
        topic: str,
        deserialize: Callable[[bytes], object] | None,
        not_published: Callable[[InputSource, object, Message], object],
    ) -> None:
        self.topic = topic
        self.deserialize = deserialize
        self.read: Callable[[Message], object] = _value
        self.schema: Any = None
        self.consumer: Consumer
        self.queued: Answer | None = None
        self.no_output: Answer = _nothing
        self.published: Answer = _nothing
        self.failed: Answer = _nothing
        self.done: Callable[[object, Message], object] = partial(not_published, self)

    def bind(self, consumer: Consumer, guarantee: ProcessingGuarantees, *, auto_ack: bool, observer: Observer | None) -> None:
        """Look up what is done with a message in each event."""
        self.consumer = consumer
        watched = observer if observer is not None and observer.watches_acknowledgements else None

        def answer(event: Event) -> Answer:
            return self._answer(ack_action(guarantee, event, auto_ack=auto_ack), watched)

        queued = answer(Event.QUEUED)
        self.queued = None if queued is _nothing else queued
        self.no_output = answer(Event.NO_OUTPUT)
        self.published = answer(Event.PUBLISHED)
        self.failed = answer(Event.FAILED)

    def _answer(self, action: AckAction, observer: Observer | None) -> Answer:
        if action is AckAction.NOTHING:
            return _nothing
        if action is AckAction.NEGATIVE_ACKNOWLEDGE:
            return _told(self.consumer.negative_acknowledge, None if observer is None else observer.negatively_acknowledged)
        acknowledge = self.consumer.acknowledge if action is AckAction.ACKNOWLEDGE else self.consumer.acknowledge_cumulative
        return _told(acknowledge, None if observer is None else _acknowledgement_teller(observer))


def _value(message: Message) -> object:
    """Decode with the schema the consumer was made with."""
    return message.value()


def _nothing(_message: Message) -> None:
    """Leave the message as it is."""


def _acknowledgement_teller(observer: Observer) -> Answer:
    return lambda message: observer.acknowledged(message, message.topic_name())


def _told(act: Answer, tell: Answer | None) -> Answer:
    if tell is None:
        return act

    def act_and_tell(message: Message) -> None:
        act(message)
        tell(message)

    return act_and_tell
