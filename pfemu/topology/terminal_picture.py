"""A topology as a picture of characters: functions are boxes, topics are names between them.

It leads to the right where that fits, else down; names are shortened where neither does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pfemu.topology.canvas import DASHED, DOTTED, Canvas
from pfemu.topology.graph import EdgeKind, NodeKind
from pfemu.topology.layer_places import places
from pfemu.topology.layers import Cell, Layers, Link, layered
from pfemu.topology.tracks import Bundle, tracks

if TYPE_CHECKING:
    from pfemu.topology.graph import Node, Topology

Paint = Callable[[str], str]

_SOLID: dict[str, str] = {}
_STYLES = {EdgeKind.PUBLISH: DASHED, EdgeKind.LOG: DOTTED, EdgeKind.DEAD_LETTER: DOTTED, EdgeKind.MATCH: DOTTED}
_LEGEND = {
    EdgeKind.PUBLISH: f"{DASHED['─'] * 3} context.publish",
    EdgeKind.LOG: f"{DOTTED['─'] * 3} logs",
    EdgeKind.DEAD_LETTER: f"{DOTTED['─'] * 3} dead letters",
    EdgeKind.MATCH: f"{DOTTED['─'] * 3} matches the pattern",
}
_LIMITS = (1000, 32, 24, 18, 12)
_GAP_RIGHT, _GAP_DOWN = 1, 3


@dataclass(frozen=True, slots=True)
class Paints:
    """How parts of the picture are painted; each leaves it as it is by default."""

    function: Paint = str
    topic: Paint = str
    fact: Paint = str


def picture(topology: Topology, width: int, paints: Paints | None = None) -> list[str]:
    """Return the lines of a picture that fits ``width`` columns, a legend, and what is not known.

    What fits in no way, because a layer has too many topics for shortened names, is told as a list.
    """
    drawn = _fitting(topology, width, paints or Paints())
    used = dict.fromkeys(edge.kind for edge in topology.edges if edge.kind in _LEGEND)
    legend = ["", "   ".join(_LEGEND[kind] for kind in used)] if used else []
    unknown = ["", *(f"not shown: {sentence}" for sentence in topology.unknown)] if topology.unknown else []
    return [*(_outline(topology) if drawn is None else drawn), *legend, *unknown]


def _fitting(topology: Topology, width: int, paints: Paints) -> list[str] | None:
    layers = layered([node.id for node in topology.nodes], [(edge.source, edge.target) for edge in topology.edges])
    for limit in _LIMITS:
        for turned in (False, True):
            drawing = _Drawing(topology, layers, limit, paints, turned=turned)
            if drawing.least_width() <= width and (canvas := drawing.draw()).width <= width:
                return canvas.lines()
    return None


def _outline(topology: Topology) -> list[str]:
    labels = {node.id: node.label for node in topology.nodes}
    return [f"{labels[edge.source]} -> {labels[edge.target]}  ({edge.kind})" for edge in topology.edges]


def _shortened(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{text[: limit // 2]}…{text[len(text) - (limit - limit // 2 - 1) :]}"


class _Drawing:
    """One try: ``turned`` leads down, else to the right."""

    def __init__(self, topology: Topology, layers: Layers, limit: int, paints: Paints, *, turned: bool) -> None:
        self._turned = turned
        self._paints = paints
        self._nodes = {
            node.id: replace(node, label=_shortened(node.label, limit), facts=tuple(_shortened(each, limit) for each in node.facts))
            for node in topology.nodes
        }
        self._edges = topology.edges
        self._layers = layers
        self._canvas = Canvas(turned=turned)

    def least_width(self) -> int:
        """Return a width that it takes in any case, without a look at the lines."""
        layers = [[self._size(cell) for cell in layer] for layer in self._layers.cells]
        if self._turned:
            return max((sum(across for _, across in layer) + _GAP_DOWN * (len(layer) - 1) for layer in layers), default=0)
        return sum(max(along for along, _ in layer) for layer in layers)

    def draw(self) -> Canvas:
        """Draw it."""
        sizes = {cell: self._size(cell)[1] for layer in self._layers.cells for cell in layer}
        self._middles = places(self._layers, sizes, _GAP_DOWN if self._turned else _GAP_RIGHT)
        start = 0
        for number, layer in enumerate(self._layers.cells):
            end = start + max(self._size(cell)[0] for cell in layer) - 1
            ends = {cell: self._draw_cell(cell, start, end) for cell in layer}
            start = end + 1 + self._draw_links(end + 1, self._links_from(number), ends)
        return self._canvas

    def _size(self, cell: Cell) -> tuple[int, int]:
        """Return how much room a cell takes along and across."""
        if cell.node is None:
            return 1, 1
        columns, rows = self._columns_and_rows(self._nodes[cell.node])
        return (rows, columns) if self._turned else (columns, rows)

    @staticmethod
    def _columns_and_rows(node: Node) -> tuple[int, int]:
        if node.kind is NodeKind.FUNCTION:
            return max(len(node.label), *map(len, node.facts), 0) + 4, 3 + len(node.facts)
        return len(_words(node)), 1

    def _links_from(self, number: int) -> list[Link]:
        cells = set(self._layers.cells[number])
        return [link for link in self._layers.links if link.upper in cells]

    def _style(self, edge: int) -> dict[str, str]:
        return _STYLES.get(self._edges[edge].kind, _SOLID)

    def _draw_cell(self, cell: Cell, start: int, end: int) -> int:
        """Draw a cell of a layer between two places along; return the last place that is its own."""
        middle = self._middles[cell]
        if cell.node is None:
            self._canvas.line_along(start - 1, end + 1, middle, self._style(cell.edge))
            return end
        node = self._nodes[cell.node]
        columns, rows = self._columns_and_rows(node)
        along, across = self._size(cell)
        column, row = (middle - across // 2, start) if self._turned else (start, middle - across // 2)
        if node.kind is NodeKind.FUNCTION:
            self._draw_box(node, column, row, columns, rows)
        else:
            self._canvas.text(column, row, _words(node), self._paints.topic)
        return start + along - 1

    def _draw_box(self, node: Node, column: int, row: int, columns: int, rows: int) -> None:
        inner = columns - 2
        self._canvas.text(column, row, f"┏{'━' * inner}┓", self._paints.function)
        for offset, text in enumerate((node.label, *node.facts), 1):
            self._canvas.text(column, row + offset, "┃", self._paints.function)
            self._canvas.text(column + 1, row + offset, text.center(inner), self._paints.function if offset == 1 else self._paints.fact)
            self._canvas.text(column + columns - 1, row + offset, "┃", self._paints.function)
        self._canvas.text(column, row + rows - 1, f"┗{'━' * inner}┛", self._paints.function)

    def _draw_links(self, first: int, links: list[Link], ends: Mapping[Cell, int]) -> int:
        """Draw the links of a gap that begins at ``first``; return how wide it is."""
        bundled: dict[tuple[Cell, bool], list[Link]] = {}
        for link in links:
            bundled.setdefault((link.upper, link.turned), []).append(link)
        groups = list(bundled.values())
        bundles = [Bundle(self._leaves(group[0]), tuple(self._middles[link.lower] for link in group)) for group in groups]
        found = tracks(bundles)
        width = max(found, default=-1) + (3 if self._turned else 5) if groups else 0
        for group, bundle, track in zip(groups, bundles, found, strict=True):
            self._draw_bundle(group, bundle, (ends[group[0].upper] + 1, first + 1 + track, first + width - 1))
        return width

    def _leaves(self, link: Link) -> int:
        """Return where a link leaves its cell: what comes back to a function arrives beside what goes out of it."""
        beside = 0 if link.upper.node is None or not link.turned else 2 if self._turned else -1
        return self._middles[link.upper] + beside

    def _draw_bundle(self, group: list[Link], bundle: Bundle, along: tuple[int, int, int]) -> None:
        """Draw a bundle between three places along: where it leaves, where it turns, where it arrives."""
        leaves, turns, arrives = along
        styles = [self._style(link.edge) for link in group]
        shared = styles[0] if all(style is styles[0] for style in styles) else _SOLID
        if bundle.is_straight:
            self._canvas.line_along(leaves, arrives, bundle.start, shared)
        else:
            self._canvas.line_along(leaves, turns, bundle.start, shared)
            self._canvas.line_across(bundle.low, bundle.high, turns, shared)
            for end, style in zip(bundle.ends, styles, strict=True):
                self._canvas.line_along(turns, arrives, end, style)
        for link, end in zip(group, bundle.ends, strict=True):
            if not link.turned and link.lower.node is not None:
                self._canvas.mark(arrives, end, "▼" if self._turned else "▶")
        if group[0].turned and group[0].upper.node is not None:
            self._canvas.mark(leaves, bundle.start, "▲" if self._turned else "◀")


def _words(node: Node) -> str:
    """Return a topic as it stands between boxes."""
    name = f"/{node.label}/" if node.kind is NodeKind.PATTERN else node.label
    facts = f" ({', '.join(node.facts)})" if node.facts else ""
    return f" {name}{facts} "
