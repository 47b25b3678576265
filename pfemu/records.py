"""What was recorded of a function, in order, and how much of it somebody looked at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Generic, TypeVar, overload

T_co = TypeVar("T_co", covariant=True)


class Records(Sequence[T_co], Generic[T_co]):
    """A list that only its maker adds to. Reading any of it, or its length, looks at all that is there by then.

    It grows while the function runs, so one that was kept shows what came later.
    """

    def __init__(self, kept: list[T_co]) -> None:
        self._kept = kept
        self._looked_at = 0

    @property
    def unseen(self) -> list[T_co]:
        """What came since it was last looked at; asking for it is not looking."""
        return self._kept[self._looked_at :]

    @property
    def seen(self) -> list[T_co]:
        """What was looked at; asking for it is not looking."""
        return self._kept[: self._looked_at]

    def peek(self) -> list[T_co]:
        """Return all of it without looking."""
        return list(self._kept)

    def _look(self) -> list[T_co]:
        self._looked_at = len(self._kept)
        return self._kept

    @overload
    def __getitem__(self, index: int) -> T_co: ...
    @overload
    def __getitem__(self, index: slice) -> list[T_co]: ...
    def __getitem__(self, index: int | slice) -> T_co | list[T_co]:
        return self._look()[index]

    def __len__(self) -> int:
        return len(self._look())

    def __iter__(self) -> Iterator[T_co]:
        return iter(self._look())

    def __contains__(self, record: object) -> bool:
        """Whether that very record is there.

        Raises:
            TypeError: it is none: a text is in no list of records, so ``"text" not in function.logs`` would hold whatever was logged.
        """
        held = self._look()
        if held and not isinstance(record, type(held[0])):
            raise TypeError(f"{record!r} is looked for among records, and none can be equal to it: look at a field of theirs. {self!r}")
        return record in held

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Records):
            return self._look() == other._look()
        return self._look() == list(other) if isinstance(other, Sequence) else NotImplemented

    __hash__ = None  # type: ignore[assignment] # it grows

    def __repr__(self) -> str:
        return repr(self._kept)
