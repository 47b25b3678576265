"""The code of deployed functions, kept as files, from which instances load it (``PackageManagement``, ``FunctionsManager``).

A worker as it is delivered takes no package by a URL: of files only those in its own folder of functions, of the network only what its
configuration lists (``additionalEnabledFunctionsUrlPatterns``), which is nothing.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from pfemu.runtime.worker_errors import WorkerError

_NOT_VALID = "Function Package url is not valid.supported url (http/https/file)"
_PACKAGE_MANAGEMENT = ("function://", "sink://", "source://")


@dataclass(frozen=True, slots=True)
class Package:
    """A file of code under the name that it was uploaded with."""

    file_name: str
    content: bytes


def refuse_url(url: str) -> NoReturn:
    """Refuse the package a URL names.

    Raises:
        WorkerError: 400, in the worker's words.
    """
    if url.startswith(_PACKAGE_MANAGEMENT):
        raise WorkerError(400, f"Function Package management service is disabled. Please enable it to use {url}")
    raise WorkerError(400, _NOT_VALID)


class PackageStore:
    """Where packages lie as files; the folder is made at the first one and goes at :meth:`close`.

    ``uploads`` are files by the path that they were uploaded to; no function needs them.
    """

    def __init__(self) -> None:
        self.uploads: dict[str, bytes] = {}
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._stored = 0

    def store(self, package: Package) -> Path:
        """Write a package into a folder of its own and return the file."""
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="pfemu-packages-")
        self._stored += 1
        folder = Path(self._folder.name, str(self._stored))
        folder.mkdir()
        path = folder / Path(package.file_name).name
        path.write_bytes(package.content)
        return path

    def close(self) -> None:
        """Remove all files."""
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None
