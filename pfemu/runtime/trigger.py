"""``trigger``: send one message to an input and wait for the output it leads to (``ComponentImpl.triggerFunction``).

* The topic must be spelled as the input was configured. It must exist, with any subscription.
* The output must name that topic as its input. So an answer from a partition, which is named with its number, never counts.
* Ten seconds are waited in all, from the sending. A function without an output topic answers at once, with nothing.
* A file (``dataStream``) arrives as an empty payload: the worker asks its stream what is available before anything is.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode
from binascii import Error as Base64Error
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

import pulsar

from pfemu.model.message import INPUT_MESSAGE_ID, INPUT_TOPIC
from pfemu.model.topic_name import TopicName
from pfemu.runtime.worker_errors import WorkerError

if TYPE_CHECKING:
    from pfemu.model.function_details import FunctionDetails
    from pfemu.ports import Message, Reader
    from pfemu.runtime.function import Function

Origin: TypeAlias = tuple[str, bytes]
"""An input topic's full name and a message id's bytes."""

WAIT_MS = 10_000
_MANY_INPUTS = "Function in trigger function has more than 1 input topics"
_UNKNOWN_TOPIC = "Function in trigger function has unidentified topic"


def trigger(function: Function, topic: str | None, payload: bytes) -> bytes | None:
    """Return the payload of the output, None for a function without an output topic.

    Raises:
        WorkerError: 400, the topic is none of the inputs; 408, no output came.
    """
    input_topic, output_topic = _input_topic(function.details, topic), function.details.sink.topic
    now_ms = function.services.scheduler.now_ms
    client = function.services.new_client()
    try:
        reader = client.create_reader(output_topic, pulsar.MessageId.latest) if output_topic else None
        sent = client.create_producer(input_topic).send(payload).serialize()
        origin = (TopicName.parse(input_topic).full, sent)
        return None if reader is None else _output_of(origin, reader, now_ms() + WAIT_MS, now_ms)
    finally:
        client.close()


def _output_of(origin: Origin, reader: Reader, deadline_ms: int, now_ms: Callable[[], int]) -> bytes:
    while (left_ms := deadline_ms - now_ms()) > 0:
        try:
            message = reader.read_next(timeout_millis=left_ms)
        except pulsar.exceptions.Timeout:
            break
        if now_ms() <= deadline_ms and _origin(message) == origin:
            return message.data()
    raise WorkerError(408, "Request Timed Out")


def _input_topic(details: FunctionDetails, topic: str | None) -> str:
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
