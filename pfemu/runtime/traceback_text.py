"""Tracebacks as people read them: from the user's first frame on."""

from __future__ import annotations

import traceback
from pathlib import Path
from types import TracebackType

import pfemu

NO_EXCEPTION_TEXT = "NoneType: None\n"
"""What ``traceback.format_exc()`` gives outside of an except block; Pulsar keeps it for a failed publish."""

_OWN = str(Path(pfemu.__file__).parent)


def user_frames(trace: TracebackType | None) -> TracebackType | None:
    """Return the traceback without the leading frames of this package; the whole one if there are no others."""
    first = trace
    while first is not None and first.tb_frame.f_code.co_filename.startswith(_OWN):
        first = first.tb_next
    return first


def user_traceback(error: BaseException) -> str:
    """Return the traceback's text, beginning at the user's code."""
    return "".join(traceback.format_exception(type(error), error, user_frames(error.__traceback__)))
