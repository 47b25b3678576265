"""``pfemu run`` with a pipe or files: everything on the main thread, in the order it happens."""

from __future__ import annotations

import io
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext, suppress
from typing import TYPE_CHECKING, TextIO

from pfemu.cli.exit_codes import FUNCTION_FAILED, INTERRUPTED, OK, USAGE
from pfemu.cli.options.settings import STDIN, RunSettings
from pfemu.cli.reporting.progress import ProgressBar
from pfemu.cli.reporting.reporters import reporting_on
from pfemu.cli.running.input_lines import JSON_LINES_SUFFIXES, Parse, json_lines, text_with_key
from pfemu.cli.running.pump import ENDLESS, Pump, Sender
from pfemu.cli.running.session import Session
from pfemu.cli.running.streams import BufferedOutput, InputStream
from pfemu.errors import EndlessLoopError, InputError, InternalError
from pfemu.scheduling.clock import SystemClock, stopwatch_s
from pfemu.scheduling.stepping import SteppingScheduler

if TYPE_CHECKING:
    from pathlib import Path

    from pfemu.cli.reporting.screen import Screen
    from pfemu.cli.running.wake_pipe import WakePipe

_STEPS_OF_ONE_SLICE = 100_000


class PipeRun:
    """Feeds functions from files or stdin until they end."""

    def __init__(self, settings: RunSettings, screen: Screen, stdin: TextIO | None) -> None:
        """Deploy the functions, which ``stdin`` feeds unless files do; raises as :class:`Session` does."""
        self._settings = settings
        self._stdin = stdin
        self._screen = screen
        self._stdout = BufferedOutput(sys.stdout.buffer, screen.hide_progress)
        self._scheduler = SteppingScheduler(SystemClock(), step_limit=_STEPS_OF_ONE_SLICE)
        self._session = Session(settings, screen, self._scheduler, reporting_on(self._stdout, json=settings.json))

    def run(self) -> int:
        """Process everything and return the exit code."""
        try:
            return self._run()
        except BrokenPipeError:  # whoever read the outputs has seen enough
            _forget_stdout()
            return FUNCTION_FAILED if self._session.failed or self._session.refused else OK
        finally:
            self._session.close()

    def _run(self) -> int:
        self._session.introduce(on_terminal=False)
        code = self._feed_all()
        with _deaf_to_interrupts():
            self._session.flush()
            summaries = self._session.finish(interrupted=code == INTERRUPTED)
        return code or (FUNCTION_FAILED if self._session.refused or any(each.failed for each in summaries) else OK)

    def _feed_all(self) -> int:
        try:
            with self._wakeable() as wake_pipe, self._streams() as streams, _told_as_such():
                pump = self._pump(streams, wake_pipe)
                pump.settle()
                self._session.send_seeds()
                pump.settle()
                for stream in streams:
                    pump.feed(stream, self._parse(stream.name))
                pump.finish()
        except (InputError, OSError) as error:
            if isinstance(error, BrokenPipeError):
                raise
            self._screen.write(self._screen.styles.error(f"error: {error}"))
            return USAGE
        except EndlessLoopError:  # whose own words tell a program what it may do
            self._screen.write(self._screen.styles.error(f"error: {ENDLESS}"))
            return FUNCTION_FAILED
        except InternalError as error:
            self._screen.write_failure(error)
            return FUNCTION_FAILED
        except KeyboardInterrupt:
            return INTERRUPTED
        return OK

    @contextmanager
    def _streams(self) -> Iterator[list[InputStream]]:
        files = self._settings.input_files or (() if self._nothing_to_read() else (STDIN,))
        streams = [self._open(path) for path in files]
        try:
            yield streams
        finally:
            for stream in streams:
                stream.close()

    def _nothing_to_read(self) -> bool:
        return self._stdin is None or (self._settings.until_idle and self._stdin.isatty())

    def _open(self, path: Path) -> InputStream:
        if path == STDIN and self._stdin is not None:
            return InputStream(self._stdin.buffer, "stdin", stays_open=True)
        return InputStream(path.open("rb", buffering=0), str(path))

    @contextmanager
    def _wakeable(self) -> Iterator[WakePipe | None]:
        """Take up saves and answer admin calls within the block, if that is asked for; either wakes who waits for input."""
        reloads = self._settings.reload.is_on(on_terminal=False)
        if not reloads and self._settings.cluster.admin_port is None:
            yield None
            return
        from pfemu.cli.running.wake_pipe import WakePipe

        with closing(WakePipe()) as wake_pipe, self._serving(wake_pipe), self._reloading(wake_pipe) if reloads else nullcontext():
            yield wake_pipe

    def _reloading(self, wake_pipe: WakePipe) -> AbstractContextManager[None]:
        from pfemu.cli.reloading.run_reloading import pipe_reloading

        return pipe_reloading(self._session, self._settings.reload, self._screen, wake_pipe)

    @contextmanager
    def _serving(self, wake_pipe: WakePipe) -> Iterator[None]:
        """Serve the admin REST within the block, if that is asked for; this thread answers."""
        from pfemu.cli.running.admin_endpoint import HandOver, tell_address

        self._scheduler.wake = wake_pipe.wake
        hand_over = HandOver(self._scheduler)
        with closing(self._session.serve_admin(hand_over)) as endpoint, closing(hand_over):
            tell_address(endpoint, self._screen, self._stdout if self._settings.json else None)
            yield

    def _pump(self, streams: list[InputStream], wake_pipe: WakePipe | None) -> Pump:
        total = sum(stream.size_bytes for stream in streams)
        if self._settings.progress and total and sys.stderr.isatty() and not sys.stdout.isatty():
            self._screen.progress = ProgressBar(sys.stderr, total, stopwatch_s)
        sender = Sender(self._session.emulator, self._session.target)
        return Pump(self._scheduler, sender, self._session.flush, stopwatch_s, self._screen.progress, wake_pipe)

    def _parse(self, name: str) -> Parse | None:
        chosen = self._settings.input_format
        if chosen == "jsonl" or (chosen == "auto" and name.endswith(JSON_LINES_SUFFIXES)):
            return json_lines(name)
        separator = self._settings.key_separator
        return None if separator is None else text_with_key(separator)


@contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """Let a second Ctrl-C not tear the summary."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _told_as_such() -> Iterator[None]:
    """Let an error of the system that a reporter met be one: nobody reads any more, or the disk is full."""
    try:
        yield
    except InternalError as error:
        if isinstance(error.__cause__, OSError):
            raise error.__cause__ from None
        raise


def _forget_stdout() -> None:
    """Keep the interpreter from flushing to the closed pipe when it ends."""
    with suppress(OSError, io.UnsupportedOperation):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
