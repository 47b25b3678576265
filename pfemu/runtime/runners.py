"""Who calls an instance's step.

Stepping: the consumer's listener does, on the caller's thread. Live: the instance's own thread, so that a slow function
holds up neither the broker nor other functions. Shuffled: each message is a step of its own, and whoever holds the lanes
decides whose turn it is.

Differs: live and with ATMOST_ONCE, a message is acknowledged when its turn comes; a real instance has the next one in its queue while one
is in work, and has acknowledged that one, too.
Differs: stepping, the function runs on the caller's thread, often the main one, where ``asyncio.get_event_loop()`` may find a loop; a real
instance's thread has none, and it raises there.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from functools import partial
from queue import SimpleQueue
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from pfemu.ports import Consumer, Message
    from pfemu.runtime.input_source import InputSource
    from pfemu.runtime.instance import FunctionInstance

Take: TypeAlias = "Callable[[InputSource, object, Message], object]"
"""What an instance does with a message: its input, its consumer and itself."""

_PAUSE_AT = 64
"""How many messages may wait for the thread before its consumers are told to pause; fewer where a small receiver queue is asked for."""


class InstanceThread:
    """Runs the steps of one instance, one after the other, on a thread of its own, once started."""

    def __init__(self, name: str, take: Take, on_error: Callable[[BaseException], object]) -> None:
        self._work: SimpleQueue[tuple[InputSource, Message] | Callable[[], object] | None] = SimpleQueue()
        self._take = take
        self._on_error = on_error
        self._paused: list[Consumer] = []
        self._pause_at = _PAUSE_AT
        self._stopped = False
        self.submitted = 0
        self._taken = self._done = 0
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin with what was submitted by now."""
        self._thread.start()

    def submit(self, source: InputSource, _consumer: object, message: Message) -> None:
        """Queue one message; its consumer pauses when too many wait."""
        self.submitted += 1
        self._work.put((source, message))
        if self._work.qsize() >= self._pause_at:
            with self._lock:
                if source.consumer not in self._paused:
                    self._paused.append(source.consumer)
                    source.consumer.pause_message_listener()
                    self._work.put(_look_again)  # the thread may have emptied the queue before it could see that something is paused

    def keep_few(self, receiver_queue_size: int) -> None:
        """Let no more messages wait than a receiver queue of that size would hold: others on the subscription shall have them."""
        self._pause_at = max(1, min(self._pause_at, receiver_queue_size))

    @property
    def idle(self) -> bool:
        """Whether every message submitted was taken and answered; asked on the thread that submits, it stays true until the next one."""
        return self._done == self.submitted

    def waiting(self) -> int:
        """Return how many messages wait for the thread."""
        return self.submitted - self._taken

    def run_between(self, run: Callable[[], object]) -> None:
        """Run something on the thread after the messages that wait by now."""
        self._work.put(run)

    def _run(self) -> None:
        while (job := self._work.get()) is not None:
            try:
                self._do(job)
            except BaseException as error:  # noqa: BLE001 - handed to the one who started the thread
                self._on_error(error)
            if self._paused and self._work.empty():
                self._resume()

    def _do(self, job: tuple[InputSource, Message] | Callable[[], object]) -> None:
        if callable(job):
            job()
            return
        self._taken += 1
        try:
            if not self._stopped:
                self._take(job[0], None, job[1])
        finally:
            self._done += 1

    def _resume(self) -> None:
        with self._lock:
            paused, self._paused = self._paused, []
        for consumer in paused:
            consumer.resume_message_listener()

    def stop(self, timeout_s: float) -> bool:
        """Let it end after what it is doing, leaving what waits; False when it did not within that time."""
        self._stopped = True
        self._work.put(None)
        if self._thread.is_alive() and threading.current_thread() is not self._thread:
            self._thread.join(timeout_s)
        return not self._thread.is_alive()


def _look_again() -> None:
    """Do nothing: what matters is that the thread looks afterwards whether to resume."""


class InstanceLanes:
    """Puts each message of an instance into the lane of the topic or partition it came from."""

    def __init__(self, name: str, instance: FunctionInstance, in_lane: Callable[[Hashable, Callable[[], object]], object]) -> None:
        self._name = name
        self._instance = instance
        self._in_lane = in_lane

    def submit(self, source: InputSource, _consumer: object, message: Message) -> None:
        """Queue one message."""
        self._in_lane((self._name, message.topic_name()), partial(self._take, source, message))

    def _take(self, source: InputSource, message: Message) -> None:
        """Process it, unless the instance was stopped: then the broker has it back."""
        if self._instance.running:
            self._instance.take(source, None, message)
