"""A topology as an SVG of its own: no script, no font from elsewhere, readable on light and on dark."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING

from pfemu.topology.graph import EdgeKind, NodeKind
from pfemu.topology.layer_places import places
from pfemu.topology.layers import Cell, Layers, layered

if TYPE_CHECKING:
    from pfemu.topology.graph import Node, Topology

_CHARACTER, _LINE = 7.9, 18
"""Width of a character and height of a line of 13 px."""
_PADDING, _GAP_ALONG, _GAP_ACROSS, _MARGIN = 14, 56, 18, 16
_STYLE = """
  text { font: 13px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; fill: #1f2328; text-anchor: middle }
  .fact { fill: #59636e; font-size: 11px }
  .function rect { fill: #ddf4ff; stroke: #0969da; stroke-width: 1.5 }
  .topic rect { fill: #ffffff; stroke: #59636e }
  .pattern rect { fill: #ffffff; stroke: #59636e; stroke-dasharray: 4 3 }
  path { fill: none; stroke: #59636e; stroke-width: 1.3 }
  .publish, .match { stroke-dasharray: 6 4 }
  .log, .dead { stroke-dasharray: 2 3 }
  marker path { fill: #59636e; stroke: none }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc } .fact { fill: #9198a1 }
    .function rect { fill: #0d2d4d; stroke: #4493f8 }
    .topic rect, .pattern rect { fill: #151b23; stroke: #9198a1 }
    path { stroke: #9198a1 } marker path { fill: #9198a1 }
  }
"""
_ARROW = (
    '<marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto-start-reverse">'
    '<path d="M0 0 8 4 0 8z"/></marker>'
)


def svg(topology: Topology) -> list[str]:
    """Return the lines of the picture."""
    return list(_Picture(topology).lines())


class _Picture:
    """Places in pixels."""

    def __init__(self, topology: Topology) -> None:
        self._topology = topology
        self._nodes = {node.id: node for node in topology.nodes}
        self._layers: Layers = layered(list(self._nodes), [(edge.source, edge.target) for edge in topology.edges])
        sizes = {cell: self._height(cell) for layer in self._layers.cells for cell in layer}
        self._middles = places(self._layers, sizes, _GAP_ACROSS)
        self._starts: dict[Cell, int] = {}
        self._widths: dict[Cell, int] = {}
        self._total_width = self._place_layers() + _MARGIN
        self._total_height = max((self._middles[cell] + sizes[cell] // 2 for cell in sizes), default=0) + 2 * _MARGIN

    def _place_layers(self) -> int:
        """Place the layers side by side; return where the last one ends."""
        start = _MARGIN
        for layer in self._layers.cells:
            width = max(self._width(cell) for cell in layer)
            for cell in layer:
                own = width if cell.node is None else self._width(cell)
                self._widths[cell] = own
                self._starts[cell] = start + (width - own) // 2
            start += width + _GAP_ALONG
        return start - _GAP_ALONG

    def _width(self, cell: Cell) -> int:
        if cell.node is None:
            return 1
        node = self._nodes[cell.node]
        return round(max(len(text) for text in (node.label, *node.facts)) * _CHARACTER) + 2 * _PADDING

    def _height(self, cell: Cell) -> int:
        if cell.node is None:
            return 2
        return _LINE * (1 + len(self._nodes[cell.node].facts)) + _PADDING

    def lines(self) -> Iterator[str]:
        width, height = self._total_width, self._total_height
        yield f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img">'
        yield f"<title>{escape(_title(self._topology))}</title>"
        yield f"<style>{_STYLE}</style>"
        yield f"<defs>{_ARROW}</defs>"
        for index, edge in enumerate(self._topology.edges):
            yield self._path(index, edge.kind)
        for layer in self._layers.cells:
            for cell in layer:
                if cell.node is not None:
                    yield self._box(cell, self._nodes[cell.node])
        yield "</svg>"

    def _path(self, index: int, kind: EdgeKind) -> str:
        links = [link for link in self._layers.links if link.edge == index]
        x, y = self._right(links[0].upper)
        steps = [f"M{x} {y}"]
        for link in links:
            to_x, to_y = self._left(link.lower)
            bend = (to_x - x) / 2
            steps.append(f"C{x + bend:g} {y} {to_x - bend:g} {to_y} {to_x} {to_y}")
            x, y = to_x, to_y
            if link.lower.node is None:
                x, y = self._right(link.lower)
                steps.append(f"L{x} {y}")
        end = "marker-start" if links[0].turned else "marker-end"
        return f'<path class="{kind.partition(" ")[0]}" d="{" ".join(steps)}" {end}="url(#arrow)"><title>{kind}</title></path>'

    def _left(self, cell: Cell) -> tuple[int, int]:
        return self._starts[cell], self._middles[cell] + _MARGIN

    def _right(self, cell: Cell) -> tuple[int, int]:
        return self._starts[cell] + self._widths[cell], self._middles[cell] + _MARGIN

    def _box(self, cell: Cell, node: Node) -> str:
        x, middle = self._left(cell)
        width, height = self._width(cell), self._height(cell)
        corner = 4 if node.kind is NodeKind.FUNCTION else height // 2
        y = middle - height // 2
        rows = [(node.label, ""), *((fact, "fact") for fact in node.facts)]
        first = y + _PADDING / 2 + 13
        texts = [_text(x + width / 2, first + _LINE * row, text, css_class) for row, (text, css_class) in enumerate(rows)]
        box = f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="{corner}"/>'
        return f'<g class="{node.kind}"><title>{escape(node.id)}</title>{box}{"".join(texts)}</g>'


def _text(x: float, y: float, text: str, css_class: str) -> str:
    attribute = f' class="{css_class}"' if css_class else ""
    return f'<text{attribute} x="{x:g}" y="{y:g}">{escape(text)}</text>'


def _title(topology: Topology) -> str:
    names = ", ".join(node.label for node in topology.nodes if node.kind is NodeKind.FUNCTION)
    return f"Functions and their topics: {names}"
