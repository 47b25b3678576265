"""Which files count, and which directories must be watched for them.

* Modules: the files of what was loaded, those that ``process`` imported later included. Asked each time, never guessed.
* Named files: the configuration, a file of the user config.
* ``include``: patterns of further files whose changes load the code anew. ``exclude``: patterns of files that never count.
* While the code on disk does not load, any Python file beside the loaded ones counts: the one that is missing is not loaded yet.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from fnmatch import fnmatchcase
from pathlib import Path

from pfemu.reload.ignored_files import is_ignored
from pfemu.reload.places import places

_MAGIC = frozenset("*?[")


class WatchSet:
    """What is watched. ``modules`` gives the files that were loaded, ``named`` are watched beside them.

    Patterns are relative to ``directory``; one without a separator is held against the name alone.
    """

    def __init__(
        self,
        modules: Callable[[], Iterable[str]],
        directory: Path,
        *,
        named: Iterable[Path] = (),
        include: Iterable[str] = (),
        exclude: Iterable[str] = (),
    ) -> None:
        self._modules = modules
        self._directory = Path(os.path.realpath(directory))
        self._named = [os.path.abspath(path) for path in named]  # noqa: PTH100 - resolve() would follow links
        self._include = tuple(include)
        self._exclude = tuple(exclude)
        self._ever: set[str] = set(self._named)
        self._files: dict[str, str] = {}
        self.broken = False
        """Whether the code on disk does not load."""
        self.refresh()

    def refresh(self) -> None:
        """Look again at what is loaded and where links lead."""
        self._ever.update(os.path.abspath(path) for path in self._modules())  # noqa: PTH100 - as above
        self._files = {place: path for path in sorted(self._ever) for place in places(path)}

    @property
    def files(self) -> Iterable[str]:
        """Every place at which a change of a watched file shows."""
        return self._files.keys()

    def directories(self) -> set[str]:
        """Return the directories that must be watched; those that are not there are left out."""
        found = {os.path.dirname(place) for place in self._files}  # noqa: PTH120 - as in places
        for pattern in self._include:
            found.update(map(str, self._directories_of(pattern)))
        return {directory for directory in found if os.path.isdir(directory)}  # noqa: PTH112 - as in places

    def path_of(self, place: str) -> str | None:
        """Return the file that a change at a place is a change of, None where it does not count."""
        if self._is_excluded(place):
            return None
        known = self._files.get(place)
        if known is not None:
            return known
        path = Path(place)
        if is_ignored(path, self._directory):
            return None
        if self.broken and path.suffix == ".py" and path.parent in {Path(each).parent for each in self._files}:
            return place
        return place if any(self._matches(path, pattern) for pattern in self._include) else None

    def _is_excluded(self, place: str) -> bool:
        path = Path(place)
        return any(self._matches(path, pattern) for pattern in self._exclude) and self._files.get(place) not in self._named

    def _matches(self, path: Path, pattern: str) -> bool:
        whole = self._directory / pattern
        if whole.is_dir():
            return path.is_relative_to(os.path.realpath(whole))
        if os.sep not in pattern:
            return fnmatchcase(path.name, pattern)
        return fnmatchcase(str(path), str(whole))

    def _directories_of(self, pattern: str) -> Iterator[Path]:
        """Yield the directories that can hold a file of the pattern: its fixed part, and what is below if the rest leads deeper."""
        if os.sep not in pattern and not (self._directory / pattern).is_dir():
            yield self._directory
            return
        fixed = self._directory
        rest = list(Path(pattern).parts)
        while rest and _MAGIC.isdisjoint(rest[0]) and (fixed / rest[0]).is_dir():
            fixed /= rest.pop(0)
        fixed = Path(os.path.realpath(fixed))
        yield fixed
        if len(rest) != 1 or rest == ["**"]:
            yield from _below(fixed)


def _below(directory: Path) -> Iterator[Path]:
    for parent, names, _ in os.walk(directory):
        names[:] = [name for name in names if not is_ignored(Path(name, "x"))]
        yield from (Path(parent, name) for name in names)
