"""What is known not to be as recorded: one table, each entry with its reason, held strictly."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from tests.traces.comparing import Difference

TABLE = Path(__file__).parent / "expected_failures.toml"


@dataclass(frozen=True, slots=True)
class ExpectedFailure:
    """One recording that does not pass: why, and the only paths that may differ (``*`` stands for any text)."""

    reason: str
    paths: tuple[str, ...] = ("*",)

    def covers(self, difference: Difference) -> bool:
        """Whether a difference is one of those."""
        return any(fnmatchcase(difference.path, pattern.replace("[", "[[]")) for pattern in self.paths)


def expected_failures() -> dict[str, ExpectedFailure]:
    """Return the table, by the recording's name."""
    table = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    return {name: ExpectedFailure(entry["reason"], tuple(entry.get("paths", ("*",)))) for name, entry in table.items()}


def unexpected(found: Iterable[Difference], expected: ExpectedFailure | None) -> list[str]:
    """Return what a test has to complain about: differences that nobody expected, or the lack of those somebody did."""
    found = list(found)
    if expected is None:
        return [str(difference) for difference in found]
    complaints = [str(difference) for difference in found if not expected.covers(difference)]
    passing = [pattern for pattern in expected.paths if not any(ExpectedFailure("", (pattern,)).covers(each) for each in found)]
    return complaints + [f"{pattern} is as recorded now: take it out of {TABLE.name}" for pattern in passing]
