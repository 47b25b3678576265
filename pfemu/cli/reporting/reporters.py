"""Where a run's happenings go: the outputs to stdout, all else to stderr.

With ``--json`` everything goes to stdout as events: :mod:`pfemu.cli.reporting.json_reporter`. A reporter is an ``Observer`` of the
function and the taker of the output tap's entries. It is called on the function's or the engine's thread, one call at a time in the
stepping mode; :class:`TerminalReporter` serves the live mode, where lines are whole writes to a stream that takes them from any thread.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from pfemu.cli.reporting.previews import payload_preview
from pfemu.runtime.observer import Observer

if TYPE_CHECKING:
    from pfemu.cli.reporting.notes import Notes
    from pfemu.cli.reporting.styles import Styles
    from pfemu.cli.reporting.summary import Summary
    from pfemu.cli.running.streams import BufferedOutput
    from pfemu.model.message import Entry
    from pfemu.model.topic_name import TopicName
    from pfemu.model.warnings.function_warning import FunctionWarning
    from pfemu.ports import Message
    from pfemu.runtime.observer import Publication


class Tally:
    """What the function sent: outputs, and messages by topic for ``context.publish``."""

    __slots__ = ("outputs", "published")

    def __init__(self) -> None:
        self.outputs = 0
        self.published: Counter[str] = Counter()


class Reporter(Observer, Protocol):
    """Observer of a function, taker of its outputs, and teller of the end."""

    tally: Tally

    def outputs(self, topic: TopicName, entries: list[Entry], label: str | None) -> None:
        """Take entries of the output topic; ``label`` goes before each of them, None: another function reads them, so they are counted."""
        ...

    def warned(self, warning: FunctionWarning) -> None:
        """Take a warning, on whatever thread it arose."""
        ...

    def flush(self) -> None:
        """Let everything said so far be seen."""
        ...

    def finished(self, summary: Summary) -> None:
        """Tell the end on stdout, where it belongs there."""
        ...


class NotedRun:
    """What the reporters for a person share: notes of all that happens but the outputs, and both counted."""

    watches_acknowledgements = False

    def __init__(self, notes: Notes) -> None:
        self.tally = Tally()
        self._notes = notes
        self.logged = notes.logged
        self.failed = notes.failed
        self.warned = notes.warned

    def published(self, publication: Publication) -> None:
        """Note and count it."""
        self.tally.published[publication.topic] += 1
        self._notes.published(publication)

    def acknowledged(self, message: object, topic: str) -> None:
        """Say nothing: it is the rule."""

    def negatively_acknowledged(self, message: Message) -> None:
        """Say nothing: the failure said it."""

    def metric_recorded(self, name: str, value: object) -> None:
        """Say nothing: ``--metrics`` shows the sums."""

    def finished(self, summary: Summary) -> None:
        """Say nothing here: the summary goes to stderr."""

    def counted(self, entries: list[Entry]) -> list[bytes]:
        """Return the payloads of outputs, counted."""
        payloads = _payloads(entries)
        self.tally.outputs += len(payloads)
        return payloads


class TextReporter(NotedRun):
    """Payloads of outputs on stdout, one a line; notes for a person beside them."""

    def __init__(self, stdout: BufferedOutput, notes: Notes) -> None:
        super().__init__(notes)
        self._stdout = stdout

    def outputs(self, _topic: TopicName, entries: list[Entry], label: str | None) -> None:
        """Write the payloads."""
        payloads = self.counted(entries)
        if label is None:
            return
        if label:
            payloads = [label.encode() + payload for payload in payloads]
        payloads.append(b"")
        self._stdout.write(b"\n".join(payloads))

    def flush(self) -> None:
        """Let everything said so far be seen."""
        self._stdout.flush()


class TerminalReporter(NotedRun):
    """Outputs as coloured lines among the notes."""

    def __init__(self, write: Callable[[str], object], styles: Styles, notes: Notes) -> None:
        super().__init__(notes)
        self._write = write
        self._styles = styles

    def outputs(self, _topic: TopicName, entries: list[Entry], label: str | None) -> None:
        """Show the payloads."""
        payloads = self.counted(entries)
        for payload in payloads if label is not None else ():
            self._write(self._styles.output(f"→ {label}{payload_preview(payload)}"))

    def flush(self) -> None:
        """Do nothing: every line is seen when it is written."""


def _payloads(entries: list[Entry]) -> list[bytes]:
    payloads: list[bytes] = []
    for entry in entries:
        batch = entry.metadata.batch
        if batch is None:
            payloads.append(entry.payload)
        else:
            payloads.extend(each.payload for each in batch)
    return payloads


def reporting_on(stdout: BufferedOutput, *, json: bool) -> Callable[[Notes, str], Reporter]:
    """Return what makes a function's reporter, from its notes and name: of payloads on ``stdout``, or of events with ``json``."""

    def make_reporter(notes: Notes, function: str) -> Reporter:
        if not json:
            return TextReporter(stdout, notes)
        from pfemu.cli.reporting.json_reporter import JsonReporter

        return JsonReporter(stdout, function)

    return make_reporter
