"""Where the cells of layers stand, across: near the middles of their neighbours, kept apart, and straight where that is near.

1. Side by side at first. 2. Sweep by sweep to the mean of the cells above, below, or both. 3. To whole numbers. 4. What is next to straight
is made straight. Cells of a layer keep their order, and a gap between them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pfemu.topology.layers import Cell, Layers, mean, neighbours_of

_SWEEPS = 12
_NEARLY = 3
"""How far from straight a line may be to be straightened."""


def places(layers: Layers, sizes: Mapping[Cell, int], gap: int) -> dict[Cell, int]:
    """Return the middle of each cell across the layers, ``gap`` apart at least, near the middles of its neighbours; from 0 on."""
    placing = _Placing(layers, sizes, gap)
    middles = placing.straightened(placing.whole(placing.near_neighbours()))
    start = min((placing.first_of(cell, middle) for cell, middle in middles.items()), default=0)
    return {cell: middle - start for cell, middle in middles.items()}


class _Placing:
    """Cells with their sizes, and the gap between them."""

    def __init__(self, layers: Layers, sizes: Mapping[Cell, int], gap: int) -> None:
        self._layers = layers.cells
        self._sizes = sizes
        self._gap = gap
        self._above, self._below = neighbours_of(layers.links)

    def first_of(self, cell: Cell, middle: int) -> int:
        """Return the first place that a cell takes."""
        return middle - self._sizes[cell] // 2

    def near_neighbours(self) -> dict[Cell, float]:
        """Return middles near those of the neighbours."""
        packed = [self._packed(layer) for layer in self._layers]
        rows = list(zip(self._layers, packed, strict=True))
        middles = {cell: float(middle) for layer, places in rows for cell, middle in zip(layer, places, strict=True)}
        both = {cell: [*self._above.get(cell, ()), *self._below.get(cell, ())] for cell in {**self._above, **self._below}}
        for sweep in range(_SWEEPS):
            neighbours = (self._above, self._below, both)[sweep % 3]
            for layer, places in rows if sweep % 2 == 0 else reversed(rows):
                wanted = [mean([middles[each] for each in neighbours.get(cell, ())], middles[cell]) for cell in layer]
                middles |= dict(zip(layer, _kept_apart(wanted, places), strict=True))
        return middles

    def _packed(self, layer: Sequence[Cell]) -> list[int]:
        """Return the middles of a layer's cells side by side."""
        middles, edge = [], 0
        for cell in layer:
            middles.append(edge + self._sizes[cell] // 2)
            edge += self._sizes[cell] + self._gap
        return middles

    def whole(self, middles: Mapping[Cell, float]) -> dict[Cell, int]:
        """Return the middles as whole numbers."""
        whole: dict[Cell, int] = {}
        for layer in self._layers:
            edge: int | None = None
            for cell in layer:
                first = self.first_of(cell, round(middles[cell]))
                first = first if edge is None else max(first, edge)
                whole[cell] = first + self._sizes[cell] // 2
                edge = self._end_of(cell, whole[cell])
        return whole

    def straightened(self, middles: dict[Cell, int]) -> dict[Cell, int]:
        """Move cells that are next to straight to where their line is straight, as far as there is room."""
        nearly = max(_NEARLY, self._gap)
        for neighbours, layers in ((self._above, self._layers), (self._below, self._layers[::-1])):
            for layer in layers:
                for index, cell in enumerate(layer):
                    near = [middles[each] for each in neighbours.get(cell, ())]
                    is_next_to_straight = len(near) == 1 and 0 < abs(near[0] - middles[cell]) <= nearly
                    if is_next_to_straight and self._has_room(layer, index, near[0], middles):
                        middles[cell] = near[0]
        return middles

    def _has_room(self, layer: Sequence[Cell], index: int, middle: int, middles: Mapping[Cell, int]) -> bool:
        """Whether a cell would still stand after the one before it, and before the one after."""
        first = self.first_of(layer[index], middle)
        after_before = all(self._end_of(cell, middles[cell]) <= first for cell in layer[max(index - 1, 0) : index])
        end = self._end_of(layer[index], middle)
        return after_before and all(end <= self.first_of(cell, middles[cell]) for cell in layer[index + 1 : index + 2])

    def _end_of(self, cell: Cell, middle: int) -> int:
        """Return the first place that another cell may take after it."""
        return self.first_of(cell, middle) + self._sizes[cell] + self._gap


def _kept_apart(wanted: Sequence[float], packed: Sequence[int]) -> list[float]:
    """Return the places nearest to those wanted that are as far apart as the packed ones (pool adjacent violators)."""
    blocks: list[tuple[float, int]] = []
    for want, pack in zip(wanted, packed, strict=True):
        total, count = want - pack, 1
        while blocks and blocks[-1][0] / blocks[-1][1] > total / count:
            before = blocks.pop()
            total, count = total + before[0], count + before[1]
        blocks.append((total, count))
    shifts = [total / count for total, count in blocks for _ in range(count)]
    return [shift + pack for shift, pack in zip(shifts, packed, strict=True)]
