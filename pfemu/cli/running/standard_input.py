"""Standard input belongs to the run: messages on a pipe, keys on a terminal.

Functions, and programs that they start, find theirs empty, as functions of a worker that runs as a service do. Else a function's
``input()`` would take messages, or keys that the prompt waits for, and neither would come back.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO, cast

_STDIN = 0


@contextmanager
def kept_from_functions() -> Iterator[TextIO | None]:
    """Yield what standard input was, None if there is none; within the block it is empty for all others."""
    stdin = cast("TextIO | None", sys.stdin)
    if stdin is None or not _is_standard(stdin):
        sys.stdin = None if stdin is None else io.StringIO()
        try:
            yield stdin
        finally:
            sys.stdin = cast("TextIO", stdin)
        return
    with open(os.dup(_STDIN), encoding=stdin.encoding, errors=stdin.errors) as kept:  # noqa: PTH123 - a descriptor, no path
        _empty_standard_input()
        sys.stdin = open(_STDIN, closefd=False)  # noqa: SIM115 - a descriptor, no path, and not its owner
        try:
            yield kept
        finally:
            os.dup2(kept.fileno(), _STDIN)
            sys.stdin = stdin


def _is_standard(stream: TextIO) -> bool:
    try:
        return stream.fileno() == _STDIN
    except OSError:  # a stream of the process's own making, in a test
        return False


def _empty_standard_input() -> None:
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, _STDIN)
    os.close(nothing)
