"""What a function logs and prints while its code runs (``log.py`` of the Python instance).

The real instance owns its process: it points the root logger, stdout and stderr at the log. Here many functions share a process, so

* ``context.get_logger()`` is a root logger of the instance's own, at level INFO, with the real one's handler: the log file's or, while
  user code runs and there is a log topic, that topic's. The host's root handlers see its records too;
* records of any other logger are caught by one handler on the host's root logger, on the thread that runs the function, while it runs;
* ``print`` is caught the same way: each non-blank piece written becomes a record, and the text still reaches the host's stream;
* what the instance itself says goes to the handlers that stand at the time. Those of the log topic stand only while user code runs, unless
  the instance fails while it tells of an exception: then they stay for good, and the topic has the instance's own records as well.

Differs: in a process that pfemu does not own (a test run), records of loggers other than the context's are subject to the
host's root level, often WARNING; the real instance sets it to INFO.
Differs: what other loggers than the context's say on threads that the function started is not taken for the function's.
"""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from pfemu.runtime.logs.user_streams import UserStreams

if TYPE_CHECKING:
    from pfemu.runtime.logs.log_file import LogFile

DATE_FORMAT = "%Y-%m-%d %H:%M:%S %z"
LINE_FORMAT = "[%(asctime)s] [%(levelname)s]: %(message)s"

Take = Callable[[logging.LogRecord], object]


class UnwritableText(Exception):  # noqa: N818 - it names what there is, as people are told
    """What the real log file's handler never gets past: it fails to write half of a surrogate pair, and fails to say so, for ever."""


class CreatePathRotatingFileHandler(logging.Handler):
    """Stands where the real instance has the handler of its log file, under its name: whoever watches the function gets the records.

    They go to a ``file`` as well where there is one.
    """

    def __init__(self, observe: Take, file: LogFile | None = None) -> None:
        super().__init__()
        self._observe = observe
        self.file = file

    def emit(self, record: logging.LogRecord) -> None:
        """Hand one record on."""
        self._observe(record)
        if self.file is not None:
            self.file.write(record)

    def setFormatter(self, fmt: logging.Formatter | None) -> None:  # noqa: N802 - logging's own name
        """Format the lines of the file so from now on."""
        super().setFormatter(fmt)
        if self.file is not None:
            self.file.setFormatter(fmt)


class LogTopicHandler(CreatePathRotatingFileHandler):
    """Publishes every record as one line of text to the log topic, and hands it on."""

    def __init__(self, publish: Callable[[bytes], object], observe: Take) -> None:
        super().__init__(observe)
        self._publish = publish

    def emit(self, record: logging.LogRecord) -> None:
        """Publish one record."""
        self._observe(record)
        self.publish(record)

    def publish(self, record: logging.LogRecord) -> None:
        """Publish one record that nobody who watches is to see."""
        self._publish(self.format(record).encode())


class RootLogger(logging.RootLogger):
    """The logger a function gets: its own handlers see a record first, then the host's."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)

    @property
    def root(self) -> RootLogger:  # type: ignore[override] # of all loggers one in logging
        """Itself, so that ``getChild("x")`` is ``getLogger("x")``."""
        return self

    def isEnabledFor(self, level: int) -> bool:  # noqa: N802 - logging's own name
        """Whether a record of this level is logged; nothing is remembered, for no manager knows this logger and has it forget."""
        return not self.disabled and self.manager.disable < level and level >= self.level

    def callHandlers(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's own name
        """Hand the record on."""
        self.call_own_handlers(record)
        for handler in logging.root.handlers:
            if not isinstance(handler, LogRouter) and record.levelno >= handler.level:
                handler.handle(record)

    def call_own_handlers(self, record: logging.LogRecord) -> None:
        """Hand the record to the handlers that the real root logger would have."""
        for handler in self.handlers:
            if record.levelno >= handler.level:
                handler.handle(record)

    def log_print(self, level: int, text: str) -> None:
        """Log a line that was printed; the host has seen it."""
        if self.isEnabledFor(level):
            record = logging.LogRecord("root", level, "log.py", 0, text, None, None)
            if self.filter(record):
                self.call_own_handlers(record)

    def remove_all_handlers(self) -> logging.Handler | None:
        """Remove every other handler, and return the last removed: the real one removes from the list that it goes through."""
        removed = None
        for handler in self.handlers:
            self.handlers.remove(handler)
            removed = handler
        return removed

    def add_formatted(self, handler: logging.Handler) -> None:
        """Add a handler, whosever it is, with the format of the log topic's lines."""
        handler.setFormatter(logging.Formatter(LINE_FORMAT, DATE_FORMAT))
        self.addHandler(handler)


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
        if log is not None and (record.levelno >= log.logger.level or not _has_roots_level(record.name)):
            log.logger.call_own_handlers(record)

    def install(self) -> None:
        """Begin to see records; harmless when it does already."""
        logging.root.addHandler(self)

    def remove(self) -> None:
        """See no more records."""
        logging.root.removeHandler(self)


