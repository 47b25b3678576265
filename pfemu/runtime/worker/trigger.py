"""``trigger``: send one message to an input and wait for the output it leads to (``ComponentImpl.triggerFunction``).

* The topic must be spelled as the input was configured. It must exist, with any subscription.
* The output must name that topic as its input. So an answer from a partition, which is named with its number, never counts.
* Ten seconds are waited in all, from the sending. A function without an output topic answers at once, with nothing.
* A file (``dataStream``) arrives as an empty payload: the worker asks its stream what is available before anything is.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode
from binascii import Error as Base64Error
from collections import deque
from concurrent.futures import Future
from threading import Lock
from typing import TYPE_CHECKING, TypeAlias

import pulsar

from pfemu.model.message import INPUT_MESSAGE_ID, INPUT_TOPIC
from pfemu.model.topic_name import TopicName
from pfemu.runtime.worker.worker_errors import WorkerError

if TYPE_CHECKING:
    from pfemu.model.functions.function_details import FunctionDetails
    from pfemu.ports import Message
    from pfemu.runtime.function import Function

Origin: TypeAlias = tuple[str, bytes]
"""An input topic's full name and a message id's bytes."""

WAIT_MS = 10_000
_MANY_INPUTS = "Function in trigger function has more than 1 input topics"
_UNKNOWN_TOPIC = "Function in trigger function has unidentified topic"


class Trigger:
    """A message that was sent to a function, to a topic that :func:`triggered_topic` gave, and the output it leads to.

    ``output`` has it as soon as it is there, None for a function without an output topic; whoever waits for it does so as long as
    ``WAIT_MS`` at most, then asks for :meth:`result`.
    """

    def __init__(self, function: Function, topic: str, payload: bytes) -> None:
        output_topic = function.details.sink.topic
        self.output: Future[bytes | None] = Future()
        self._origin: Origin | None = None
        self._came: deque[Message] = deque()
        self._looking = Lock()
        self._client = function.services.new_client()
        try:
            if output_topic:
                self._client.create_reader(output_topic, pulsar.MessageId.latest, reader_listener=self._take)
            sent = self._client.create_producer(topic).send(payload).serialize()
        except BaseException as error:
            self._client.close()
            if isinstance(error, pulsar.exceptions.PulsarException):  # the topic was terminated, or takes no producer
                raise WorkerError(500, str(error)) from error
            raise
        if not output_topic:
            self.output.set_result(None)
        self._origin = (TopicName.parse(topic).full, sent)
        self._look()

    def _take(self, _reader: object, message: Message) -> None:
        """Take what comes to the output topic, which may be before the sender knows the id of what it sent."""
        self._came.append(message)
        self._look()

    def _look(self) -> None:
        with self._looking:
            while self._origin is not None and self._came:
                message = self._came.popleft()
                if _origin(message) == self._origin and not self.output.done():
                    self.output.set_result(message.data())

    def result(self) -> bytes | None:
        """Return the output, and wait for none any more.

        Raises:
            WorkerError: 408, none came.
        """
        self._client.close()
        if not self.output.done():
            raise WorkerError(408, "Request Timed Out")
        return self.output.result()


def triggered_topic(details: FunctionDetails, topic: str | None) -> str:
    """Return the input to send to: the one that was asked for, or the only one.

    Raises:
        WorkerError: 400, the topic is none of the inputs, or none was named and there are several.
    """
    if topic is None:
        if len(details.input_specs) != 1:
            raise WorkerError(400, _MANY_INPUTS)
        topic = next(iter(details.input_specs))
    if topic not in details.input_specs:
        raise WorkerError(400, _UNKNOWN_TOPIC)
    return topic


def _origin(message: Message) -> Origin | None:
    """Return the input that an output names as its origin, None when it names none."""
    properties = message.properties()
    try:
        return properties[INPUT_TOPIC], urlsafe_b64decode(properties[INPUT_MESSAGE_ID])
    except (KeyError, Base64Error):
        return None
