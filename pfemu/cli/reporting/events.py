"""The events of ``--json``: one JSON object a line, its kind under ``event``. ``docs/events.md`` describes them for their readers.

Pure: from what the runtime and the broker tell to dictionaries.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pfemu.cli.reporting.summary import Summary
    from pfemu.model.message import Entry
    from pfemu.model.topic_name import TopicName
    from pfemu.model.warnings.function_warning import FunctionWarning
    from pfemu.ports import Message
    from pfemu.runtime.observer import Failure, LogEntry, Publication

Event = dict[str, object]


def to_line(event: Event) -> str:
    """Return the event as one line of JSON, without the newline."""
    return json.dumps(event, ensure_ascii=False, default=str)


def listening_event(service: str, url: str) -> Event:
    """Return a ``listening``."""
    return {"event": "listening", "service": service, "url": url}


def of_function(event: Event, function: str | None) -> Event:
    """Return the event with the name of the function it is about after its kind; None: of the whole run."""
    return {"event": event["event"], "function": function, **event}


def payload_fields(payload: bytes) -> Event:
    """Return ``payload`` as text, or ``payload_base64`` where it is not UTF-8."""
    try:
        return {"payload": payload.decode()}
    except UnicodeDecodeError:
        return {"payload_base64": b64encode(payload).decode()}


def output_events(topic: TopicName, entry: Entry) -> Iterator[Event]:
    """Yield an ``output`` for each message of a stored entry."""
    batch = entry.metadata.batch
    messages = [(entry.payload, entry.metadata)] if batch is None else [(each.payload, each.metadata) for each in batch]
    for index, (payload, metadata) in enumerate(messages):
        yield {
            "event": "output",
            "topic": topic.full,
            **payload_fields(payload),
            "key": metadata.partition_key,
            "properties": dict(metadata.properties),
            "event_time": metadata.event_time_ms,
            "message_id": str(entry.message_id(topic.partition_index, index if entry.metadata.in_batch else -1)),
        }


def log_event(record: LogEntry) -> Event:
    """Return a ``log``."""
    return {
        "event": "log",
        "level": record.level,
        "message": record.message,
        "message_id": _id_of(record.origin),
        "instance_id": record.instance_id,
    }


def exception_event(failure: Failure) -> Event:
    """Return an ``exception``."""
    origin = failure.origin
    return {
        "event": "exception",
        "kind": failure.kind,
        "type": type(failure.error).__name__,
        "message": str(failure.error),
        "traceback": failure.traceback,
        "message_id": _id_of(origin),
        "redelivery_count": 0 if origin is None else origin.redelivery_count(),
        "instance_id": failure.instance_id,
        "input_type": failure.input_type,
    }


def publish_event(publication: Publication) -> Event:
    """Return a ``publish``."""
    conf: Mapping[str, object] = publication.message_conf
    return {
        "event": "publish",
        "topic": publication.topic,
        **payload_fields(publication.payload),
        "key": conf.get("partition_key") or "",
        "properties": conf.get("properties") or {},
        "event_time": conf.get("event_timestamp") or 0,
        "message_id": None if publication.message_id is None else str(publication.message_id),
        "input_message_id": _id_of(publication.origin),
        "instance_id": publication.instance_id,
    }


def ack_event(message_id: object, topic: str) -> Event:
    """Return an ``ack``."""
    return {"event": "ack", "topic": topic, "message_id": str(message_id)}


def nack_event(message: Message) -> Event:
    """Return a ``nack``."""
    return {
        "event": "nack",
        "topic": message.topic_name(),
        "message_id": str(message.message_id()),
        "redelivery_count": message.redelivery_count(),
    }


def metric_event(name: str, value: object) -> Event:
    """Return a ``metric``."""
    return {"event": "metric", "name": name, "value": value}


def warning_event(warning: FunctionWarning) -> Event:
    """Return a ``warning``."""
    return {"event": "warning", "about": warning.about, "text": warning.text, "source": warning.source, "strict": warning.strict}


def summary_event(summary: Summary) -> Event:
    """Return the ``summary``; ``metrics`` is there only when it was asked for."""
    event: Event = {
        "event": "summary",
        "function": summary.function,
        "received": summary.received,
        "processed": summary.processed,
        "user_exceptions": summary.user_exceptions,
        "system_exceptions": summary.system_exceptions,
        "outputs": summary.outputs,
        "published": dict(summary.published),
        "backlog": {topic: dict(subscriptions) for topic, subscriptions in summary.backlog.items()},
        "unacked": summary.unacked,
        "state": dict(summary.state),
        "counters": dict(summary.counters),
        "seconds": round(summary.seconds, 3),
        "interrupted": summary.interrupted,
        "ended_by": summary.ended_by,
    }
    return event if summary.metrics is None else {**event, "metrics": summary.metrics}


def _id_of(message: Message | None) -> str | None:
    return None if message is None else str(message.message_id())
