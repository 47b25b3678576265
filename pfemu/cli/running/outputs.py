"""The output topics of a run: each is read, and told by the function that wrote.

* What no function of the run reads is the end of the line: it is shown. What another one reads is counted, and shown on request.
* Where several topics are shown, each line begins with its topic.
* Where several functions write to a topic, an output is the one's that reads the input it names; where that does not tell, the first one's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pfemu.cli.running.output_tap import OutputTap
from pfemu.model.message import INPUT_TOPIC
from pfemu.model.topic_name import TopicName
from pfemu.topology.reading import reads

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pfemu.cli.running.running_function import RunningFunction
    from pfemu.emulator import Emulator
    from pfemu.model.message import Entry


class Outputs:
    """Reads the output topics of ``functions``. ``all_shown``: also those that other functions read."""

    def __init__(self, emulator: Emulator, functions: Sequence[RunningFunction], *, all_shown: bool) -> None:
        self._emulator = emulator
        self._functions = functions
        self._all_shown = all_shown
        self._tapped: set[str] = set()
        self._writers: dict[str, list[RunningFunction]] = {}
        self._former_writers: dict[str, list[RunningFunction]] = {}
        self._labels: dict[str, str | None] = {}

    def follow(self) -> None:
        """Look at where the functions write now, and read what is not read yet; on the thread that owns the broker."""
        self._former_writers |= self._writers
        self._writers = {}
        for function in self._functions:
            topic = function.handle.function.details.sink.topic
            if topic:
                self._writers.setdefault(TopicName.parse(topic).full, []).append(function)
        self._labels = dict(self._labelled())
        for full in self._writers.keys() - self._tapped:
            self._tap(TopicName.parse(full))

    def _labelled(self) -> Iterator[tuple[str, str | None]]:
        details = [function.handle.function.details for function in self._functions]
        shown = {full for full in self._writers if self._all_shown or not any(reads(each, TopicName.parse(full)) for each in details)}
        for full, writers in self._writers.items():
            name = writers[0].handle.function.details.sink.topic
            yield full, None if full not in shown else "" if len(shown) == 1 else f"{name}: "

    def _tap(self, output: TopicName) -> None:
        self._tapped.add(output.full)
        partitions = self._emulator.broker.partitions_of(output)
        for name in [output.partition(index) for index in range(partitions)] or [output]:
            OutputTap(self._emulator.engine, name, self._take)

    def _take(self, name: TopicName, entries: list[Entry]) -> None:
        whole = name.full if name.full in self._writers else name.partitioned_topic.full
        writers = self._writers.get(whole) or self._former_writers.get(whole) or self._former_writers[name.full]
        label = self._labels.get(whole, "")
        if len(writers) == 1:
            writers[0].reporter.outputs(name, entries, label)
            return
        for entry in entries:
            _writer_of(entry, writers).reporter.outputs(name, [entry], label)


def _writer_of(entry: Entry, writers: list[RunningFunction]) -> RunningFunction:
    batch = entry.metadata.batch
    metadata = entry.metadata if batch is None else batch[0].metadata
    origin = metadata.properties.get(INPUT_TOPIC)
    if origin is None:
        return writers[0]
    topic = TopicName.parse(origin)
    return next((each for each in writers if reads(each.handle.function.details, topic)), writers[0])
