"""Feeds a stepping emulator from streams: read what is there, send it, run to idle, show what came of it.

* Lines are sent in slices. A slice grows while slices are quick and shrinks when they are slow, so a fast function runs at full
  speed and a slow one still shows every output at once.
* While nothing can be read, what falls due (a redelivery, an ack timeout) is run at its time.
* Nothing is kept: memory stays the same however long the input is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from select import select
from typing import TYPE_CHECKING

from pfemu.cli.reporting.previews import payload_preview
from pfemu.cli.running.input_lines import InputMessage, LineSplitter, Parse
from pfemu.errors import EndlessLoopError, InputError, InvalidTopicName
from pfemu.model.topic_name import TopicName

if TYPE_CHECKING:
    from pulsar.exceptions import PulsarException

    from pfemu.cli.reporting.progress import ProgressBar
    from pfemu.cli.running.streams import InputStream
    from pfemu.cli.running.wake_pipe import WakePipe
    from pfemu.client.producing.producer import Producer
    from pfemu.emulator import Emulator
    from pfemu.scheduling.stepping import SteppingScheduler

_LARGEST_SLICE = 4096
_QUICK_S = 0.02
_SLOW_S = 0.1
_MILLISECONDS = 1000
_MOMENT_S = 0.2
_ROUNDS_TO_FINISH = 50
ENDLESS = (
    "there is always more to do: something keeps producing work for itself. "
    "Does a function publish to its own input, or do two functions feed each other?"
)


class Sender:
    """Sends lines to one topic, ``target``, or to the topic they name."""

    def __init__(self, emulator: Emulator, target: TopicName | None) -> None:
        self._emulator = emulator
        self.target = target

    def send_lines(self, lines: list[bytes]) -> None:
        """Send each line as it is.

        Raises:
            InputError: the broker does not take one; those before it were sent.
        """
        from pulsar.exceptions import PulsarException

        line = b""
        try:
            send = self._producer(None).send
            for line in lines:
                send(line)
        except PulsarException as error:
            raise _not_taken(line, error) from None

    def send_parsed(self, lines: list[bytes], parse: Parse, first_number: int) -> None:
        """Send what each line says.

        Raises:
            InputError: a line cannot be read; those before it were sent.
        """
        self.send(message for number, line in enumerate(lines, first_number) if (message := parse(line, number)) is not None)

    def send(self, messages: Iterable[InputMessage]) -> None:
        """Send messages.

        Raises:
            InputError: one names what cannot be a topic, or is not taken; those before it were sent.
        """
        for message in messages:
            self._send(message)

    def _send(self, message: InputMessage) -> None:
        from pulsar.exceptions import PulsarException

        producer = self._producer(message.topic)
        try:
            producer.send(
                message.payload,
                properties=None if message.properties is None else dict(message.properties),
                partition_key=message.key,
                event_timestamp=message.event_time_ms,
            )
        except PulsarException as error:
            raise _not_taken(message.payload, error) from None

    def _producer(self, name: str | None) -> Producer:
        from pulsar.exceptions import PulsarException

        topic = self._topic(name)
        try:
            return self._emulator.producer(topic)
        except PulsarException as error:
            raise InputError(f"nothing can be sent to {topic}: {error}") from None

    def _topic(self, name: str | None) -> TopicName:
        if name is None and self.target is not None:
            return self.target
        if name is None:
            raise InputError('The function reads topics by a pattern, so every line must say its topic: use JSON lines with "topic".')
        try:
            topic = TopicName.parse(name)
        except InvalidTopicName as error:
            raise InputError(f"no topic can be called {name!r}: {error}") from None
        self._emulator.create_namespace(topic.namespace_name)
        return topic


def _not_taken(payload: bytes, error: PulsarException) -> InputError:
    return InputError(f"a message of {len(payload):,} bytes was not taken ({error}): {payload_preview(payload)}")


class Pump:
    """Moves lines from streams through the emulator."""

    def __init__(
        self,
        scheduler: SteppingScheduler,
        sender: Sender,
        flush: Callable[[], object],
        stopwatch_s: Callable[[], float],
        progress: ProgressBar | None = None,
        wake_pipe: WakePipe | None = None,
    ) -> None:
        self._wake_pipe = wake_pipe
        self._scheduler = scheduler
        self._sender = sender
        self._flush = flush
        self._stopwatch_s = stopwatch_s
        self._progress = progress
        self._slice = 1
        self._sent = 0
        self._bytes_done = 0

    def feed(self, stream: InputStream, parse: Parse | None) -> None:
        """Send every line of the stream; ``parse`` None: lines as they are.

        Raises:
            InputError: a line cannot be read; those before it were sent and processed.
            BrokenPipeError: nobody reads the outputs any more.
        """
        splitter = LineSplitter()
        number = 1
        while True:
            self._wait(stream)
            chunk = stream.read()
            lines = splitter.feed(chunk) if chunk else splitter.finish()
            self._bytes_done += len(chunk)
            self._send(lines, parse, number)
            number += len(lines)
            if not chunk:
                return

    def _wait(self, stream: InputStream) -> None:
        while not stream.wait(self._seconds_to_next_timer(), self._wake_pipe):
            self.settle()

    def _seconds_to_next_timer(self) -> float | None:
        due_ms = self._scheduler.next_due_ms()
        return None if due_ms is None else max(0, due_ms - self._scheduler.now_ms()) / _MILLISECONDS

    def _send(self, lines: list[bytes], parse: Parse | None, number: int) -> None:
        start = 0
        while start < len(lines):
            part = lines[start : start + self._slice]
            began = self._stopwatch_s()
            try:
                if parse is None:
                    self._sender.send_lines(part)
                else:
                    self._sender.send_parsed(part, parse, number + start)
            finally:
                self.settle()
            start += len(part)
            self._sent += len(part)
            self._adapt(self._stopwatch_s() - began)
            if self._progress is not None:
                self._progress.advance_to(self._bytes_done, self._sent)

    def settle(self) -> None:
        """Run to idle and show what came of it."""
        self._scheduler.run_until_idle()
        self._flush()

    def finish(self) -> None:
        """Run what is due in a moment: batches of a function's own producers go after 10 ms, those of a log topic after 100 ms.

        Raises:
            EndlessLoopError: there is always something due in a moment.
        """
        for _ in range(_ROUNDS_TO_FINISH):
            self.settle()
            seconds = self._seconds_to_next_timer()
            if seconds is None or seconds > _MOMENT_S:
                return
            select([], [], [], seconds)
        raise EndlessLoopError(ENDLESS)

    def _adapt(self, took_s: float) -> None:
        if took_s < _QUICK_S:
            self._slice = min(self._slice * 2, _LARGEST_SLICE)
        elif took_s > _SLOW_S:
            self._slice = max(self._slice // 4, 1)
