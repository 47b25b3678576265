"""``pulsar_golden``: all that a run produced, compared with a readable JSON file.

The file holds what is the same in every run: messages of every topic, and of every function its state, counters, user metrics, logs,
exceptions and Pulsar's counters. Times, ids and latencies are left out; where an output came from is told by topic and place.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from difflib import unified_diff
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pfemu.model.message import INPUT_MESSAGE_ID, INPUT_TOPIC
from pfemu.model.message_id import MessageId
from pfemu.model.topic_name import short_name
from pfemu.runtime.values.value_text import value_text
from pytest_pfemu.describing import error_text
from pytest_pfemu.golden_files import file_name, shown

if TYPE_CHECKING:
    from pfemu.emulator import Emulator
    from pfemu.function_handle import FunctionHandle
    from pfemu.handles import StoredMessage

Json = object


class PulsarGolden:
    """Compares with, or writes, the golden files of one test."""

    def __init__(self, emulator: Emulator, path: Path, *, update: bool) -> None:
        self._emulator = emulator
        self.path = path
        """Of the test's file, without its ending."""
        self.checked: set[Path] = set()
        """The files it compared with, or wrote."""
        self._update = update

    def check(self, name: str = "") -> None:
        """Compare what there is now; ``name`` tells several checks of one test apart.

        Fails the test when the file is missing or differs; with ``--pfemu-update`` it is written instead.

        Raises:
            ValueError: the test has checked under that name before.
        """
        __tracebackhide__ = True
        path = self.path.with_name(f"{self.path.name}{f'.{file_name(name)}' if name else ''}.json")
        if path in self.checked:
            raise ValueError(f"{shown(path, Path.cwd())} was checked already: give each check of a test a name of its own, check('later')")
        self.checked.add(path)
        text = json.dumps(what_happened(self._emulator), indent=2, ensure_ascii=False, sort_keys=True) + "\n"
        if self._update:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        elif not path.exists():
            missing = f"there is no golden file {shown(path, Path.cwd())} yet: pytest --pfemu-update writes it"
            pytest.fail(f"{missing}\nit would hold:\n{text}", pytrace=False)
        else:
            _compare(path, text)

    def check_unless_done(self) -> None:
        """Compare at the end of a test that did not say when."""
        if not self.checked:
            self.check()

    def __repr__(self) -> str:
        return f"<pulsar_golden {shown(self.path, Path.cwd())}>"


def _compare(path: Path, text: str) -> None:
    __tracebackhide__ = True
    golden = path.read_text(encoding="utf-8")
    if golden != text:
        changes = unified_diff(golden.splitlines(), text.splitlines(), "golden", "this run", lineterm="")
        differs = f"the run differs from {shown(path, Path.cwd())}; if it is right now, pytest --pfemu-update writes it anew"
        pytest.fail("\n".join([differs, *changes]), pytrace=False)


def what_happened(emulator: Emulator) -> dict[str, Json]:
    """Return all that a run produced, as JSON."""
    topics: dict[str, list[Json]] = {}
    for topic in emulator.broker.topics.values():
        held = [_message(emulator, message) for message in emulator.topic(topic.name.full).history()]
        if held:
            topics[short_name(topic.name.full)] = held
    functions = {name: _function(function) for name, function in emulator.functions.items()}
    return {"topics": topics, "functions": functions}


def _message(emulator: Emulator, message: StoredMessage) -> Json:
    properties = dict(message.properties)
    topic, origin = properties.pop(INPUT_TOPIC, ""), properties.pop(INPUT_MESSAGE_ID, "")
    kept: dict[str, Json] = {
        "value": as_json(message.value),
        "key": message.key,
        "ordering_key": message.ordering_key,
        "event_time": message.event_time,
        "properties": properties,
        "input": _place(emulator, topic, origin) if topic else "",
    }
    return {name: value for name, value in kept.items() if value or name == "value"}


def _place(emulator: Emulator, topic: str, origin: str) -> str:
    """Return an id as its topic and its place in it, counted from 0."""
    message_id = MessageId.deserialize(urlsafe_b64decode(origin))
    ids = [message.message_id for message in emulator.topic(topic).history()]
    places = [(one.ledger_id, one.entry_id, max(one.batch_index, 0)) for one in ids]
    wanted = (message_id.ledger_id, message_id.entry_id, max(message_id.batch_index, 0))
    return f"{short_name(topic)} #{places.index(wanted)}" if wanted in places else short_name(topic)


def _function(function: FunctionHandle) -> Json:
    totals = function.stats
    kept: dict[str, Json] = {
        "state": {key: as_json(value) for key, value in function.state.items()},
        "counters": dict(function.counters),
        "metrics": {name: {"count": metric.count, "sum": metric.sum} for name, metric in function.metrics.items()},
        "logs": [f"{entry.level} {entry.message}" for entry in function.logs],
        "exceptions": [error_text(failure.error) for failure in function.exceptions],
        "received": totals.received,
        "processed_successfully": totals.processed_successfully,
        "user_exceptions": totals.user_exceptions,
        "system_exceptions": totals.system_exceptions,
    }
    return {name: value for name, value in kept.items() if value}


def as_json(value: object) -> Json:
    """Return a value as JSON shows it; what JSON has not, by its bytes as text or in words."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return value if value - value == 0 else {"float": repr(value)}
    if isinstance(value, bytes):
        return {"bytes": value.decode(errors="backslashreplace")}
    if isinstance(value, Mapping):
        return {str(key): as_json(held) for key, held in value.items()}
    if isinstance(value, list | tuple):
        return [as_json(held) for held in value]
    return {"repr": value_text(value)}
