"""The dead letter policy (``ConsumerImpl.cc``), for Shared and Key_Shared subscriptions.

* A message that comes with a redelivery count of the maximum is delivered and remembered. When it is asked for again, by negative
  acknowledgement, timeout or otherwise, it goes to the dead letter topic instead and is acknowledged.
* One that comes with a higher count goes there at once.
* A batch goes there as a whole, message by message.
* A dead letter has the payload, keys and properties of the message, and two properties more, unless it had some of that name, as one that
  was a dead letter before. Its event time is lost.
* If the dead letter topic cannot be written to, the message is neither sent again nor acknowledged.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pfemu.broker.producer import Producer
from pfemu.client.message import Message
from pfemu.errors import BrokerError
from pfemu.model.message import ExplicitMetadata
from pfemu.model.subscription import InitialPosition
from pfemu.model.topic_name import TopicName

if TYPE_CHECKING:
    from pfemu.engine import Engine

REAL_TOPIC = "REAL_TOPIC"
ORIGIN_MESSAGE_ID = "ORIGIN_MESSAGE_ID"
NO_MAXIMUM = 2**31 - 1

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class DeadLetterPolicy:
    """``ConsumerDeadLetterPolicy``; an empty topic is ``<topic>-<subscription>-DLQ``."""

    max_redeliver_count: int
    topic: str = ""
    initial_subscription_name: str = ""


class DeadLetters:
    """The messages of one consumer that may become dead letters. ``settled`` is called with an entry that was sent."""

    def __init__(self, engine: Engine, policy: DeadLetterPolicy, default_topic: str, settled: Callable[[int], object]) -> None:
        self._engine = engine
        self._policy = policy
        self._topic = policy.topic or default_topic
        self._settled = settled
        self._possible: dict[int, list[Message]] = {}
        self._producer: Producer | None = None

    def take(self, messages: list[Message], redelivery_count: int) -> bool:
        """Look at a delivered entry's messages; True when the entry goes to the dead letter topic at once."""
        maximum = self._policy.max_redeliver_count
        if redelivery_count < maximum:
            return False
        position = messages[0]._entry.position
        self._possible[position] = messages
        if redelivery_count == maximum:
            return False
        self.route([position])
        return True

    def route(self, positions: list[int]) -> list[int]:
        """Send those that are due to the dead letter topic and return the others."""
        others = []
        for position in positions:
            messages = self._possible.pop(position, None)
            if messages is None:
                others.append(position)
            else:
                self._send(position, messages)
        return others

    def forget(self, position: int) -> None:
        """Forget an entry that was acknowledged."""
        self._possible.pop(position, None)

    def _send(self, position: int, messages: list[Message]) -> None:
        try:
            producer = self._producer or self._connect()
            for message in messages:
                self._engine.publish(producer, message.data(), producer.last_sequence_id + 1, _metadata_of(message))
        except BrokerError as error:
            _log.warning("message %s cannot be sent to the dead letter topic %s: %s", messages[0]._id_value(), self._topic, error)
            return
        self._settled(position)

    def _connect(self) -> Producer:
        name = TopicName.parse(self._topic)
        self._producer = self._engine.create_producer(name, None, None)
        subscription = self._policy.initial_subscription_name
        if subscription:
            self._producer.topic.ensure_subscription(subscription, InitialPosition.EARLIEST)
        return self._producer

    def close(self) -> None:
        """Disconnect."""
        self._possible.clear()
        if self._producer is not None:
            self._engine.close_producer(self._producer)
            self._producer = None


def _metadata_of(message: Message) -> ExplicitMetadata:
    properties = {REAL_TOPIC: message.topic_name(), ORIGIN_MESSAGE_ID: str(message._id_value()), **message._metadata.properties}
    return ExplicitMetadata(partition_key=message.partition_key(), ordering_key=message.ordering_key(), properties=properties)
