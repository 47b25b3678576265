"""The code of deployed functions, kept as files, from which instances load it (``PackageManagement``, ``FunctionsManager``).

A worker as it is delivered takes no package by a URL: of files only those in its own folder of functions, of the network only what its
configuration lists (``additionalEnabledFunctionsUrlPatterns``), which is nothing.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from pfemu.model.java_text import is_blank
from pfemu.model.java_uri import uri_problem
from pfemu.runtime.worker.worker_errors import WorkerError

_NOT_VALID = "Function Package url is not valid.supported url (http/https/file)"
_PACKAGE_MANAGEMENT = ("function://", "sink://", "source://")


@dataclass(frozen=True, slots=True)
class Package:
    """A file of code under the name that it was uploaded with."""

    file_name: str
    content: bytes


def refuse_url(url: str | None) -> None:
    """Refuse the package a URL names; one that is blank is none.

    Raises:
        WorkerError: 400, in the worker's words.
    """
    if url is None or is_blank(url):
        return
    if url.startswith(_PACKAGE_MANAGEMENT):
        raise WorkerError(400, f"Function Package management service is disabled. Please enable it to use {url}")
    raise WorkerError(400, uri_problem(url) or _NOT_VALID)


def refuse_package_name(tenant: str, namespace: str, name: str) -> None:
    """Refuse a function whose package could not be named (``PackageName``).

    Raises:
        WorkerError: 500, in the worker's words.
    """
    if any(character in name for character in "/@"):
        package = f"FUNCTION://{tenant}/{namespace}/{name}@0"
        raise WorkerError(500, f"java.lang.IllegalArgumentException: Invalid package name '{package}'")


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
