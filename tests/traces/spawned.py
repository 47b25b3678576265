"""Threads that a function starts, in virtual time: they take turns with the instances, so that they may sleep, and be waited for.

Differs: a thread begins when whoever started it comes to rest, sleeps or joins it; a real one at once.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import ModuleType
from typing import Any

from pfemu.scheduling.stepping import SteppingScheduler
from tests.traces.baton import sleep
from tests.traces.virtual_time import module_like

_STEP_S = 0.001


def virtual_threading(virtual_scheduler: SteppingScheduler) -> ModuleType:
    """Return ``threading`` with threads and timers that wait in virtual time."""

    class Thread(VirtualThread):
        scheduler = virtual_scheduler

    class Timer(VirtualTimer):
        scheduler = virtual_scheduler

    class Event(VirtualEvent):
        scheduler = virtual_scheduler

    return module_like(threading, Thread=Thread, Timer=Timer, Event=Event)


class VirtualThread(threading.Thread):
    """A thread that runs when the scheduler lets it."""

    scheduler: SteppingScheduler

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.daemon = True
        self._mine, self._theirs = threading.Semaphore(0), threading.Semaphore(0)
        self._over = False
        self.baton = self

    def start(self) -> None:
        """Have its turn come."""
        super().start()
        self.scheduler.soon(self._turn)

    def _turn(self) -> None:
        self._mine.release()
        self._theirs.acquire()

    def _bootstrap_inner(self) -> None:
        try:
            super()._bootstrap_inner()  # type: ignore[misc] # it calls run, and the hook for exceptions
        finally:
            self._over = True
            self._theirs.release()

    def run(self) -> None:
        """Wait for the turn, and run."""
        self._mine.acquire()
        super().run()

    def sleep(self, milliseconds: int) -> None:
        """Give the baton away for that long; called by the code that runs here."""
        self.scheduler.at(self.scheduler.now_ms() + milliseconds, self._turn)
        self._theirs.release()
        self._mine.acquire()

    def join(self, timeout: float | None = None) -> None:
        """Let virtual time go by until it is over."""
        end_ms = None if timeout is None else self.scheduler.now_ms() + timeout * 1000
        while not self._over and (end_ms is None or self.scheduler.now_ms() < end_ms):
            sleep(self.scheduler, _STEP_S)

    def is_alive(self) -> bool:
        """Whether it is not over."""
        return super().is_alive() and not self._over


class VirtualTimer(VirtualThread):
    """Calls a function after a while."""

    def __init__(self, interval: float, function: Callable[..., object], args: Any = None, kwargs: Any = None) -> None:
        super().__init__(target=self._call)
        self._due = (interval, function, args or (), kwargs or {})
        self._cancelled = False

    def cancel(self) -> None:
        """Have nothing called."""
        self._cancelled = True

    def _call(self) -> None:
        interval, function, args, kwargs = self._due
        sleep(self.scheduler, interval)
        if not self._cancelled:
            function(*args, **kwargs)


class VirtualEvent(threading.Event):
    """An event that is waited for in virtual time."""

    scheduler: SteppingScheduler

    def wait(self, timeout: float | None = None) -> bool:
        """Let virtual time go by until it is set."""
        end_ms = None if timeout is None else self.scheduler.now_ms() + timeout * 1000
        while not self.is_set() and (end_ms is None or self.scheduler.now_ms() < end_ms):
            sleep(self.scheduler, _STEP_S)
        return self.is_set()
