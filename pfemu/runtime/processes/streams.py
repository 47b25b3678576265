"""What user code prints and logs in its own process, on its way to the emulator's."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TextIO

from pfemu.runtime.processes.peer import PeerGone

_FIELDS = ("name", "levelno", "levelname", "pathname", "lineno", "funcName", "created", "threadName", "process")


class SendingStream:
    """Stands in for ``sys.stdout`` or ``sys.stderr`` in the user's process."""

    def __init__(self, stream: TextIO, name: str, note: Callable[..., object]) -> None:
        self._stream = stream
        self._name = name
        self._note = note

    def write(self, text: str) -> int:
        """Send the piece."""
        try:
            self._note("written", self._name, str(text))
        except PeerGone:
            self._stream.write(text)
        return len(text)

    def writelines(self, lines: list[str]) -> None:
        """Send the pieces."""
        for line in lines:
            self.write(line)

    def isatty(self) -> bool:
        """Tell that nobody reads it here."""
        return False

    def __getattr__(self, name: str) -> object:
        return getattr(self._stream, name)


class RecordSender(logging.Handler):
    """Sends log records under a name, with their text and traceback made."""

    def __init__(self, name: str, note: Callable[..., object]) -> None:
        super().__init__()
        self._sent_as = name
        self._note = note
        self._formatter = logging.Formatter()

    def emit(self, record: logging.LogRecord) -> None:
        """Send one."""
        text = self._formatter.formatException(record.exc_info) if record.exc_info else record.exc_text
        fields = {name: getattr(record, name) for name in _FIELDS}
        self._note(self._sent_as, {**fields, "msg": record.getMessage(), "exc_text": text})


def record_of(fields: dict[str, object]) -> logging.LogRecord:
    """Make the record again."""
    return logging.makeLogRecord(fields)
