"""The section a failed test gets: what was in the emulator when it failed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pfemu.model.english import counted
from pfemu.model.topic_name import short_name
from pytest_pfemu.describing import cut, failure_lines, input_text, log_line, message_line, work_left

if TYPE_CHECKING:
    from pfemu.broker.topic import Topic
    from pfemu.emulator import Emulator
    from pfemu.function_handle import FunctionHandle

_LAST = 5
_WARNING = 400
"""Its end says what to do."""


def what_there_was(emulator: Emulator) -> str:
    """Return topics with backlogs and last messages, functions with state, figures, logs and exceptions."""
    lines = [line for topic in emulator.broker.topics.values() for line in _topic(emulator, topic)]
    lines += [line for function in emulator.functions.values() for line in _function(function)]
    for fault in emulator.declared_faults:
        lines.append(f"fault: {fault.text}; struck {counted(fault.struck, 'time')}")
    if emulator.seed is not None:
        lines.append(f"shuffled by seed {emulator.seed}: pytest --pfemu-seed={emulator.seed} repeats this order")
    return "\n".join([*lines, *work_left(emulator)]) or "nothing: no topic, no function"


def _topic(emulator: Emulator, topic: Topic) -> Iterator[str]:
    messages = emulator.topic(topic.name.full).history()
    yield f"topic {short_name(topic.name.full)}: {counted(len(messages), 'message')}"
    if len(messages) > _LAST:
        yield f"  ... {len(messages) - _LAST} before"
    yield from (f"  {message_line(message)}" for message in messages[-_LAST:])
    for subscription in topic.subscriptions.values():
        if subscription.backlog:
            yield f"  subscription {subscription.name}: {counted(subscription.backlog, 'entry', 'entries')} not acknowledged"


def _function(function: FunctionHandle) -> Iterator[str]:
    totals = function.stats
    yield (
        f"function {function.name}: received {totals.received}, processed {totals.processed_successfully}, "
        f"user exceptions {totals.user_exceptions}, system exceptions {totals.system_exceptions}"
    )
    for key, content in function.snapshot().items():
        yield f"  state {cut(key)} = {cut(repr(content))}"
    for name, metric in function.metrics.items():
        yield f"  metric {name}: sum {metric.sum:g}, count {metric.count}"
    for warning in function.warnings:
        yield f"  warning: {cut(str(warning), _WARNING)}"
    for entry in function.logs.peek()[-_LAST:]:
        yield f"  log {log_line(entry)}  on {input_text(entry.origin)}"
    for failure in function.exceptions.peek()[-_LAST:]:
        first, *rest = failure_lines(failure)
        yield f"  raised {first}"
        yield from (f"  {line}" for line in rest)
