"""How long a payload is once it is LZ4: what the ``lz4`` library's fast compressor would write, counted and not written.

The broker tells the size of what is stored, and Pulsar's clients compress a function's outputs with LZ4. The rules are those of
``LZ4_compress_default`` for one block, as the C++ client brings it along: positions are remembered by a hash of five bytes, the last one
wins; the search steps wider the longer it finds nothing; a match has four bytes at least and is extended both ways; the last 5 bytes
are literals, and no match begins in the last 12.
"""

from __future__ import annotations

_MIN_MATCH = 4
_LAST_LITERALS = 5
_NO_MATCH_BEGINS = 12
_SHORTEST = _NO_MATCH_BEGINS + 1
_LONGEST_OF_SMALL = 65_547
"""Below this the table has twice as many places, and no distance is too far."""
_FARTHEST = 65_535
_IN_TOKEN = 15
_BYTE = 255
_SKIP_TRIGGER = 6
_PRIME = 889_523_592_379
_2_TO_64 = 1 << 64


class _Positions:
    """The table: the last position of each hash, 0 at first."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._small = len(data) < _LONGEST_OF_SMALL
        self._shift = 51 if self._small else 52
        self._last: dict[int, int] = {}

    def hash_at(self, position: int) -> int:
        """Return the place of the five bytes at a position in the table."""
        five = int.from_bytes(self._data[position : position + 5], "little")
        return (five << 24) * _PRIME % _2_TO_64 >> self._shift

    def swap(self, hashed: int, position: int) -> int:
        """Remember a position, and return what was remembered before."""
        before = self._last.get(hashed, 0)
        self._last[hashed] = position
        return before

    def matches(self, before: int, position: int) -> bool:
        """Whether the four bytes at both are the same, and near enough."""
        near = self._small or before + _FARTHEST >= position
        return near and self._data[before : before + _MIN_MATCH] == self._data[position : position + _MIN_MATCH]


def lz4_length(data: bytes) -> int:
    """Return how many bytes a payload takes as one LZ4 block."""
    end = len(data)
    anchor = length = 0
    if end >= _SHORTEST:
        table = _Positions(data)
        table.swap(table.hash_at(0), 0)
        found = _search(data, table, 1)
        while found is not None:
            before, position = _extended_back(data, anchor, *found)
            length += _literals_length(position - anchor)
            position, anchor, matched = _extended(data, before, position)
            length += matched
            while position <= end - _NO_MATCH_BEGINS:
                table.swap(table.hash_at(position - 2), position - 2)
                before = table.swap(table.hash_at(position), position)
                if not table.matches(before, position):
                    break
                length += 1
                position, anchor, matched = _extended(data, before, position)
                length += matched
            found = _search(data, table, position + 1) if position <= end - _NO_MATCH_BEGINS else None
    return length + _literals_length(end - anchor)


def _search(data: bytes, table: _Positions, start: int) -> tuple[int, int] | None:
    """Return where a match begins and where its copy does, None at the end."""
    last = len(data) - _NO_MATCH_BEGINS
    ahead, step, tries = start, 1, 1 << _SKIP_TRIGGER
    hashed = table.hash_at(ahead)
    while True:
        position = ahead
        ahead += step
        step = tries >> _SKIP_TRIGGER
        tries += 1
        if ahead > last:
            return None
        before = table.swap(hashed, position)
        hashed = table.hash_at(ahead)
        if table.matches(before, position):
            return before, position


def _extended_back(data: bytes, anchor: int, before: int, position: int) -> tuple[int, int]:
    while position > anchor and before > 0 and data[position - 1] == data[before - 1]:
        before -= 1
        position -= 1
    return before, position


def _extended(data: bytes, before: int, position: int) -> tuple[int, int, int]:
    """Return the end of a match, twice, and what its offset and its length take."""
    limit = len(data) - _LAST_LITERALS
    before += _MIN_MATCH
    end = position + _MIN_MATCH
    while end < limit and data[end] == data[before]:
        before += 1
        end += 1
    extra = end - position - _MIN_MATCH
    return end, end, 2 + (1 + (extra - _IN_TOKEN) // _BYTE if extra >= _IN_TOKEN else 0)


def _literals_length(count: int) -> int:
    """Return what a token and its literals take."""
    return 1 + count + (1 + (count - _IN_TOKEN) // _BYTE if count >= _IN_TOKEN else 0)
