"""What ``trigger`` may send: the worker's producer looks whether it fits the topic's schema (``AutoProduceBytesSchema``).

Differs: of JSON it is looked whether it is JSON; what is sent to a topic of Avro is not looked at.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from pfemu.model.jackson_syntax import syntax_error
from pfemu.runtime.worker.worker_errors import WorkerError

if TYPE_CHECKING:
    from pfemu.broker.schemas.schema_registry import SchemaRegistry
    from pfemu.model.topic_name import TopicName


def check_trigger_input(schemas: SchemaRegistry, topic: TopicName, payload: bytes) -> None:
    """Check what is to be sent to a topic.

    Raises:
        WorkerError: 400, the topic's schema is JSON and this is none.
    """
    stored = schemas.latest(topic)
    if stored is None or stored.schema is None or stored.schema.type != "JSON" or not payload.strip():
        return
    try:
        json.loads(payload.decode("utf-8", "replace"))
    except json.JSONDecodeError as error:
        words, place = syntax_error(error)
        raise WorkerError(
            400,
            f"Failed to serialize input with error: {words}\n at {place}. "
            "Please checkif input data conforms with the schema of the input topic.",
        ) from None
