"""Characters on a grid: texts, and lines that know where they meet and where they cross."""

from __future__ import annotations

from collections.abc import Callable

NORTH, EAST, SOUTH, WEST = 1, 2, 4, 8
_CORNERS = {
    NORTH | SOUTH: "│",
    EAST | WEST: "─",
    NORTH: "│",
    SOUTH: "│",
    EAST: "─",
    WEST: "─",
    SOUTH | EAST: "╭",
    SOUTH | WEST: "╮",
    NORTH | EAST: "╰",
    NORTH | WEST: "╯",
    NORTH | SOUTH | EAST: "├",
    NORTH | SOUTH | WEST: "┤",
    SOUTH | EAST | WEST: "┬",
    NORTH | EAST | WEST: "┴",
    NORTH | EAST | SOUTH | WEST: "┼",
}
DASHED = {"│": "╎", "─": "╌"}
DOTTED = {"│": "┊", "─": "┈"}

Paint = Callable[[str], str]


class Canvas:
    """Grows as far as something is put on it. ``turned``: what goes along goes down, else to the right."""

    def __init__(self, *, turned: bool) -> None:
        self._turned = turned
        self._texts: dict[tuple[int, int], tuple[str, Paint | None]] = {}
        self._lines: dict[tuple[int, int], tuple[int, dict[str, str]]] = {}

    def _at(self, along: int, across: int) -> tuple[int, int]:
        """Return column and row."""
        return (across, along) if self._turned else (along, across)

    def text(self, column: int, row: int, text: str, paint: Paint | None = None) -> None:
        """Put a text on the grid; nothing goes over it."""
        for offset, character in enumerate(text):
            self._texts[column + offset, row] = (character, paint)

    def mark(self, along: int, across: int, character: str) -> None:
        """Put one character over a line."""
        self._texts[self._at(along, across)] = (character, None)

    def line_along(self, start: int, end: int, across: int, style: dict[str, str]) -> None:
        """Draw a line along; a line of one place is none."""
        self._line([self._at(along, across) for along in range(start, end + 1)], (NORTH, SOUTH) if self._turned else (WEST, EAST), style)

    def line_across(self, start: int, end: int, along: int, style: dict[str, str]) -> None:
        """Draw a line across."""
        self._line([self._at(along, across) for across in range(start, end + 1)], (WEST, EAST) if self._turned else (NORTH, SOUTH), style)

    def _line(self, cells: list[tuple[int, int]], directions: tuple[int, int], style: dict[str, str]) -> None:
        back, forth = directions
        for index, cell in enumerate(cells):
            bits, before = self._lines.get(cell, (0, style))
            bits |= (back if index else 0) | (forth if index < len(cells) - 1 else 0)
            self._lines[cell] = (bits, style if before is style else {})

    def lines(self) -> list[str]:
        """Return the rows, without blanks at their ends."""
        drawn = ((cell, bits, style) for cell, (bits, style) in self._lines.items() if bits)
        cells: dict[tuple[int, int], tuple[str, Paint | None]] = {
            cell: (style.get(_CORNERS[bits], _CORNERS[bits]), None) for cell, bits, style in drawn
        }
        cells |= self._texts
        rows: dict[int, dict[int, tuple[str, Paint | None]]] = {}
        for (column, row), character in cells.items():
            rows.setdefault(row, {})[column] = character
        return [_row(rows.get(row, {})) for row in range(max(rows, default=-1) + 1)]

    @property
    def width(self) -> int:
        """How many columns there are."""
        return max((column for column, _ in (*self._texts, *self._lines)), default=-1) + 1


def _row(cells: dict[int, tuple[str, Paint | None]]) -> str:
    parts: list[str] = []
    run, paint = "", None
    for column in range(max(cells, default=-1) + 1):
        character, painted = cells.get(column, (" ", None))
        if painted is not paint:
            parts.append(paint(run) if paint is not None and run else run)
            run, paint = "", painted
        run += character
    run = run.rstrip()
    parts.append(paint(run) if paint is not None and run else run)
    return "".join(parts)
