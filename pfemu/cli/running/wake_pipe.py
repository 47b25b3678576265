"""Wakes a thread that waits for input, from another one."""

from __future__ import annotations

import os
import threading
from contextlib import suppress

_PLENTY = 4096


class WakePipe:
    """A pipe to wait on beside the input."""

    def __init__(self) -> None:
        self._read, self._write = os.pipe()
        os.set_blocking(self._read, False)
        os.set_blocking(self._write, False)
        self._writing = threading.Lock()
        self._closed = False

    def fileno(self) -> int:
        """Return what to wait for."""
        return self._read

    def wake(self) -> None:
        """Wake who waits; any thread may, also when it is closed and nobody waits any more."""
        with self._writing, suppress(BlockingIOError):  # it is full: who waits is awake
            if not self._closed:
                os.write(self._write, b"\0")

    def clear(self) -> None:
        """Take what woke."""
        with suppress(BlockingIOError):
            os.read(self._read, _PLENTY)

    def close(self) -> None:
        """Close both ends."""
        with self._writing:
            self._closed = True
            os.close(self._read)
            os.close(self._write)
