"""``pfemu run --admin-port`` without a function: an emulator that waits for those that come by the admin REST, until it is ended."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from threading import Event, Lock
from typing import TYPE_CHECKING

import pfemu
from pfemu.cli.exit_codes import OK
from pfemu.cli.reporting.banner import IMITATED
from pfemu.cli.reporting.reporters import reporting_on
from pfemu.cli.running.admin_endpoint import tell_address
from pfemu.cli.running.session import Session
from pfemu.cli.running.streams import BufferedOutput
from pfemu.errors import InputError
from pfemu.scheduling.live import LiveScheduler

if TYPE_CHECKING:
    from pfemu.cli.options.settings import RunSettings
    from pfemu.cli.reporting.screen import Screen

_ENDING = (signal.SIGINT, signal.SIGTERM)


class _ImmediateOutput(BufferedOutput):
    """Writes at once what any thread gives it."""

    def __init__(self) -> None:
        super().__init__(sys.stdout.buffer)
        self._writing = Lock()

    def write(self, data: bytes) -> None:
        """Write it."""
        with self._writing:
            super().write(data)
            self.flush()


class ServeRun:
    """Serves until Ctrl-C or SIGTERM."""

    def __init__(self, settings: RunSettings, screen: Screen) -> None:
        """Take the settings.

        Raises:
            InputError: there is input, and no function that it could go to.
        """
        if settings.input_files:
            raise InputError("--input gives messages, and no function is given that takes them.")
        self._settings = replace(settings, functions=())
        self._screen = screen
        self._stdout = _ImmediateOutput()

    def run(self) -> int:
        """Serve, and return the exit code."""
        with (
            _ended_by_signal() as ended,
            closing(LiveScheduler(on_error=self._screen.write_failure)) as scheduler,
            closing(Session(self._settings, self._screen, scheduler, reporting_on(self._stdout, json=self._settings.json))) as session,
            closing(session.serve_admin()) as endpoint,
        ):
            if not self._settings.json:
                self._introduce()
            session.introduce(on_terminal=False)
            tell_address(endpoint, self._screen, self._stdout if self._settings.json else None)
            if not self._settings.until_idle:
                ended.wait()
        return OK

    def _introduce(self) -> None:
        styles = self._screen.styles
        self._screen.write(styles.strong(f"pfemu {pfemu.__version__}") + styles.faint(f"  as {IMITATED}"))
        self._screen.write(styles.faint("No function yet: pfemu functions create brings one. Ctrl-C ends."))


@contextmanager
def _ended_by_signal() -> Iterator[Event]:
    """Yield what Ctrl-C or a polite kill sets."""
    ended = Event()
    before = {number: signal.signal(number, lambda _number, _frame: ended.set()) for number in _ENDING}
    try:
        yield ended
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
