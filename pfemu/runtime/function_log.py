"""What a function logs and prints while its code runs (``log.py`` of the Python instance).

The real instance owns its process: it points the root logger, stdout and stderr at the log. Here many functions share a process, so

* ``context.get_logger()`` is a logger of the instance's own, named ``root`` like the real one, at level INFO; the host's
  root handlers see its records too;
* records of any other logger are caught by a handler on the root logger, on the thread that runs the function, while it runs;
* ``print`` is caught the same way: each non-blank piece written becomes a record, and the text still reaches the host's stream.

Differs: in a process that pfemu does not own (a test run), records of loggers other than the context's are subject to the
host's root level, often WARNING; the real instance sets it to INFO.
"""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable
from types import TracebackType
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

    def callHandlers(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's own name
        """Hand the record on."""
        self._take(record)
        for handler in logging.root.handlers:
            if not isinstance(handler, FunctionLog) and record.levelno >= handler.level:
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


class FunctionLog(logging.Handler):
    """Collects the records of one instance; enter it around the user's code."""

    def __init__(self, observe: Take, log_topic: LogTopicHandler | None, *, pass_prints_on: bool = True) -> None:
        super().__init__()
        self._observe = observe
        self._log_topic = log_topic
        self._pass_prints_on = pass_prints_on
        self._thread: int | None = None
        self._streams: tuple[TextIO, TextIO] = (sys.__stdout__, sys.__stdout__)  # type: ignore[assignment] # never the host's pair
        self._capture_pair: tuple[PrintCapture, PrintCapture]
        self.logger = ContextLogger(self._take)
        if log_topic is not None:
            self.logger.handlers.append(log_topic)

    def emit(self, record: logging.LogRecord) -> None:
        """Take a record of another logger if it comes from the thread that runs the function."""
        if record.thread == self._thread:
            self._take(record)

    def _take(self, record: logging.LogRecord) -> None:
        self._observe(record)
        self.to_log_topic(record)

    def to_log_topic(self, record: logging.LogRecord) -> None:
        """Publish a record to the log topic, if there is one and the function's code is running."""
        if self._log_topic is not None and self._thread is not None:
            self._log_topic.handle(record)

    def _captures(self, out: TextIO, err: TextIO) -> tuple[PrintCapture, PrintCapture]:
        """Return what stands in for the two streams; made anew only when the host changed them."""
        if self._streams != (out, err):
            self._streams = (out, err)
            self._capture_pair = (
                PrintCapture(out, self._line_logger(logging.INFO), pass_on=self._pass_prints_on),
                PrintCapture(err, self._line_logger(logging.ERROR), pass_on=self._pass_prints_on),
            )
        return self._capture_pair

    def _line_logger(self, level: int) -> Callable[[str], None]:
        def log_line(text: str) -> None:
            self._take(logging.LogRecord("root", level, "", 0, text, None, None))

        return log_line

    def __enter__(self) -> None:
        self._thread = threading.get_ident()
        logging.root.handlers.append(self)
        sys.stdout, sys.stderr = self._captures(sys.stdout, sys.stderr)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        sys.stdout, sys.stderr = self._streams
        logging.root.handlers.remove(self)
        self._thread = None
