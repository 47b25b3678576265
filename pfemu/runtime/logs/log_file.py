"""The log file of an instance, on request: where Pulsar has it, in its format, and rotated as there.

``<directory>/<tenant>/<namespace>/<name>/<name>-<instance>.log``, 10 MB and five older ones (``log.py``, ``logging_config.ini``).

Differs: of what the instance itself has to say, only failures are in the file; not which ports it serves, nor what it was started with.
"""

from __future__ import annotations

import logging
from logging.handlers import RotatingFileHandler
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from pfemu.model.functions.function_details import FunctionDetails

MAX_BYTES = 10 * 1024 * 1024
BACKUPS = 5
_FORMAT = "[%(asctime)s] [%(levelname)s] %(filename)s: %(message)s"
_DATE_FORMAT = "%Y-%m-%d %H:%M:%S %z"


def log_path(directory: Path, details: FunctionDetails, instance_id: int) -> Path:
    """Return where the log of an instance is."""
    return directory / details.tenant / details.namespace / details.name / f"{details.name}-{instance_id}.log"


class LogFile(RotatingFileHandler):
    """Appends records to a file that is made, with its directories, when the first one comes; INFO and above unless told otherwise."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        super().__init__(path, maxBytes=MAX_BYTES, backupCount=BACKUPS, encoding="utf-8", errors="backslashreplace", delay=True)
        self.setLevel(logging.INFO)
        self.setFormatter(logging.Formatter(_FORMAT, _DATE_FORMAT))

    def write(self, record: logging.LogRecord) -> None:
        """Append a record, if its level is high enough."""
        if record.levelno >= self.level:
            self.handle(record)

    def note(self, filename: str, text: str, level: int = logging.ERROR) -> None:
        """Append what the instance says of itself; ``filename`` is that of Pulsar's which says so there."""
        self.write(logging.LogRecord("root", level, filename, 0, text, None, None))
