"""Modules that a scenario and its functions get instead of the real ones: their time is the emulator's, their process the instance's."""

from __future__ import annotations

import datetime as dt
import os
import signal
import time
from collections.abc import Callable
from functools import partial
from types import ModuleType
from typing import Any

from pfemu.scheduling.stepping import SteppingScheduler
from tests.traces.baton import ProcessKilled, sleep


def module_like(real: ModuleType, **replaced: Any) -> ModuleType:
    """Return a module with the names of the real one, but for those replaced."""
    module = ModuleType(real.__name__, real.__doc__)
    module.__dict__.update({name: value for name, value in vars(real).items() if not name.startswith("__")})
    module.__dict__.update(replaced)
    return module


def virtual_time(scheduler: SteppingScheduler) -> ModuleType:
    """Return ``time`` with the clock of a scheduler; sleeping lets the emulator run meanwhile."""
    return module_like(
        time,
        sleep=partial(sleep, scheduler),
        time=lambda: scheduler.now_ms() / 1000,
        time_ns=lambda: scheduler.now_ms() * 1_000_000,
        monotonic=lambda: scheduler.now_ms() / 1000,
        perf_counter=lambda: scheduler.now_ms() / 1000,
    )


def virtual_datetime(scheduler: SteppingScheduler) -> ModuleType:
    """Return ``datetime`` whose now and today are those of a scheduler."""

    class Now(dt.datetime):
        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> Now:
            return cls.fromtimestamp(scheduler.now_ms() / 1000, tz)

        @classmethod
        def utcnow(cls) -> Now:
            return cls.now(dt.UTC).replace(tzinfo=None)

        @classmethod
        def today(cls) -> Now:
            return cls.now()

        def __repr__(self) -> str:
            return f"datetime.{super().__repr__()}"

    class Today(dt.date):
        @classmethod
        def today(cls) -> Today:
            return cls.fromtimestamp(scheduler.now_ms() / 1000)

        def __repr__(self) -> str:
            return f"datetime.{super().__repr__()}"

    for made, name in ((Now, "datetime"), (Today, "date")):
        made.__module__, made.__name__, made.__qualname__ = "datetime", name, name
    return module_like(dt, datetime=Now, date=Today)


def process_modules(killed: Callable[[], object]) -> dict[str, ModuleType]:
    """Return ``os`` and ``signal`` for code that may end its own process: ``killed`` is called instead."""

    def kill(process_id: int, number: int) -> None:
        if process_id == os.getpid() and number:
            leave()
        os.kill(process_id, number)

    def leave(_status: int = 0) -> None:
        killed()
        raise ProcessKilled

    return {
        "os": module_like(os, kill=kill, _exit=leave, abort=leave),
        "signal": module_like(signal, raise_signal=leave),
    }
