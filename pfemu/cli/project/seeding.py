"""The seeds of a project, sent as lines of input are: once, when all functions run, before the first line that is read."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

from pfemu.cli.running.input_lines import JSON_LINES_SUFFIXES, InputMessage, LineSplitter, json_lines
from pfemu.cli.running.pump import Sender
from pfemu.errors import InputError
from pfemu.model.topic_name import TopicName

if TYPE_CHECKING:
    from pathlib import Path

    from pfemu.cli.project.values import Seed
    from pfemu.emulator import Emulator

_AT_A_TIME = 1000


def send_seeds(emulator: Emulator, seeds: tuple[Seed, ...]) -> None:
    """Send the messages; a stepping emulator has processed them when this returns.

    Raises:
        InputError: a file, or a line of it, cannot be read; those before it were sent.
    """
    for seed in seeds:
        sender = Sender(emulator, TopicName.parse(seed.topic))
        messages = iter(seed.messages) if seed.lines is None else read_lines(seed.lines)
        while part := list(islice(messages, _AT_A_TIME)):
            emulator.scheduler.call(partial(sender.send, part))
            emulator.settle()


def read_lines(path: Path) -> Iterator[InputMessage]:
    """Yield the messages of a file: of JSON lines in a ``.jsonl``, of text lines otherwise.

    Raises:
        InputError: it cannot be read.
    """
    parse = json_lines(str(path)) if path.name.endswith(JSON_LINES_SUFFIXES) else lambda line, _number: InputMessage(line)
    splitter = LineSplitter()
    try:
        lines = [*splitter.feed(path.read_bytes()), *splitter.finish()]
    except OSError as error:
        raise InputError(f"The file {path} cannot be read: {error}") from None
    yield from (message for number, line in enumerate(lines, 1) if (message := parse(line, number)) is not None)
