"""Instances that may sleep in virtual time: each has a thread, and of all threads one runs at a time, the one that holds the baton.

The scheduler's own thread hands the baton to an instance for what was submitted, and has it back when the instance is done or
sleeps. So two runs are the same, and a function that sleeps is interrupted by whatever falls due meanwhile: other functions, timeouts,
a kill.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from typing import Any, TypeVar

from pfemu.runtime.runners import InstanceThread, Take
from pfemu.scheduling.stepping import SteppingScheduler

T = TypeVar("T")


class ProcessKilled(BaseException):
    """The process that this code runs in is gone."""


class BatonScheduler(SteppingScheduler):
    """A stepping scheduler for threads that take turns: whoever holds the baton is its owner."""

    def call(self, run: Callable[[], T]) -> T:
        """Run it now."""
        return run()


class BatonThread(InstanceThread):
    """The thread of one instance, with the name it has in a process of its own: error messages show it."""

    def __init__(self, _name: str, take: Take, scheduler: SteppingScheduler) -> None:
        super().__init__("Thread-2 (actual_execution)", take, self._raise_later)
        self._scheduler = scheduler
        self._jobs: deque[tuple[Any, Any]] = deque()
        self._mine, self._theirs = threading.Semaphore(0), threading.Semaphore(0)
        self._wakes = self._stopped = False
        self._error: BaseException | None = None
        self._started = self._works = False
        self._thread.baton = self  # type: ignore[attr-defined] # how `sleep` knows where it is

    def start(self) -> None:
        """Begin with what was submitted by now."""
        self._started = True
        self._thread.start()
        self._wake()

    def submit(self, source: Any, _consumer: object, message: Any) -> None:
        """Queue one message."""
        self._jobs.append((source, message))
        self._fill_queue()
        self._wake()

    def waiting(self) -> int:
        """Return how many messages wait."""
        return len(self._jobs)

    def _fill_queue(self) -> None:
        """Have the instance do with the next message, while it works on another, what it does with one in its queue."""
        if self._works and self._jobs:
            self._take.__self__.queue(*self._jobs[0])  # type: ignore[attr-defined] # the instance's own method

    def _wake(self) -> None:
        if self._started and not self._wakes and self._jobs:
            self._wakes = True
            self._scheduler.soon(self._turn)

    def _turn(self) -> None:
        """Let it run until it is done or sleeps; the scheduler's thread waits."""
        if self._stopped:
            return
        self._mine.release()
        self._theirs.acquire()
        if self._error is not None:
            error, self._error = self._error, None
            raise error

    def _run(self) -> None:
        while True:
            self._mine.acquire()
            while self._jobs and not self._stopped:
                source, message = self._jobs.popleft()
                self._works = True
                self._fill_queue()
                self._process(source, message)
                self._works = False
            self._wakes = False
            self._theirs.release()
            if self._stopped:
                return

    def _process(self, source: Any, message: Any) -> None:
        try:
            self._take(source, None, message)
        except ProcessKilled:
            self._stopped = True
        except KeyboardInterrupt as error:  # the emulator takes it for Ctrl-C; here only the function can have raised it
            self._take.__self__.ended_by = error  # type: ignore[attr-defined] # the instance's own method
        except BaseException as error:  # noqa: BLE001 - the scheduler's thread raises it
            self._raise_later(error)

    def _raise_later(self, error: BaseException) -> None:
        self._error = error

    def sleep(self, milliseconds: int) -> None:
        """Give the baton away for that long; called by the code that runs here."""
        self._scheduler.at(self._scheduler.now_ms() + milliseconds, self._turn)
        self._theirs.release()
        self._mine.acquire()
        if self._stopped:
            raise ProcessKilled

    def stop(self, timeout_s: float) -> bool:
        """End it, wherever it is."""
        if self._stopped or not self._started:
            return True
        self._stopped = True
        self._jobs.clear()
        if threading.current_thread() is not self._thread:
            self._mine.release()
            self._thread.join(timeout_s)
        return not self._thread.is_alive()


def sleep(scheduler: SteppingScheduler, seconds: float) -> None:
    """Sleep in virtual time: who has the baton gives it away, the scheduler's own thread moves time on.

    Any other thread is an executor's, for which somebody waits who has the baton: no time can go by.
    """
    milliseconds = round(seconds * 1000)
    baton = getattr(threading.current_thread(), "baton", None)
    if baton is not None:
        baton.sleep(milliseconds)
    elif threading.get_ident() == scheduler._owner:
        scheduler.step_until(lambda: False, milliseconds)
