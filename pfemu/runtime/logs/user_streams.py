"""``sys.stdout`` and ``sys.stderr`` as a function finds them (``log.py`` of the Python instance).

The real instance exchanges both for good before it loads the user's code. So whatever that code keeps of them, most often in a handler
that a module makes for its own logger, leads to the log. Here one pair of stand-ins goes with each loaded function: in place while its code
is loaded and while it is called, and what is written between two calls is the host's.

Differs: what is written while the code is loaded is not logged; a real instance puts it into its log file, never on the log topic.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from pfemu.runtime.logs.function_log import FunctionLog, RootLogger


class HostStreams:
    """The streams of now of whoever runs the function: each message asks for them, and :class:`StreamToLogger` is slow to ask."""

    __slots__ = ("stderr", "stdout")

    def __init__(self) -> None:
        self.stdout: TextIO = sys.stdout
        self.stderr: TextIO = sys.stderr


class StreamToLogger:
    """Stands in for ``sys.stdout`` or ``sys.stderr``: what a function writes becomes log records, and passes through.

    As the real one it has ``write`` and ``flush``, and no ``isatty``, ``fileno`` or ``encoding`` for the function. A debugger that has
    stopped it, and threads of the host, find all that the host's stream has.
    """

    def __init__(self, name: str, log_level: int, hosts: HostStreams) -> None:
        self.linebuf = ""
        self.log_level = log_level
        self.logger: RootLogger | None = None
        self._name = name
        self._hosts = hosts
        self._log: FunctionLog | None = None

    def lead_to(self, log: FunctionLog) -> None:
        """Let what is written while it collects become its records."""
        self._log = log
        self.logger = log.logger

    def write(self, text: str) -> None:
        """Log each line of the piece, in place of the stream for the function that runs on this thread; pass the piece on."""
        log = self._log
        if log is not None and getattr(sys, self._name) is self:
            log = log.of_this_thread or log
        if log is None or not log.collects:
            self._host_now().write(text)
            return
        for line in text.rstrip().splitlines():
            log.logger.log_print(self.log_level, line.rstrip())
        if log.pass_prints_on:
            self.host.write(text)

    def flush(self) -> None:
        """Have the host's stream flushed."""
        self._host_now().flush()

    @property
    def host(self) -> TextIO:
        """The stream it stands in for."""
        stream: TextIO = getattr(self._hosts, self._name)
        return stream

    def _host_now(self) -> TextIO:
        """Return the host's stream of now, which may be another one than when the function was called last."""
        stream: TextIO | StreamToLogger = getattr(sys, self._name)
        return self.host if isinstance(stream, StreamToLogger) else stream

    def __getattr__(self, name: str) -> object:
        log: FunctionLog | None = self.__dict__.get("_log")
        if log is None or not log.collects_here or _debugged():
            return getattr(self._host_now(), name)
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")


def _debugged() -> bool:
    """Whether a debugger has stopped this thread: it looks at what it writes to."""
    bdb = sys.modules.get("bdb")
    return bdb is not None and isinstance(getattr(sys.gettrace(), "__self__", None), bdb.Bdb)


class UserStreams:
    """The two streams of one loaded function."""

    def __init__(self) -> None:
        self.hosts = HostStreams()
        self.stdout = StreamToLogger("stdout", logging.INFO, self.hosts)
        self.stderr = StreamToLogger("stderr", logging.ERROR, self.hosts)

    def lead_to(self, log: FunctionLog) -> None:
        """Let what is written to both while it collects become its records."""
        self.stdout.lead_to(log)
        self.stderr.lead_to(log)

    def look_at_host(self) -> None:
        """Take note of the host's streams, which somebody else may stand in for."""
        self.hosts.stdout, self.hosts.stderr = _host(sys.stdout), _host(sys.stderr)

    @contextmanager
    def loading(self) -> Iterator[None]:
        """Stand in while the body loads user code; ``logging.basicConfig`` finds that the root logger has a handler, as it has there."""
        handler = None if logging.root.handlers else logging.NullHandler()
        if handler is not None:
            logging.root.addHandler(handler)
        self.look_at_host()
        sys.stdout, sys.stderr = self.stdout, self.stderr
        try:
            yield
        finally:
            sys.stdout, sys.stderr = self.hosts.stdout, self.hosts.stderr
            if handler is not None:
                logging.root.removeHandler(handler)


def _host(stream: TextIO | StreamToLogger) -> TextIO:
    return stream.host if isinstance(stream, StreamToLogger) else stream
