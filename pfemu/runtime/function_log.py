"""What a function logs and prints while its code runs (``log.py`` of the Python instance).

The real instance owns its process: it points the root logger, stdout and stderr at the log. Here many functions share a process, so

* ``context.get_logger()`` is a logger of the instance's own, named ``root`` like the real one, at level INFO; the host's
  root handlers see its records too;
* records of any other logger are caught by one handler on the root logger, on the thread that runs the function, while it runs;
* ``print`` is caught the same way: each non-blank piece written becomes a record, and the text still reaches the host's stream.

Differs: in a process that pfemu does not own (a test run), records of loggers other than the context's are subject to the
host's root level, often WARNING; the real instance sets it to INFO.
"""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable
from typing import TextIO

DATE_FORMAT = "%Y-%m-%d %H:%M:%S %z"
LINE_FORMAT = "[%(asctime)s] [%(levelname)s]: %(message)s"

Take = Callable[[logging.LogRecord], object]


class LogTopicHandler(logging.Handler):
    """Publishes every record as one line of text to the log topic."""

    def __init__(self, publish: Callable[[bytes], object]) -> None:
        super().__init__()
        self._publish = publish
        self.setFormatter(logging.Formatter(LINE_FORMAT, DATE_FORMAT))

    def emit(self, record: logging.LogRecord) -> None:
        """Publish one record."""
        self._publish(self.format(record).encode())


class ContextLogger(logging.Logger):
    """The logger a function gets; ``take`` sees its records before the host's handlers do."""

    def __init__(self, take: Take) -> None:
        super().__init__("root", logging.INFO)
        self.parent = logging.root
        self._take = take

    def setLevel(self, level: int | str) -> None:  # noqa: N802 - logging's own name
        """Set the level, and forget which levels were enabled: no manager knows this logger and does it."""
        super().setLevel(level)
        self._cache.clear()  # type: ignore[attr-defined] # typeshed leaves this attribute of Logger out

    def callHandlers(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's own name
        """Hand the record on."""
        self._take(record)
        for handler in logging.root.handlers:
            if not isinstance(handler, LogRouter) and record.levelno >= handler.level:
                handler.handle(record)


class PrintCapture:
    """Stands in for ``sys.stdout`` or ``sys.stderr``: what is written becomes log records, and passes through."""

    def __init__(self, stream: TextIO, log_line: Callable[[str], object], *, pass_on: bool) -> None:
        self._stream = stream
        self._log_line = log_line
        self._pass_on = pass_on

    def write(self, text: str) -> int:
        """Log each line of the piece; pass the piece on."""
        for line in text.rstrip().splitlines():
            self._log_line(line.rstrip())
        return self._stream.write(text) if self._pass_on else len(text)

    def __getattr__(self, name: str) -> object:
        return getattr(self._stream, name)


class _Running(threading.local):
    """Whose code runs on this thread."""

    log: FunctionLog | None = None


class LogRouter(logging.Handler):
    """The one handler an emulator puts on the root logger: it hands a record to the function that runs on the record's thread."""

    def __init__(self) -> None:
        super().__init__()
        self.running = _Running()

    def emit(self, record: logging.LogRecord) -> None:
        """Hand a record to the function whose code runs."""
        log = self.running.log
        if log is not None:
            log.take(record)

    def install(self) -> None:
        """Begin to see records; harmless when it does already."""
        logging.root.addHandler(self)

    def remove(self) -> None:
        """See no more records."""
        logging.root.removeHandler(self)


class FunctionLog:
    """Collects the records of one instance between :meth:`enter` and :meth:`leave`, which stand around each call of the user's code."""

    __slots__ = (
        "_active",
        "_capture",
        "_error_capture",
        "_log_topic",
        "_observe",
        "_pass_prints_on",
        "_running",
        "_stderr",
        "_stdout",
        "logger",
    )

    def __init__(self, router: LogRouter, observe: Take, log_topic: LogTopicHandler | None, *, pass_prints_on: bool = True) -> None:
        self._running = router.running
        self._active = False
        self._observe = observe
        self._log_topic = log_topic
        self._pass_prints_on = pass_prints_on
        self._stdout: TextIO | None = None
        self._stderr: TextIO | None = None
        self._capture: PrintCapture
        self._error_capture: PrintCapture
        self.logger = ContextLogger(self.take)
        if log_topic is not None:
            self.logger.handlers.append(log_topic)

    def take(self, record: logging.LogRecord) -> None:
        """Pass a record of the function's on to whoever watches, and to the log topic."""
        self._observe(record)
        self.to_log_topic(record)

    def to_log_topic(self, record: logging.LogRecord) -> None:
        """Publish a record to the log topic, if there is one and the function's code is running, on whatever thread it logs."""
        if self._log_topic is not None and self._active:
            self._log_topic.handle(record)

    def enter(self) -> None:
        """Begin to collect; no context manager, because each message comes by here."""
        stdout, stderr = sys.stdout, sys.stderr
        if stdout is not self._stdout or stderr is not self._stderr:
            self._watch(stdout, stderr)
        self._running.log = self
        self._active = True
        sys.stdout = self._capture
        sys.stderr = self._error_capture

    def leave(self) -> None:
        """Give the host its streams back."""
        sys.stdout = self._stdout
        sys.stderr = self._stderr
        self._running.log = None
        self._active = False

    def _watch(self, stdout: TextIO, stderr: TextIO) -> None:
        """Make what stands in for the host's two streams; done again only when the host has changed them."""
        self._stdout, self._stderr = stdout, stderr
        self._capture = PrintCapture(stdout, self._line_logger(logging.INFO), pass_on=self._pass_prints_on)
        self._error_capture = PrintCapture(stderr, self._line_logger(logging.ERROR), pass_on=self._pass_prints_on)

    def _line_logger(self, level: int) -> Callable[[str], None]:
        def log_line(text: str) -> None:
            self.take(logging.LogRecord("root", level, "", 0, text, None, None))

        return log_line
