"""The output topics of a run: each is read, and told by the function that wrote.

* What no function of the run reads is the end of the line: it is shown. What another one reads is counted, and shown on request.
* Where several topics are shown, each line begins with its topic.
* What functions write that came by the admin REST is shown with its topic, and what the run's own write is shown as without them.
* Where several functions write to a topic, an output is the one's that reads the input it names; where that does not tell, the first one's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pfemu.cli.running.output_tap import OutputTap
from pfemu.errors import BrokerError
from pfemu.model.message import INPUT_TOPIC
from pfemu.model.topic_name import TopicName
from pfemu.topology.reading import reads

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from pfemu.cli.reporting.reporters import Reporter
    from pfemu.cli.running.running_function import RunningFunction
    from pfemu.emulator import Emulator
    from pfemu.model.functions.function_details import FunctionDetails
    from pfemu.model.message import Entry


@dataclass(frozen=True, slots=True)
class Writer:
    """A function that may write to an output topic, and who tells what it writes."""

    details: FunctionDetails
    reporter: Reporter

    @property
    def topic(self) -> str:
        """The full name of its output topic, empty without one."""
        topic = self.details.sink.topic
        return TopicName.parse(topic).full if topic else ""


class Outputs:
    """Reads the output topics of ``functions``, and of those ``deployed`` names. ``all_shown``: also those that other functions read."""

    def __init__(
        self, emulator: Emulator, functions: Sequence[RunningFunction], deployed: Callable[[], Iterable[Writer]], *, all_shown: bool
    ) -> None:
        self._emulator = emulator
        self._functions = functions
        self._deployed = deployed
        self._all_shown = all_shown
        self._taps: dict[str, list[OutputTap]] = {}
        self._kept: set[str] = set()
        """Topics that a function of the run itself writes to, or once did."""
        self._writers: dict[str, list[Writer]] = {}
        self._former_writers: dict[str, list[Writer]] = {}
        self._labels: dict[str, str | None] = {}

    def follow(self) -> None:
        """Look at where functions write now, read what is not read yet, and no more what is not written; on the broker's owner's thread."""
        own = [Writer(function.handle.function.details, function.reporter) for function in self._functions]
        deployed = list(self._deployed())
        self._former_writers |= self._writers
        self._writers = _by_topic((*own, *deployed))
        self._labels = self._labels_of(deployed, [*own, *deployed], always=True) | self._labels_of(own, own)
        self._kept |= {writer.topic for writer in own}
        for topic in self._writers.keys() - self._taps.keys():
            self._tap(TopicName.parse(topic))
        for topic in self._taps.keys() - self._writers.keys() - self._kept:
            for tap in self._taps.pop(topic):
                tap.close()

    def _labels_of(self, writers: Sequence[Writer], readers: Sequence[Writer], *, always: bool = False) -> dict[str, str | None]:
        """Return what a line of each topic begins with; None: it is not shown."""
        by_topic = _by_topic(writers)
        inputs = _Inputs(each.details for each in readers)
        shown = {full for full in by_topic if self._all_shown or TopicName.parse(full) not in inputs}
        named = always or len(shown) > 1
        return {
            full: None if full not in shown else f"{found[0].details.sink.topic}: " if named else "" for full, found in by_topic.items()
        }

    def _tap(self, output: TopicName) -> None:
        names = output.partitions(self._emulator.broker.partitions_of(output))
        try:
            self._taps[output.full] = [OutputTap(self._emulator.engine, name, self._take) for name in names]
        except BrokerError:  # of a function that came by REST: it cannot write there either, and that is told
            return

    def _take(self, name: TopicName, entries: list[Entry]) -> None:
        whole = name.full if name.full in self._writers else name.partitioned_topic.full
        writers = self._writers.get(whole) or self._former_writers.get(whole) or self._former_writers[name.full]
        label = self._labels.get(whole, "")
        if len(writers) == 1:
            writers[0].reporter.outputs(name, entries, label)
            return
        for entry in entries:
            _writer_of(entry, writers).reporter.outputs(name, [entry], label)


class _Inputs:
    """What functions read: as :func:`reads` of each of them, without asking each for each topic."""

    def __init__(self, functions: Iterable[FunctionDetails]) -> None:
        self._by_pattern: list[FunctionDetails] = []
        self._named: set[str] = set()
        for details in functions:
            if any(spec.is_regex_pattern for spec in details.input_specs.values()):
                self._by_pattern.append(details)
                continue
            names = map(TopicName.if_valid, details.input_specs)
            self._named.update(name.full for name in names if name is not None)

    def __contains__(self, topic: TopicName) -> bool:
        named = topic.full in self._named or topic.partitioned_topic.full in self._named
        return named or any(reads(details, topic) for details in self._by_pattern)


def _by_topic(writers: Iterable[Writer]) -> dict[str, list[Writer]]:
    found: dict[str, list[Writer]] = {}
    for writer in writers:
        if writer.topic:
            found.setdefault(writer.topic, []).append(writer)
    return found


def _writer_of(entry: Entry, writers: list[Writer]) -> Writer:
    batch = entry.metadata.batch
    metadata = entry.metadata if batch is None else batch[0].metadata
    origin = metadata.properties.get(INPUT_TOPIC)
    if origin is None:
        return writers[0]
    topic = TopicName.parse(origin)
    return next((each for each in writers if reads(each.details, topic)), writers[0])
