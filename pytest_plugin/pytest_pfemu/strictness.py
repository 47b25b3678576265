"""What a test left behind unseen: the reasons for which a strict test fails at its end.

The real runtime catches every exception of a function and carries on, so a test on a forgiving fake passes while the function is broken.
Each finding says what there is, what becomes of it on a cluster, and the one line that allows it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from pfemu.client.consuming.dead_letter import REAL_TOPIC
from pfemu.model.english import counted
from pfemu.model.functions.function_details import ConsumerSpec
from pfemu.model.nearest_name import TYPING_ERROR, nearest_name
from pfemu.model.topic_name import TopicName, short_name
from pytest_pfemu.describing import cut, error_text, failure_lines, input_text, log_line, place_of, some, work_left

if TYPE_CHECKING:
    from pfemu.broker.subscription import Subscription
    from pfemu.broker.topic import Topic
    from pfemu.emulator import Emulator
    from pfemu.function_handle import FunctionHandle
    from pfemu.model.message import Entry
    from pfemu.ports import Message

_MOST = 3
_PLAIN = ConsumerSpec()
_ERRORS = {"ERROR", "CRITICAL"}
_HEAD = "The test passed, but what follows was left behind, and nobody looked at it (pfemu is strict):"

Finding = list[str]


def left_behind(emulator: Emulator, allowed: frozenset[str]) -> str:
    """Return what a strict test fails for, empty when there is nothing."""
    found: list[str] = []
    for name, check in _CHECKS.items():
        if name not in allowed:
            for lines in check(emulator):
                *text, look = lines
                found += [
                    "",
                    *text,
                    f"  To allow it: {look}; or @pytest.mark.pfemu(allow=[{name!r}]); or in the ini file pfemu_allow = {name}",
                ]
    return "\n".join([_HEAD, *found]) if found else ""


def error_left_behind(emulator: Emulator, allowed: frozenset[str]) -> BaseException | None:
    """Return the first exception of a function that nobody looked at, None where that is allowed or there is none."""
    functions = () if "exceptions" in allowed else emulator.functions.values()
    return next((failure.error for function in functions for failure in function.exceptions.unseen), None)


def _exceptions(emulator: Emulator) -> Iterator[Finding]:
    for function in emulator.functions.values():
        unseen = function.exceptions.unseen
        if unseen:
            shown = some([f"  {line}" for failure in unseen[:_MOST] for line in failure_lines(failure)], _MOST * 4)
            more = [f"  ... and {len(unseen) - _MOST} more"] if len(unseen) > _MOST else []
            yield [
                f"{function.name} failed on {counted(len(unseen), 'message')}:",
                *shown,
                *more,
                *_what_comes_of_it(function),
                "look at function.exceptions",
            ]
        end = function.unseen_end
        if end is not None:
            yield [
                f"{function.name}: {error_text(end)} ended the thread that processes messages.",
                *([f"  at {place}"] if (place := place_of(end)) else []),
                "  A cluster shows the function as running, and it never processes another message.",
                "look at function.ended_by",
            ]


def _what_comes_of_it(function: FunctionHandle) -> list[str]:
    if function.function.details.processing_guarantees.value == "ATMOST_ONCE":
        return ["  On a cluster the message is lost: ATMOST_ONCE acknowledges before processing."]
    return ["  On a cluster it comes again every 60 s, for ever: Pulsar catches the exception and counts it."]


def _unacknowledged(emulator: Emulator) -> Iterator[Finding]:
    for function in emulator.functions.values():
        failed = {_id_of(failure.origin) for failure in function.exceptions.peek() if failure.origin is not None}
        for subscription in _inputs_of(emulator, function):
            waiting = [entry for entry in subscription.cursor.unacknowledged() if _place(subscription, entry) not in failed]
            if waiting and not _backlog_was_seen(emulator, subscription):
                topic = short_name(subscription.topic.name.full)
                yield [
                    f"{function.name} has not acknowledged {counted(len(waiting), 'message')} of {topic}:",
                    *some((f"  {_entry_line(entry, emulator)}" for entry in waiting), _MOST),
                    f"  {_why(function, emulator)}",
                    f"look at topic({topic!r}).backlog({subscription.name!r})",
                ]


def _why(function: FunctionHandle, emulator: Emulator) -> str:
    details = function.function.details
    killed = [spawner for spawner in function.function.spawners if spawner.died_of is not None]
    if killed:
        return f"{error_text(killed[0].died_of or SystemExit())}; the worker starts it again within 30 s: advance(seconds=30)."
    if not function.function.running:
        return "The function is stopped."
    if left := work_left(emulator):
        return left[0]
    if not details.auto_ack or details.processing_guarantees.value == "MANUAL":
        why = "Its guarantee is MANUAL" if details.auto_ack else "It has auto_ack=False"
        return f"{why}, so it acknowledges with context.ack, spelling the topic as the inputs do."
    due_ms = emulator.scheduler.next_due_ms() if not emulator.scheduler.threaded else None
    if due_ms is not None:
        return f"Something is due in {(due_ms - emulator.scheduler.now_ms()) / 1000:g} s: advance(seconds=...) lets it happen."
    return "Messages stay so when the output SerDe returns None, or when the thread that processes them ended."


def _entry_line(entry: Entry, emulator: Emulator) -> str:
    delay_ms = entry.metadata.deliver_at_ms - emulator.scheduler.now_ms()
    delayed = f"  to be delivered in {delay_ms / 1000:g} s" if delay_ms > 0 else ""
    key = f" key={entry.metadata.partition_key!r}" if entry.metadata.partition_key else ""
    return f"{cut(repr(entry.payload))}{key}{delayed}"


def _inputs_of(emulator: Emulator, function: FunctionHandle) -> Iterator[Subscription]:
    name = function.function.subscription_name
    for topic in emulator.broker.topics.values():
        subscription = topic.subscriptions.get(name)
        if subscription is not None and subscription.backlog:
            yield subscription


def _place(subscription: Subscription, entry: Entry) -> tuple[str, int, int]:
    return subscription.topic.name.full, entry.ledger_id, entry.entry_id


def _id_of(message: Message) -> tuple[str, int, int]:
    message_id = message.message_id()
    return message.topic_name(), message_id.ledger_id(), message_id.entry_id()


def _backlog_was_seen(emulator: Emulator, subscription: Subscription) -> bool:
    name = subscription.topic.name
    return any((topic, subscription.name) in emulator.used_topics.backlogs for topic in (name.full, name.partitioned_topic.full))


def _dead_letters(emulator: Emulator) -> Iterator[Finding]:
    for topic in emulator.broker.topics.values():
        last = topic.ledger.last_entry
        if last is None or topic.name.full in emulator.used_topics.looked_at or REAL_TOPIC not in last.metadata.properties:
            continue
        if not any(subscription.backlog == 0 for subscription in topic.subscriptions.values()):
            name, origin = short_name(topic.name.full), short_name(last.metadata.properties[REAL_TOPIC])
            yield [
                f"{counted(topic.messages_in_total, 'dead letter')} on {name}, the last one from {origin}: {cut(repr(last.payload))}",
                f"look at topic({name!r}).messages",
            ]


def _error_logs(emulator: Emulator) -> Iterator[Finding]:
    for function in emulator.functions.values():
        if _log_topic_was_read(emulator, function):
            continue
        failed = [failure.origin for failure in function.exceptions.peek()]
        unseen = [entry for entry in function.logs.unseen if entry.level in _ERRORS and entry.origin not in failed]
        if unseen:
            yield [
                f"{function.name} logged {counted(len(unseen), 'error')}:",
                *some((f"  {log_line(entry)}  on {input_text(entry.origin)}" for entry in unseen), _MOST),
                "look at function.logs",
            ]


def _log_topic_was_read(emulator: Emulator, function: FunctionHandle) -> bool:
    log_topic = function.function.details.log_topic
    return bool(log_topic) and TopicName.parse(log_topic).full in emulator.used_topics.looked_at


def _unused_faults(emulator: Emulator) -> Iterator[Finding]:
    for fault in emulator.declared_faults:
        if not fault.struck:
            fitted = f"its moment came {counted(fault.seen, 'time')}" if fault.seen else "its moment never came"
            yield [f"A fault was declared that never struck: {fault.text}; {fitted}.", "take it out, or look at the fault's `struck`"]


def _unknown_topics(emulator: Emulator) -> Iterator[Finding]:
    used = emulator.used_topics
    for text in misspelt_topics(emulator, {*used.sent, *used.looked_at}):
        yield [text, "use it in the function"]


def misspelt_topics(emulator: Emulator, names: Iterable[str]) -> Iterator[str]:
    """Yield what is to be said of topics of those names that the test alone uses, where others use one of nearly that name."""
    topics = emulator.broker.topics
    strange = [name for name in names if name not in topics or not _is_used_by_others(topics[name], emulator)]
    known = {short_name(name) for name in _known_topics(emulator)} if strange else set()
    for name in sorted(strange):
        nearest = None if short_name(name) in known else nearest_name(short_name(name), known, TYPING_ERROR)
        if nearest is not None:
            did = "sent to" if name in emulator.used_topics.sent else "read"
            yield f"The test {did} {short_name(name)!r}, which no function and no client uses. Did you mean {nearest!r}?"


def _known_topics(emulator: Emulator) -> Iterator[str]:
    """Yield what functions name, what is subscribed to, and what others than the test have published to."""
    for handle in emulator.functions.values():
        details = handle.function.details
        for text in (*details.input_specs, details.sink.topic, details.log_topic):
            if text:
                yield TopicName.parse(text).full if not details.input_specs.get(text, _PLAIN).is_regex_pattern else text
    for topic in emulator.broker.topics.values():
        if _is_used_by_others(topic, emulator):
            yield topic.name.partitioned_topic.full
            yield topic.name.full


def _is_used_by_others(topic: Topic, emulator: Emulator) -> bool:
    """Tell whether a topic is subscribed to, or holds what the test did not send."""
    return bool(topic.subscriptions) or (topic.messages_in_total > 0 and topic.name.partitioned_topic.full not in emulator.used_topics.sent)


_CHECKS = {
    "exceptions": _exceptions,
    "unacknowledged": _unacknowledged,
    "dead_letters": _dead_letters,
    "error_logs": _error_logs,
    "unused_faults": _unused_faults,
    "unknown_topics": _unknown_topics,
}
