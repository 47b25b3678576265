"""The last inputs of a function: the message, the state it saw, and what came of it.

A recorder stands around ``process`` and before the function's observer. What comes of an input is put down in a form in which the same
input on other code can be compared with it: results as bytes (text encoded, anything else in words).
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from pfemu.reload.reports import Effects
from pfemu.runtime.state.state_table import StateContent, StateTable, diff
from pfemu.runtime.traceback_text import error_line
from pfemu.runtime.values.value_text import value_text

if TYPE_CHECKING:
    from pfemu.ports import Message
    from pfemu.runtime.context import ContextImpl
    from pfemu.runtime.observer import Failure, LogEntry, Observer, Publication

Process = Callable[[object, "ContextImpl"], object]


class NotedEffects:
    """What comes of one input, as it is noted."""

    def __init__(self) -> None:
        self.outputs: list[bytes] = []
        self.published: list[tuple[str, bytes]] = []
        self.state: Mapping[str, tuple[StateContent | None, StateContent | None]] = {}
        self.metrics: list[tuple[str, float]] = []
        self.logs: list[tuple[str, str]] = []
        self.exception: str | None = None

    def returned(self, output: object) -> None:
        """Note what ``process`` returned."""
        if output is not None:
            self.outputs.append(as_bytes(output))

    def raised(self, error: BaseException) -> None:
        """Note an exception; the first one counts."""
        self.exception = self.exception or error_line(error)

    def effects(self) -> Effects:
        """Return all of it."""
        return Effects(tuple(self.outputs), tuple(self.published), dict(self.state), tuple(self.metrics), tuple(self.logs), self.exception)


def as_bytes(output: object) -> bytes:
    """Return a result in the form in which results are compared."""
    if isinstance(output, bytes):
        return output
    return (output if isinstance(output, str) else value_text(output)).encode(errors="backslashreplace")


class RecordedInput:
    """One input: its message, the state before it, and what came of it."""

    def __init__(self, message: Message, state: Mapping[str, StateContent]) -> None:
        self.message = message
        self.state = state
        self.noted = NotedEffects()
        self.last: Effects | None = None
        """What came of it when it was replayed last."""

    @property
    def before(self) -> Effects:
        """What came of it on the code that ran it last."""
        return self.last or self.noted.effects()


class InputRecorder:
    """Keeps the last ``count`` inputs, each as it was seen first, and passes everything on to ``observer``."""

    def __init__(self, observer: Observer, count: int) -> None:
        self._observer = observer
        self._inputs: deque[RecordedInput] = deque(maxlen=count)
        self._current = threading.local()
        self.watches_acknowledgements = observer.watches_acknowledgements
        self.acknowledged = observer.acknowledged
        self.negatively_acknowledged = observer.negatively_acknowledged

    def last(self, count: int | None = None) -> list[RecordedInput]:
        """Return the last inputs, oldest first."""
        inputs = list(self._inputs)
        return inputs if count is None else inputs[max(0, len(inputs) - count) :]

    def around(self, process: Process, table: StateTable) -> Process:
        """Return the function with the recording around it."""

        def recorded(value: object, context: ContextImpl) -> object:
            if self._input_of(context.message) is not None:  # a redelivery: the first time counts
                return process(value, context)
            self._current.input = made = RecordedInput(context.message, table.snapshot())
            self._inputs.append(made)
            try:
                output = process(value, context)
                made.noted.returned(output)
            except BaseException as error:
                made.noted.raised(error)
                raise
            else:
                return output
            finally:
                made.noted.state = diff(made.state, table.snapshot())
                self._current.input = None

        return recorded

    def _input_of(self, message: Message | None) -> RecordedInput | None:
        if message is None:
            return None
        key = (message.topic_name(), str(message.message_id()))
        return next((each for each in list(self._inputs) if (each.message.topic_name(), str(each.message.message_id())) == key), None)

    def logged(self, record: LogEntry) -> None:
        """Note it, and pass it on."""
        noted: RecordedInput | None = getattr(self._current, "input", None)
        if noted is not None:
            noted.noted.logs.append((record.level, record.message))
        self._observer.logged(record)

    def metric_recorded(self, name: str, value: object) -> None:
        """Note it, and pass it on."""
        noted: RecordedInput | None = getattr(self._current, "input", None)
        if noted is not None and isinstance(value, int | float):
            noted.noted.metrics.append((name, value))
        self._observer.metric_recorded(name, value)

    def published(self, publication: Publication) -> None:
        """Note it, and pass it on."""
        noted = self._input_of(publication.origin)
        if noted is not None and noted.last is None:
            noted.noted.published.append((publication.topic, publication.payload))
        self._observer.published(publication)

    def failed(self, failure: Failure) -> None:
        """Note a failure around ``process``, and pass it on."""
        noted = self._input_of(failure.origin)
        if noted is not None:
            noted.noted.raised(failure.error)
        self._observer.failed(failure)
