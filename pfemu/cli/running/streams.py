"""Standard input and output as the run uses them: read what is there, write when it is time."""

from __future__ import annotations

import os
import select
from collections.abc import Callable
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from pfemu.cli.running.wake_pipe import WakePipe

CHUNK_BYTES = 64 * 1024


class BufferedOutput:
    """Collects what is written until :meth:`flush`, so that a closed pipe shows there and nowhere inside the emulator.

    ``flush`` raises ``BrokenPipeError`` when nobody reads any more.
    """

    def __init__(self, stream: BinaryIO, before_writing: Callable[[], object] | None = None) -> None:
        self._stream = stream
        self._before_writing = before_writing
        self._parts: list[bytes] = []

    def write(self, data: bytes) -> None:
        """Keep it for the next flush."""
        self._parts.append(data)

    def flush(self) -> None:
        """Write all that was kept."""
        if not self._parts:
            return
        data = b"".join(self._parts)
        self._parts.clear()
        if self._before_writing is not None:
            self._before_writing()
        self._stream.write(data)
        self._stream.flush()


class InputStream:
    """Bytes of a file, a pipe or a terminal, as they come."""

    def __init__(self, stream: BinaryIO, name: str, *, stays_open: bool = False) -> None:
        self.name = name
        self._stays_open = stays_open
        self._stream = stream
        try:
            self._descriptor: int | None = stream.fileno()
        except OSError:  # a stream of the process's own making, in a test
            self._descriptor = None

    @property
    def size_bytes(self) -> int:
        """Its size if it is a file, else 0."""
        return 0 if self._descriptor is None else os.fstat(self._descriptor).st_size

    def wait(self, timeout_s: float | None, wake_pipe: WakePipe | None = None) -> bool:
        """Wait until something can be read or it has ended; False at the timeout, or when the other pipe wakes."""
        if self._descriptor is None:
            return True
        wakers = [] if wake_pipe is None else [wake_pipe.fileno()]
        ready = select.select([self._descriptor, *wakers], [], [], timeout_s)[0]
        if wake_pipe is not None:
            wake_pipe.clear()
        return self._descriptor in ready

    def read(self) -> bytes:
        """Return some bytes, empty at the end."""
        return self._stream.read(CHUNK_BYTES) if self._descriptor is None else os.read(self._descriptor, CHUNK_BYTES)

    def close(self) -> None:
        """Close it, if it is this run's to close."""
        if not self._stays_open:
            self._stream.close()
