"""Standard error of a run: notes for a person, a progress bar out of their way, colours where they are seen."""

from __future__ import annotations

import traceback
from collections.abc import Iterable
from io import StringIO
from typing import TextIO

from pfemu.cli.reporting.progress import ProgressBar
from pfemu.cli.reporting.styles import Styles
from pfemu.errors import InternalError


class Screen:
    """Writes lines to a stream; a stream that nobody reads any more is let go."""

    def __init__(self, stream: TextIO, styles: Styles) -> None:
        self._stream = stream
        self.styles = styles
        self.progress: ProgressBar | None = None
        self._held: list[str] | None = None

    def hold(self) -> None:
        """Keep lines for later: somebody else has the terminal."""
        self._held = self._held if self._held is not None else []

    def release(self) -> None:
        """Write what was kept."""
        held, self._held = self._held or [], None
        self.write_all(held)

    def write(self, line: str) -> None:
        """Write one line, in place of the progress bar."""
        if self._held is not None:
            self._held.append(line)
            return
        self.hide_progress()
        try:
            self._stream.write(f"{line}\n")
            self._stream.flush()
        except OSError:  # nobody reads it, or the disk is full; what counts goes to stdout
            self._stream = StringIO()

    def write_all(self, lines: Iterable[str]) -> None:
        """Write several lines."""
        for line in lines:
            self.write(line)

    def write_failure(self, error: BaseException) -> None:
        """Tell of a failure that is not the function's; of pfemu's own with the traceback, which whoever mends it needs."""
        if isinstance(error, InternalError):
            self.write(self.styles.error("".join(traceback.format_exception(error)).rstrip()))
        else:
            self.write(self.styles.error(f"error: {error!r}"))

    def hide_progress(self) -> None:
        """Make room for a line, here or on stdout."""
        if self.progress is not None:
            self.progress.hide()
