"""A layered layout (Sugiyama's): edges lead from layer to layer, with few crossings and short ways.

1. Edges that close a circle are turned around.
2. A node's layer is the longest way to it.
3. An edge over several layers gets a point in each.
4. Layers are sorted by the mean of their neighbours, forth and back.
5. Places follow from the same means, kept apart: :mod:`pfemu.topology.layer_places`.

Deterministic: the order of nodes and edges decides where means are equal.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

_SWEEPS = 12


@dataclass(frozen=True, slots=True)
class Cell:
    """A place in a layer: a node, or a point of an edge that passes (``edge``: its number in the list of edges)."""

    node: str | None = None
    edge: int = -1
    layer: int = -1


@dataclass(frozen=True, slots=True)
class Link:
    """A part of an edge between two neighbouring layers. ``turned``: the edge leads the other way."""

    upper: Cell
    lower: Cell
    edge: int
    turned: bool


@dataclass(frozen=True, slots=True)
class Layers:
    """Cells by layer, in order, and the links between them."""

    cells: list[list[Cell]]
    links: list[Link]


def layered(nodes: Sequence[str], edges: Sequence[tuple[str, str]]) -> Layers:
    """Lay nodes out; edges are pairs of nodes, of which no two are the same node."""
    turned = _turned(nodes, edges)
    downward = [(b, a) if index in turned else (a, b) for index, (a, b) in enumerate(edges)]
    ranks = _ranks(nodes, downward)
    layers: list[list[Cell]] = [[] for _ in range(max(ranks.values(), default=-1) + 1)]
    for node in nodes:
        layers[ranks[node]].append(Cell(node))
    links: list[Link] = []
    for index, (upper, lower) in enumerate(downward):
        points = [Cell(edge=index, layer=layer) for layer in range(ranks[upper] + 1, ranks[lower])]
        for point in points:
            layers[point.layer].append(point)
        links += [Link(a, b, index, index in turned) for a, b in pairwise([Cell(upper), *points, Cell(lower)])]
    return Layers(_sorted(layers, links), links)


def _turned(nodes: Sequence[str], edges: Sequence[tuple[str, str]]) -> set[int]:
    """Return the edges that lead back to a node on the way to them, by a depth-first walk that begins where nothing leads to."""
    outgoing: dict[str, list[tuple[int, str]]] = {node: [] for node in nodes}
    reached = {target for _, target in edges}
    for index, (source, target) in enumerate(edges):
        outgoing[source].append((index, target))
    done: set[str] = set()
    turned: set[int] = set()
    for start in sorted(nodes, key=lambda node: node in reached):
        if start in done:
            continue
        done.add(start)
        way = {start: iter(outgoing[start])}
        while way:
            node = next(reversed(way))
            index, target = next(way[node], (-1, ""))
            if index < 0:
                del way[node]
            elif target in way:
                turned.add(index)
            elif target not in done:
                done.add(target)
                way[target] = iter(outgoing[target])
    return turned


def _ranks(nodes: Sequence[str], edges: Sequence[tuple[str, str]]) -> dict[str, int]:
    """Return each node's layer: the longest way to it; what nothing leads to stands right before what it leads to."""
    ranks = dict.fromkeys(nodes, 0)
    for _ in nodes:
        later = {b: max(ranks[b], *(ranks[a] + 1 for a, other in edges if other == b)) for _, b in edges}
        if all(ranks[node] == rank for node, rank in later.items()):
            break
        ranks |= later
    led_to = {b for _, b in edges}
    for node in nodes:
        following = [ranks[b] for a, b in edges if a == node]
        if node not in led_to and following:
            ranks[node] = min(following) - 1
    return ranks


def neighbours_of(links: Iterable[Link]) -> tuple[dict[Cell, list[Cell]], dict[Cell, list[Cell]]]:
    """Return the neighbours of each cell in the layer above, and in the layer below."""
    above: dict[Cell, list[Cell]] = {}
    below: dict[Cell, list[Cell]] = {}
    for link in links:
        above.setdefault(link.lower, []).append(link.upper)
        below.setdefault(link.upper, []).append(link.lower)
    return above, below


def _sorted(layers: list[list[Cell]], links: list[Link]) -> list[list[Cell]]:
    above, below = neighbours_of(links)
    best, fewest = [list(layer) for layer in layers], _crossings(layers, links)
    current = [list(layer) for layer in layers]
    for sweep in range(_SWEEPS):
        neighbours = above if sweep % 2 == 0 else below
        for layer in current if sweep % 2 == 0 else reversed(current):
            order = {cell: index for each in current for index, cell in enumerate(each)}
            layer.sort(key=lambda cell: mean([order[each] for each in neighbours.get(cell, ())], order[cell]))
        crossings = _crossings(current, links)
        if crossings < fewest:
            best, fewest = [list(layer) for layer in current], crossings
    return best


def mean(values: Sequence[float], otherwise: float) -> float:
    """Return the mean of values, ``otherwise`` without any."""
    return sum(values) / len(values) if values else otherwise


def _crossings(layers: list[list[Cell]], links: list[Link]) -> int:
    order = {cell: (rank, index) for rank, layer in enumerate(layers) for index, cell in enumerate(layer)}
    places = [(order[link.upper], order[link.lower][1]) for link in links]
    return sum(
        a[0][0] == b[0][0] and (a[0][1] - b[0][1]) * (a[1] - b[1]) < 0 for index, a in enumerate(places) for b in places[index + 1 :]
    )
