"""Messages, topics and failures in words: what reports, comparisons and strict tests share."""

from __future__ import annotations

import traceback
from base64 import urlsafe_b64decode
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pfemu.model.message import INPUT_MESSAGE_ID, INPUT_TOPIC
from pfemu.model.message_id import MessageId
from pfemu.model.topic_name import short_name
from pfemu.runtime.traceback_text import error_line, is_own
from pfemu.runtime.values.value_text import value_text

if TYPE_CHECKING:
    from pfemu.emulator import Emulator
    from pfemu.handles import StoredMessage
    from pfemu.ports import Message
    from pfemu.runtime.observer import Failure, LogEntry

LONGEST = 120
_LONGEST_ATTRIBUTES = 240
_COROUTINE = "<class 'coroutine'>"


def cut(text: str, longest: int = LONGEST) -> str:
    """Return a text on one line, cut in the middle when it is too long."""
    line = text.replace("\n", "\\n")
    half = longest // 2 - 2
    return line if len(line) <= longest else f"{line[:half]} ... {line[-half:]}"


def decoded_text(message: StoredMessage) -> str:
    """Return the value of a message, or its bytes where they cannot be decoded."""
    try:
        return cut(value_text(message.value))
    except Exception as error:  # noqa: BLE001 - code of the user's; the report goes on
        return f"{cut(repr(message.data))} (cannot be decoded: {error_line(error)})"


def message_line(message: StoredMessage) -> str:
    """Return a message on one line; of an output, the place of its input instead of the two properties that name it."""
    own = {name: value for name, value in message.properties.items() if name not in {INPUT_TOPIC, INPUT_MESSAGE_ID}}
    shown = replace(message, properties=own)
    return "  ".join(filter(None, [decoded_text(message), cut(shown.attributes, _LONGEST_ATTRIBUTES), _origin(message.properties)]))


def _origin(properties: Mapping[str, str]) -> str:
    if INPUT_TOPIC not in properties or INPUT_MESSAGE_ID not in properties:
        return ""
    message_id = MessageId.deserialize(urlsafe_b64decode(properties[INPUT_MESSAGE_ID]))
    return f"from {short_name(properties[INPUT_TOPIC])} {message_id.ledger_id}:{message_id.entry_id}"


def input_text(message: Message | None) -> str:
    """Return which input it was, in words."""
    if message is None:
        return "no message"
    key = f" key={message.partition_key()!r}" if message.partition_key() else ""
    again = f", delivery {message.redelivery_count() + 1}" if message.redelivery_count() else ""
    message_id = message.message_id()
    place = f"{short_name(message.topic_name())} {message_id.ledger_id()}:{message_id.entry_id()}"
    return f"{cut(repr(message.data()))}{key} of {place}{again}"


def error_text(error: BaseException) -> str:
    """Return an exception as its class and its text."""
    return cut(error_line(error))


def failure_lines(failure: Failure) -> list[str]:
    """Return what failed, on which input, and where."""
    lines = [error_text(failure.error), f"  on {input_text(failure.origin)}"]
    place = place_of(failure.error)
    if place:
        lines.append(f"  at {place}")
    if _COROUTINE in str(failure.error):
        lines.append("  `async def process` is not awaited by Pulsar's runtime: what it returns is a coroutine. Write `def process`.")
    return lines


def place_of(error: BaseException) -> str:
    """Return the innermost line of the user's own code: not of an installed package, if it has any other."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if not is_own(frame.filename)]
    if not frames:
        return ""
    frame = next((frame for frame in reversed(frames) if "site-packages" not in frame.filename), frames[-1])
    return f"{Path(frame.filename).name}:{frame.lineno}, in {frame.name}: {frame.line}"


def log_line(entry: LogEntry) -> str:
    """Return a log record on one line."""
    return f"{entry.level} {cut(entry.message)}"


def some(lines: Iterable[str], most: int) -> list[str]:
    """Return the first lines, and how many more there are."""
    every = list(lines)
    return every if len(every) <= most else [*every[:most], f"... and {len(every) - most} more"]


def seen_topics(emulator: Emulator, *, without: str = "") -> list[tuple[str, int]]:
    """Return the topics that hold or held messages, and how many; partitions count for their topic."""
    counts: dict[str, int] = {}
    for topic in emulator.broker.topics.values():
        name = topic.name.partitioned_topic.full
        counts[name] = counts.get(name, 0) + topic.messages_in_total
    return [(name, count) for name, count in counts.items() if count and name != without]


def work_left(emulator: Emulator) -> list[str]:
    """Say that work is ready which nobody has run, as after a send of a ``pulsar.Client``."""
    if emulator.scheduler.threaded or emulator.scheduler.idle:
        return []
    return ["There is work that has not run yet: run_until_idle() of the emulator runs it; what a client sends waits for that."]
