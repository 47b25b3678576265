"""The state of a function as tests and scripts see it: values, counters, snapshots, and what changed between two."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from pfemu.runtime.state.state_table import StateContent, StateSnapshot, diff

if TYPE_CHECKING:
    from pfemu.runtime.state.state_table import StateTable

__all__ = ["CountersView", "MissingKeyError", "StateContent", "StateSnapshot", "StateView", "diff"]


class MissingKeyError(KeyError):
    """State holds nothing of that kind under a key; the text says what it holds."""

    def __str__(self) -> str:
        return str(self.args[0])


class StateView(Mapping[str, bytes]):
    """The values of a function's state, as bytes, by key; assign text or bytes to preload one.

    Raises:
        MissingKeyError: no value has that key.
        StateError: what is assigned cannot be a value.
    """

    def __init__(self, table: StateTable) -> None:
        self._table = table

    def _values(self) -> dict[str, bytes]:
        return {key: value for key, value in self._table.snapshot().items() if isinstance(value, bytes)}

    def __getitem__(self, key: str) -> bytes:
        content = self._table.snapshot().get(key)
        if not isinstance(content, bytes):
            raise MissingKeyError(_missing("value", key, content, self._values(), "counters"))
        return content

    def __setitem__(self, key: str, value: str | bytes) -> None:
        self._table.preload({key: value})

    def __iter__(self) -> Iterator[str]:
        return iter(self._values())

    def __len__(self) -> int:
        return len(self._values())

    def __repr__(self) -> str:
        return f"<state {self._values()}>"


class CountersView(Mapping[str, int]):
    """The counters of a function's state by key; assign a number to preload one.

    Raises:
        MissingKeyError: no counter has that key.
        StateError: what is assigned does not fit into 64 bits.
    """

    def __init__(self, table: StateTable) -> None:
        self._table = table

    def _counters(self) -> dict[str, int]:
        return {key: value for key, value in self._table.snapshot().items() if isinstance(value, int)}

    def __getitem__(self, key: str) -> int:
        content = self._table.snapshot().get(key)
        if not isinstance(content, int):
            raise MissingKeyError(_missing("counter", key, content, self._counters(), "state"))
        return content

    def __setitem__(self, key: str, value: int) -> None:
        self._table.preload({key: value})

    def __iter__(self) -> Iterator[str]:
        return iter(self._counters())

    def __len__(self) -> int:
        return len(self._counters())

    def __repr__(self) -> str:
        return f"<counters {self._counters()}>"


def _missing(kind: str, key: str, content: StateContent | None, there: Mapping[str, StateContent], other_view: str) -> str:
    if content is not None:
        other = "counter" if kind == "value" else "value"
        return f"{key!r} holds a {other}, not a {kind}: function.{other_view}[{key!r}] is {content!r}"
    names = ", ".join(map(repr, there)) or "none"
    return f"no {kind} {key!r} in the function's state; there are: {names}"