def _has_roots_level(name: str) -> bool:
    """Whether a logger has no level of its own, and so the root logger's."""
    logger: logging.Logger | None = logging.getLogger(name)
    while logger is not None and logger is not logging.root:
        if logger.level:
            return False
        logger = logger.parent
    return True


def _is_writable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


class FunctionLog:
    """Collects the records of one instance between :meth:`enter` and :meth:`leave`, which stand around each call of the user's code.

    An instance's is there before its code, which brings ``streams``: it uses them before it enters.
    """

    __slots__ = (
        "_file",
        "_log_topic",
        "_running",
        "_saved",
        "_stays",
        "_streams",
        "collects",
        "logger",
        "pass_prints_on",
    )

    def __init__(
        self,
        router: LogRouter,
        observe: Take,
        log_topic: LogTopicHandler | None,
        file: LogFile | None = None,
        streams: UserStreams | None = None,
        *,
        pass_prints_on: bool = True,
    ) -> None:
        self._running = router.running
        self._log_topic = log_topic
        self.pass_prints_on = pass_prints_on
        self.collects = False
        """Whether the function's code runs."""
        self._saved: logging.Handler | None = None
        self._stays = False
        self._file = CreatePathRotatingFileHandler(observe, file)
        self.logger = RootLogger()
        self.logger.addHandler(self._file)
        self._streams: UserStreams
        if streams is not None:
            self.use_streams(streams)

    @property
    def of_this_thread(self) -> FunctionLog | None:
        """The log of the function whose code runs on this thread, of those that share a router."""
        return self._running.log

    @property
    def collects_here(self) -> bool:
        """Whether the function's code runs on this very thread."""
        return self._running.log is self

    def use_streams(self, streams: UserStreams) -> None:
        """Let these stand in for the host's streams from the next call on."""
        self._streams = streams
        streams.lead_to(self)

    def log_exception(self, record: logging.LogRecord) -> None:
        """Log what the instance says of an exception; who watches is told of the exception itself, and sees no record.

        Raises:
            UnicodeEncodeError: the log topic's handler does not take half of a surrogate pair.
            UnwritableText: the log file's does not.
        """
        if self.logger.isEnabledFor(record.levelno):
            self._say(record)

    def note(self, filename: str, text: str) -> None:
        """Log a failure that the instance itself tells of; raises as :meth:`log_exception`. ``filename`` is of Pulsar's that does."""
        self.log_exception(logging.LogRecord("root", logging.ERROR, filename, 0, text, None, None))

    def _say(self, record: logging.LogRecord) -> None:
        for handler in self.logger.handlers:
            if isinstance(handler, LogTopicHandler):
                handler.publish(record)
            elif handler is not self._file:
                handler.handle(record)
            elif not _is_writable(handler.format(record)):
                raise UnwritableText
            elif self._file.file is not None:
                self._file.file.write(record)

    def set_level(self, level: int) -> None:
        """Log from that level on (``--logging_level``)."""
        self.logger.setLevel(level)
        if self._file.file is not None:
            self._file.file.setLevel(level)

    def close(self) -> None:
        """Close the log file."""
        if self._file.file is not None:
            self._file.file.close()

    def enter(self) -> None:
        """Begin to collect; no context manager, because each message comes by here."""
        self._running.log = self
        if self._log_topic is not None:
            self._saved = self.logger.remove_all_handlers()
            self.logger.add_formatted(self._log_topic)
        streams = self._streams
        hosts = streams.hosts
        if sys.stdout is not hosts.stdout or sys.stderr is not hosts.stderr:
            streams.look_at_host()
        sys.stdout, sys.stderr = streams.stdout, streams.stderr
        self.collects = True

    def leave(self) -> None:
        """Give the host its streams back."""
        self.collects = False
        streams = self._streams
        if sys.stdout is streams.stdout:  # else another function's stand in by now, on another thread, and stay
            sys.stdout, sys.stderr = streams.hosts.stdout, streams.hosts.stderr
        self._running.log = None
        if self._stays:
            self._stays = False
        elif self._log_topic is not None:
            self.logger.remove_all_handlers()
            if self._saved is not None:
                self.logger.add_formatted(self._saved)

    def stay(self) -> None:
        """Leave the handlers as they are when the call that runs is over: the instance failed before it put them back."""
        self._stays = True
