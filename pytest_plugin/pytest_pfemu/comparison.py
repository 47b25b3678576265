"""Why a comparison of what a handle shows failed: both sides side by side, and what there was instead."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher

from pfemu.handles import StoredMessage, TopicHandle, Values
from pfemu.metric_views import MetricsView
from pfemu.model.english import counted
from pfemu.model.nearest_name import TYPING_ERROR, nearest_name
from pfemu.model.topic_name import short_name
from pfemu.records import Records
from pfemu.runtime.observer import Failure
from pfemu.runtime.values.value_text import value_text
from pfemu.state_views import CountersView, StateView
from pytest_pfemu.describing import cut, failure_lines, input_text, log_line, message_line, seen_topics, some, work_left
from pytest_pfemu.strictness import misspelt_topics

_MOST = 10
_MOST_EQUAL = 3
_NOTHING = object()


def explain(op: str, left: object, right: object) -> list[str] | None:
    """Return the lines pytest shows below ``assert``; None for what it explains better itself."""
    if op in {"in", "not in"} and isinstance(right, TopicHandle | Values):
        return _membership(op, left, right)
    if op == "!=" and isinstance(left, TopicHandle | Values) and not _topic_of(left).peek():
        return [f"topic {short_name(_topic_of(left).name)!r} holds no message", *_no_message(_topic_of(left))]
    return _explain_equal(left, right) if op == "==" else None


def _explain_equal(left: object, right: object) -> list[str] | None:
    for one, other in ((left, right), (right, left)):
        if isinstance(one, TopicHandle) and isinstance(other, str | bytes):
            return [
                f"topic {short_name(one.name)!r} == {cut(repr(other))}: a topic is compared with a list of values, [{cut(repr(other))}]"
            ]
        if isinstance(one, Records) and isinstance(other, Sequence) and not isinstance(other, str | bytes):
            return _records(one, other)
        if isinstance(one, TopicHandle | Values) and isinstance(other, Sequence) and not isinstance(other, str | bytes):
            return _messages(one, list(other))
        if isinstance(one, StateView | CountersView | MetricsView) and isinstance(other, Mapping):
            return _mapping(one, other)
    return None


def _topic_of(shown: TopicHandle | Values) -> TopicHandle:
    return shown if isinstance(shown, TopicHandle) else shown.topic


def _membership(op: str, value: object, shown: TopicHandle | Values) -> list[str]:
    topic = _topic_of(shown)
    messages = topic.peek()
    head = f"{cut(value_text(value))} {op} topic {short_name(topic.name)!r}, which holds {counted(len(messages), 'message')}"
    if not messages:
        return [head, *_no_message(topic)]
    return [head, *some((f"    {message_line(message)}" for message in messages), _MOST), *_what_functions_said(topic)]


def _messages(shown: TopicHandle | Values, expected: list[object]) -> list[str]:
    topic = _topic_of(shown)
    messages = topic.peek()
    values = [message.value for message in messages]
    head = f"topic {short_name(topic.name)!r} holds {counted(len(messages), 'message')}, expected {counted(len(expected), 'message')}"
    if not messages:
        return [head, *_no_message(topic)]
    return [head, *_difference(messages, values, expected), *_nearly_equal(values, expected), *_what_functions_said(topic)]


def _no_message(topic: TopicHandle) -> Iterator[str]:
    emulator = topic.emulator
    others = seen_topics(emulator, without=topic.name)
    seen = ", ".join(f"{short_name(name)!r} ({count})" for name, count in others)
    yield f"no message on {short_name(topic.name)!r}; " + (f"messages were seen on: {seen}" if seen else "nor on any other topic")
    nearest = nearest_name(short_name(topic.name), (short_name(name) for name, _count in others), TYPING_ERROR)
    if nearest is not None:
        yield f"did you mean {nearest!r}?"
    yield from misspelt_topics(emulator, emulator.used_topics.sent)
    yield from _what_functions_said(topic)


def _difference(messages: list[StoredMessage], values: list[object], expected: list[object]) -> Iterator[str]:
    texts, wanted = [value_text(value) for value in values], [value_text(value) for value in expected]
    for kind, first, last, first_wanted, last_wanted in SequenceMatcher(None, texts, wanted, autojunk=False).get_opcodes():
        if kind == "equal":
            yield from _as_expected(messages[first:last])
            continue
        yield from some((f"  - {cut(text)}  expected" for text in wanted[first_wanted:last_wanted]), _MOST)
        yield from some((f"  + {message_line(message)}" for message in messages[first:last]), _MOST)


def _nearly_equal(values: list[object], expected: list[object]) -> Iterator[str]:
    """Say why what a person takes for equal is not: a class without ``==``, or JSON that is text here."""
    for value, wanted in zip(values, expected, strict=False):
        if isinstance(value, str) and isinstance(wanted, dict | list) and _is_json_of(value, wanted):
            yield f"{cut(repr(value))} is text, as it was sent: json.loads makes the expected value of it"
            return
        if value != wanted and value_text(value) == value_text(wanted):
            yield f"{cut(value_text(value))} is told like the expected one and is not equal to it: has {type(wanted).__name__} an __eq__?"
            return


def _is_json_of(text: str, wanted: object) -> bool:
    try:
        return bool(json.loads(text) == wanted)
    except ValueError:
        return False


def _as_expected(messages: list[StoredMessage]) -> list[str]:
    """Return messages that were expected, but of many only the first and last: pytest shows few lines, and others differ."""
    if len(messages) <= _MOST_EQUAL:
        return [f"    {message_line(message)}" for message in messages]
    return [f"    {message_line(messages[0])}", f"    ... {len(messages) - 2} more as expected", f"    {message_line(messages[-1])}"]


def _what_functions_said(topic: TopicHandle) -> Iterator[str]:
    """Yield logs, exceptions and state of the functions that write the topic, or of all when none does by its configuration."""
    yield from work_left(topic.emulator)
    functions = list(topic.emulator.functions.values())
    writers = [function for function in functions if function.writes_to(topic.name)] or functions
    for function in writers:
        for failure in function.exceptions.peek()[-_MOST:]:
            first, *rest = failure_lines(failure)
            yield f"{function.name} raised {first}"
            yield from rest
        for entry in function.logs.peek()[-_MOST:]:
            yield f"{function.name} logged {log_line(entry)}  on {input_text(entry.origin)}"
        state = function.snapshot()
        if state:
            yield f"{function.name} has state: " + ", ".join(some((f"{key}={cut(repr(content))}" for key, content in state.items()), _MOST))


def _records(shown: Records[object], expected: Sequence[object]) -> list[str]:
    held = shown.peek()
    lines = [f"function holds {counted(len(held), 'record')}, expected {counted(len(expected), 'record')}"]
    lines += some((f"  - {cut(repr(record))}  expected" for record in expected if record not in held), _MOST)
    for record in held:
        if record not in expected:
            first, *rest = failure_lines(record) if isinstance(record, Failure) else [cut(repr(record))]
            lines += [f"  + {first}", *(f"    {line}" for line in rest)]
    return some(lines, _MOST * 3)


def _mapping(shown: StateView | CountersView | MetricsView, expected: Mapping[object, object]) -> list[str]:
    kind = {StateView: "state", CountersView: "counters", MetricsView: "metrics"}[type(shown)]
    there: dict[object, object] = dict(shown.items())
    lines = [f"function.{kind} holds {counted(len(there), 'key')}, expected {counted(len(expected), 'key')}"]
    for key in sorted({*there, *expected}, key=repr):
        held, wanted = there.get(key, _NOTHING), expected.get(key, _NOTHING)
        if held == wanted:
            continue
        if wanted is not _NOTHING:
            lines.append(f"  - {key!r}: {cut(repr(wanted))}  expected")
        if held is not _NOTHING:
            lines.append(f"  + {key!r}: {cut(repr(held))}")
        if isinstance(held, bytes) and isinstance(wanted, str) and held == wanted.encode():
            lines.append("    state gives back bytes, whatever was put")
    same = sum(there.get(key, _NOTHING) == value for key, value in expected.items())
    return [*lines, f"    {counted(same, 'key')} as expected"] if same else lines
