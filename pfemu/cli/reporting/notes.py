"""What a person is told beside the outputs: logs, failures and messages to other topics, as lines of text.

A failure is shown in full once; others of the same kind from the same line get one line each, and after ten only the summary
counts them.
"""

from __future__ import annotations

import logging
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from pfemu.cli.reporting.previews import payload_preview
from pfemu.model.english import an

if TYPE_CHECKING:
    from types import TracebackType

    from pfemu.cli.reporting.styles import Styles
    from pfemu.model.warnings.function_warning import FunctionWarning
    from pfemu.ports import Message
    from pfemu.runtime.observer import Failure, LogEntry, Publication

_SHOWN_OF_A_KIND = 10
_WARNING = logging.WARNING


class Notes:
    """Writes notes with ``write``, which gets whole lines.

    ``fate`` tells what becomes of a message that failed. ``function``, if given, goes before what several functions of a run may say.
    """

    def __init__(
        self,
        write: Callable[[str], object],
        styles: Styles,
        *,
        fate: str = "",
        log_level: int = logging.INFO,
        full_traceback: bool = False,
        function: str = "",
    ) -> None:
        self._write = write
        self._styles = styles
        self._fate = fate
        self._log_level = log_level
        self._full_traceback = full_traceback
        self._speaker = f"{function}: " if function else ""
        self._seen: Counter[tuple[str, str, str]] = Counter()

    def logged(self, record: LogEntry) -> None:
        """Show a log record or a print."""
        level = logging.getLevelNamesMapping().get(record.level, _WARNING)
        if level < self._log_level:
            return
        paint = self._styles.faint if level < _WARNING else self._styles.warning if level == _WARNING else self._styles.error
        self._write(paint(f"{self._speaker}[{record.level}] {record.message}"))

    def published(self, publication: Publication) -> None:
        """Show a message that the function sent with ``context.publish``."""
        self._write(self._styles.published(f"{self._speaker}publish {publication.topic}: {payload_preview(publication.payload)}"))

    def warned(self, warning: FunctionWarning) -> None:
        """Show a warning."""
        self._write(self._styles.warning(f"{self._speaker}warning: {warning}"))

    def failed(self, failure: Failure) -> None:
        """Show a failure."""
        kind = (failure.kind, type(failure.error).__name__, _place(failure.error))
        self._seen[kind] += 1
        if self._seen[kind] <= _SHOWN_OF_A_KIND:
            for line in self._in_full(failure) if self._seen[kind] == 1 else self._in_short(failure):
                self._write(line)
        elif self._seen[kind] == _SHOWN_OF_A_KIND + 1:
            self._write(
                self._styles.faint(
                    f"{self._speaker}more of {type(failure.error).__name__} {_place(failure.error)}: only counted from here on"
                )
            )

    def _in_short(self, failure: Failure) -> Iterator[str]:
        yield self._styles.error_title(self._speaker + _title(failure))
        if failure.origin is not None:
            yield self._styles.faint(f"  {_description(failure.origin)}{_seen_as(failure)}")

    def _in_full(self, failure: Failure) -> Iterator[str]:
        yield from self._in_short(failure)
        if failure.origin is not None and self._fate:
            yield self._styles.faint(f"  {self._fate}")
        for line in self._trace(failure):
            yield self._styles.error(f"  {line}")

    def _trace(self, failure: Failure) -> list[str]:
        if self._full_traceback:
            return "".join(traceback.format_exception(failure.error)).splitlines()
        lines = failure.traceback.splitlines()
        return lines if any("  File " in line for line in lines) else []


def _title(failure: Failure) -> str:
    where = "" if failure.kind == "user" else " (outside the function's own code: decoding, encoding or publishing)"
    text, *notes = "".join(traceback.format_exception_only(failure.error)).rstrip().splitlines()
    return "\n".join([text + where, *notes])


def _description(message: Message) -> str:
    key = f", key {message.partition_key()!r}" if message.partition_key() else ""
    again = f", delivered {message.redelivery_count() + 1} times" if message.redelivery_count() else ""
    return f"message {message.message_id()} of {message.topic_name()}{key}{again}: {payload_preview(message.data())}"


def _seen_as(failure: Failure) -> str:
    """Tell what the payload had become for the function, where that is no text."""
    return "" if failure.input_type in {None, "str"} else f" (arrived as {an(str(failure.input_type))})"


def _place(error: BaseException) -> str:
    """Return ``file:line`` of the innermost frame."""
    last: TracebackType | None = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    return "" if last is None else f"at {last.tb_frame.f_code.co_filename}:{last.tb_lineno}"
