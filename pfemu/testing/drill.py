"""The delivery drill: a function under a crash at every step of every message.

The function runs once without a crash. Then, for each step that leaves a trace (a message was received, state was written, a message was
published, the input was acknowledged), it runs again in a fresh emulator and is killed right after that step; the worker starts it again,
and what was not acknowledged comes again. What differs at the end from the run without a crash is reported.

* *duplicates*: a message was published more often; *losses*: less often.
* *changed*: another message was published instead, because state had counted the first attempt.
* *double counts*: a counter is higher than without a crash; *lost counts*: lower.

A function that fails without a crash is told apart: what it never does, no crash can spoil.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

from pfemu.emulator import Emulator
from pfemu.model.configuration.function_config import FunctionConfig
from pfemu.model.english import counted
from pfemu.model.topic_name import TopicName, short_name
from pfemu.runtime.fault_points import Moment, Verdict, Visit
from pfemu.runtime.traceback_text import error_line
from pfemu.runtime.values.value_text import value_text

if TYPE_CHECKING:
    from pfemu.function_handle import FunctionHandle
    from pfemu.function_settings import FunctionSettings
    from pfemu.handles import StoredMessage
    from pfemu.ports import Message
    from pfemu.runtime.state.state_table import StateSnapshot

_INPUT, _OUTPUT = "drill-input", "drill-output"
_RECOVERY_S = 120
"""How long a run lasts, in broker time: a restart takes 30 s, a redelivery 60 s."""
_STEPS = {
    Moment.BEFORE_PROCESS: "before process",
    Moment.AFTER_STATE_WRITE: "after state write",
    Moment.AFTER_PUBLISH: "after publish",
    Moment.AFTER_ACK: "after ack",
}

_Published = tuple[str, str, str]  # topic, key, value


@dataclass(frozen=True, slots=True)
class Crash:
    """One crash and what it did. ``step`` says after what; texts name what was published, or the state, in words."""

    input: object
    input_index: int
    step: str
    duplicates: tuple[str, ...] = ()
    losses: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    double_counts: tuple[str, ...] = ()
    lost_counts: tuple[str, ...] = ()

    @property
    def is_harmless(self) -> bool:
        """Whether nothing differs from the run without a crash."""
        return not (self.duplicates or self.losses or self.changed or self.double_counts or self.lost_counts)

    @property
    def what_happened(self) -> str:
        """All of it, in words."""
        kinds = {
            "twice": self.duplicates,
            "lost": self.losses,
            "changed": self.changed,
            "counted twice": self.double_counts,
            "not counted": self.lost_counts,
        }
        return "; ".join(f"{kind}: {', '.join(texts)}" for kind, texts in kinds.items() if texts) or "as without a crash"


@dataclass(frozen=True, slots=True)
class DrillReport:
    """What a function does under every crash. Printing it gives a table."""

    function: str
    guarantee: str
    inputs: tuple[object, ...]
    crashes: tuple[Crash, ...]
    failures: tuple[str, ...] = ()
    """What the function raised in the run without a crash, with the input: what it does not do there, no crash can spoil."""

    @property
    def duplicates(self) -> list[Crash]:
        """The crashes after which something was published twice."""
        return [crash for crash in self.crashes if crash.duplicates]

    @property
    def losses(self) -> list[Crash]:
        """The crashes after which something was never published."""
        return [crash for crash in self.crashes if crash.losses]

    @property
    def changed(self) -> list[Crash]:
        """The crashes after which something else was published."""
        return [crash for crash in self.crashes if crash.changed]

    @property
    def double_counts(self) -> list[Crash]:
        """The crashes after which a counter was too high."""
        return [crash for crash in self.crashes if crash.double_counts]

    @property
    def lost_counts(self) -> list[Crash]:
        """The crashes after which a counter was too low, or a value was not there."""
        return [crash for crash in self.crashes if crash.lost_counts]

    @property
    def is_exactly_once(self) -> bool:
        """Whether no crash changed anything."""
        return all(crash.is_harmless for crash in self.crashes)

    def __str__(self) -> str:
        rows = [("input", "crash", "what happened")]
        rows += [(_short(crash.input), crash.step, crash.what_happened) for crash in self.crashes if not crash.is_harmless]
        harmless = len(self.crashes) - len(rows) + 1
        crashes = f"{counted(len(self.crashes), 'crash', 'crashes')}, {harmless} of them without a trace"
        head = f"{self.function} ({self.guarantee}): {counted(len(self.inputs), 'input')}, {crashes}"
        failed = [f"  without a crash: {failure}" for failure in self.failures]
        return "\n".join([head, *failed, *(_table(rows) if len(rows) > 1 else ())])


def delivery_drill(
    source: FunctionConfig | str | Path | type | object, inputs: Iterable[object], /, **settings: Unpack[FunctionSettings]
) -> DrillReport:
    """Run a function on some inputs under a crash after every step.

    ``source`` and ``settings`` are those of :meth:`Emulator.create_function`; input and output topic are made up unless they are given.
    The inputs go to the first input topic.

    Raises:
        ConfigError: the worker would refuse the function.
        LoadError: the code cannot be loaded.
    """
    values = tuple(inputs)
    drill = _Drill(source, values, _with_topics(source, dict(settings)))
    calm = drill.run(None)
    crashes = tuple(drill.crash(at, step, calm) for at, step in enumerate(calm.steps))
    return DrillReport(calm.function, calm.guarantee, values, crashes, calm.failures)


def _with_topics(source: object, settings: dict[str, Any]) -> dict[str, Any]:
    names_inputs = {"inputs", "input_specs", "custom_serde_inputs", "custom_schema_inputs", "topics_pattern"}
    if isinstance(source, FunctionConfig) or Path(str(source)).suffix in {".yaml", ".yml", ".json"}:
        return settings
    defaults = {} if names_inputs & settings.keys() else {"inputs": [_INPUT]}
    return {"output": _OUTPUT, **defaults, **settings}


@dataclass(frozen=True, slots=True)
class _Step:
    """A step of the run without a crash: which input was processed (its place, counted from 0), and what was just done."""

    input_index: int
    input: object
    text: str


@dataclass(frozen=True, slots=True)
class _Run:
    """One run: its steps, and what there was at its end."""

    function: str
    guarantee: str
    steps: tuple[_Step, ...]
    published: Counter[_Published]
    state: StateSnapshot
    failures: tuple[str, ...]


class _Killer:
    """Counts the steps, and kills at one of them."""

    def __init__(self, at: int | None, inputs: tuple[object, ...]) -> None:
        self._at = at
        self._inputs = inputs
        self._indexes: dict[bytes, int] = {}
        self.steps: list[_Step] = []

    def ask(self, visit: Visit) -> Verdict:
        text = _STEPS.get(visit.moment)
        if text is None:
            return Verdict.GO_ON
        index = self._index_of(visit.message)
        value = self._inputs[index] if index < len(self._inputs) else visit.message.data()
        detail = f" {short_name(visit.detail)!r}" if visit.detail else ""
        self.steps.append(_Step(index, value, text + detail))
        return Verdict.KILL if len(self.steps) - 1 == self._at else Verdict.GO_ON

    def _index_of(self, message: Message) -> int:
        """Return the place of an input: its entry in a topic without partitions, else when it was first processed."""
        message_id = message.message_id()
        if message_id.partition() < 0:
            return message_id.entry_id()
        return self._indexes.setdefault(message_id.serialize(), len(self._indexes))


class _Drill:
    """A function, its inputs and its settings."""

    def __init__(self, source: object, inputs: tuple[object, ...], settings: dict[str, Any]) -> None:
        self._source = source
        self._inputs = inputs
        self._settings = settings

    def run(self, at: int | None) -> _Run:
        """Run it, killed at that step, or not at all."""
        killer = _Killer(at, self._inputs)
        with Emulator() as emulator:
            emulator.faults.also_ask(killer.ask)
            handle = emulator.create_function(self._source, **self._settings)
            details = handle.function.details
            first = next(topic for topic, spec in details.input_specs.items() if not spec.is_regex_pattern)
            emulator.topic(first).send_many(self._inputs)
            emulator.advance(_RECOVERY_S)
            read = {TopicName.parse(topic).full for topic, spec in details.input_specs.items() if not spec.is_regex_pattern}
            published = Counter(_published(message) for message in _messages(emulator, read))
            guarantee = details.processing_guarantees.value
            return _Run(handle.name, guarantee, tuple(killer.steps), published, handle.snapshot(), tuple(_failures(handle)))

    def crash(self, at: int, step: _Step, calm: _Run) -> Crash:
        """Run it with a crash and compare."""
        run = self.run(at)
        more, less = run.published - calm.published, calm.published - run.published
        again = Counter({message: count for message, count in more.items() if message in calm.published})
        other = more - again
        replaced = min(other.total(), less.total())
        return Crash(
            step.input,
            step.input_index,
            step.text,
            duplicates=_words([*again.elements(), *list(other.elements())[replaced:]]),
            losses=_words(list(less.elements())[replaced:]),
            changed=tuple(
                f"{_value(new)} instead of {_value(old)}"
                for new, old in list(zip(other.elements(), less.elements(), strict=False))[:replaced]
            ),
            double_counts=_counts(calm.state, run.state, higher=True),
            lost_counts=_counts(calm.state, run.state, higher=False),
        )


def _failures(handle: FunctionHandle) -> Iterator[str]:
    """Yield what was raised, each once however often its input came again."""
    failures = [(failure.error, failure.origin) for failure in handle.exceptions]
    for error, origin in dict.fromkeys((error_line(error), origin and origin.data()) for error, origin in failures):
        yield error if origin is None else f"{error}, on {_short(origin)}"
    end = handle.ended_by
    if end is not None:
        yield f"{type(end).__name__}: {end} ended the thread that processes messages"


def _messages(emulator: Emulator, without: set[str]) -> Iterator[StoredMessage]:
    for topic in emulator.broker.topics.values():
        if topic.name.partitioned_topic.full not in without:
            yield from emulator.topic(topic.name.full).peek()


def _published(message: StoredMessage) -> _Published:
    return short_name(message.topic), message.key, value_text(message.value)


def _value(published: _Published) -> str:
    topic, _key, value = published
    return f"{_short(value)} on {topic}"


def _words(published: Iterable[_Published]) -> tuple[str, ...]:
    return tuple(_value(one) for one in published)


def _counts(calm: StateSnapshot, run: StateSnapshot, *, higher: bool) -> tuple[str, ...]:
    return tuple(_differing(calm, run, higher=higher))


def _differing(calm: Mapping[str, object], run: Mapping[str, object], *, higher: bool) -> Iterator[str]:
    for key in sorted({*calm, *run}):
        expected, held = calm.get(key, 0), run.get(key, 0)
        if isinstance(expected, int) and isinstance(held, int):
            if held != expected and (held > expected) == higher:
                yield f"{key}={held} instead of {expected}"
        elif held != expected and not higher:
            yield f"{key}={held!r} instead of {expected!r}"


def _short(value: object) -> str:
    text = value if isinstance(value, str) else value_text(value)
    return text if len(text) <= 40 else f"{text[:37]}..."


def _table(rows: list[tuple[str, str, str]]) -> Iterator[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(2)]
    for row in rows:
        yield f"  {row[0].ljust(widths[0])}  {row[1].ljust(widths[1])}  {row[2]}"
