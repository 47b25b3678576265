"""Tracebacks as people read them: from the user's first frame on."""

from __future__ import annotations

import os
import traceback
from pathlib import Path
from types import TracebackType

import pfemu

NO_EXCEPTION_TEXT = "NoneType: None\n"
"""What ``traceback.format_exc()`` gives outside of an except block; Pulsar keeps it for a failed publish."""

_HEADER = "Traceback (most recent call last):\n"
_OWN = f"{Path(pfemu.__file__).parent}{os.sep}"


def is_own(path: str) -> bool:
    """Whether a file is one of this package."""
    return path.startswith(_OWN)


def error_line(error: BaseException) -> str:
    """Return an exception as the last line of its traceback has it, without the module: its class, and its text if it has one."""
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__


def error_with_notes(error: BaseException) -> str:
    """Return the line of an exception and, in the same line, what was noted on it."""
    return ". ".join(text.removesuffix(".") for text in (error_line(error), *getattr(error, "__notes__", ())))


def user_frames(trace: TracebackType | None) -> TracebackType | None:
    """Return the traceback without the leading frames of this package; None if there are no others."""
    first = trace
    while first is not None and is_own(first.tb_frame.f_code.co_filename):
        first = first.tb_next
    return first


def user_traceback(error: BaseException) -> str:
    """Return the traceback's text, beginning at the user's code; where no frame is the user's, its first and last line."""
    written: str | None = getattr(error, "__pfemu_traceback__", None)  # of an exception from another process
    if written is not None:
        return written
    frames = user_frames(error.__traceback__)
    lines = traceback.format_exception(type(error), error, frames)
    text = "".join(lines if frames is not None or error.__cause__ or error.__context__ else [_HEADER, *lines])
    return text.encode(errors="backslashreplace").decode()  # half of a surrogate pair is in no JSON
