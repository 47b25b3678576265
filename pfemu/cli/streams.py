"""Standard input and output as the run uses them: read what is there, write when it is time."""

from __future__ import annotations

import os
import select
from collections.abc import Callable
from typing import BinaryIO

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

    def __init__(self, stream: BinaryIO, name: str) -> None:
        self.name = name
        self._stream = stream
        try:
            self._descriptor: int | None = stream.fileno()
        except OSError:  # a stream of the process's own making, in a test
            self._descriptor = None

    @property
    def size_bytes(self) -> int:
        """Its size if it is a file, else 0."""
        return 0 if self._descriptor is None else os.fstat(self._descriptor).st_size

    def wait(self, timeout_s: float | None) -> bool:
        """Wait until something can be read or it has ended; False at the timeout."""
        if self._descriptor is None:
            return True
        return bool(select.select([self._descriptor], [], [], timeout_s)[0])

    def read(self) -> bytes:
        """Return some bytes, empty at the end."""
        return self._stream.read(CHUNK_BYTES) if self._descriptor is None else os.read(self._descriptor, CHUNK_BYTES)

    def close(self) -> None:
        """Close a file; standard input stays open."""
        if self._descriptor not in {None, 0}:
            self._stream.close()
