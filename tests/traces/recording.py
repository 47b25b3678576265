"""Folders with a scenario and what a real Pulsar did with it."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

_ARCHIVES = {".zip", ".whl"}


@dataclass(frozen=True)
class Recording:
    """One folder; ``name`` is its path below the folder that was asked for."""

    name: str
    folder: Path

    @property
    def script(self) -> Path | None:
        """The scenario of a recording about the client, None for one about functions."""
        path = self.folder / "scenario.py"
        return path if path.exists() else None

    @cached_property
    def scenario(self) -> dict[str, Any]:
        """The steps of a recording about functions."""
        return json.loads((self.folder / "scenario.json").read_text(encoding="utf-8"))

    @cached_property
    def recorded(self) -> dict[str, Any]:
        """What was recorded."""
        return json.loads((self.folder / "recorded.json").read_text(encoding="utf-8"))

    @cached_property
    def user_files(self) -> frozenset[str]:
        """Names of the Python files that are deployed, also of those in archives: frames of a traceback in them are the user's."""
        return frozenset(name for name in self._python_files() if name != "__init__.py")

    @cached_property
    def leaves_coroutines(self) -> bool:
        """Whether a function is a coroutine's, which a cluster never awaits either."""
        return any("async def" in path.read_text(encoding="utf-8") for path in self.folder.rglob("*.py"))

    def _python_files(self) -> Iterator[str]:
        for path in self.folder.rglob("*"):
            if path.suffix == ".py":
                yield path.name
            elif path.suffix in _ARCHIVES and zipfile.is_zipfile(path):
                with zipfile.ZipFile(path) as archive:
                    yield from (Path(name).name for name in archive.namelist() if name.endswith(".py"))


def recordings_in(root: Path) -> list[Recording]:
    """Return the recordings at or below a folder, by name."""
    found = sorted(path.parent for path in root.rglob("recorded.json"))
    return [Recording(folder.relative_to(root).as_posix() if folder != root else folder.name, folder) for folder in found]
