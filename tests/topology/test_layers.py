"""The layout: layers, order and places."""

from hypothesis import given
from hypothesis import strategies as st

from pfemu.topology.layer_places import places
from pfemu.topology.layers import Cell, layered
from pfemu.topology.tracks import Bundle, tracks


@st.composite
def graphs(draw):
    nodes = [f"n{number}" for number in range(draw(st.integers(1, 9)))]
    pairs = [(a, b) for a in nodes for b in nodes if a != b]
    return nodes, draw(st.lists(st.sampled_from(pairs), max_size=14, unique=True)) if pairs else []


@given(graphs())
def test_every_link_leads_to_the_next_layer_and_every_node_is_there_once(graph):
    nodes, edges = graph
    layers = layered(nodes, edges)
    rank = {cell: number for number, layer in enumerate(layers.cells) for cell in layer}
    assert sorted(cell.node for cell in rank if cell.node) == sorted(nodes)
    assert all(rank[link.lower] == rank[link.upper] + 1 for link in layers.links)
    for index, (source, target) in enumerate(edges):
        links = [link for link in layers.links if link.edge == index]
        ends = (links[0].upper.node, links[-1].lower.node)
        assert ends == ((target, source) if links[0].turned else (source, target))


@given(graphs(), st.integers(0, 4), st.integers(1, 9))
def test_cells_of_a_layer_never_overlap_and_keep_their_order(graph, gap, size):
    layers = layered(*graph)
    sizes = {cell: size if cell.node else 1 for layer in layers.cells for cell in layer}
    middles = places(layers, sizes, gap)
    assert min(middles[cell] - sizes[cell] // 2 for cell in middles) == 0
    for layer in layers.cells:
        firsts = [middles[cell] - sizes[cell] // 2 for cell in layer]
        ends = [first + sizes[cell] for first, cell in zip(firsts, layer, strict=True)]
        assert all(first >= end + gap for first, end in zip(firsts[1:], ends, strict=False))


def test_a_graph_without_circles_turns_nothing_around_and_a_circle_one_edge():
    assert not any(link.turned for link in layered("abc", [("a", "b"), ("b", "c"), ("a", "c")]).links)
    assert sum(link.turned for link in layered("abc", [("a", "b"), ("b", "c"), ("c", "a")]).links) == 2  # over two layers


def test_what_can_be_drawn_without_crossings_is():
    layers = layered("abcd", [("a", "d"), ("b", "c")])
    assert [cell.node for cell in layers.cells[0]] in (["a", "b"], ["b", "a"])
    above, below = ([cell.node for cell in layer] for layer in layers.cells)
    assert {"a": "d", "b": "c"}[above[0]] == below[0]


def test_a_chain_is_straight():
    layers = layered("abcd", [("a", "b"), ("b", "c"), ("c", "d")])
    sizes = {Cell("a"): 3, Cell("b"): 9, Cell("c"): 5, Cell("d"): 1}
    assert len(set(places(layers, sizes, 3).values())) == 1


def test_nothing_is_laid_out_of_nothing():
    layers = layered([], [])
    assert (layers.cells, places(layers, {}, 1)) == ([], {})


@given(st.lists(st.tuples(st.integers(0, 12), st.lists(st.integers(0, 12), min_size=1, max_size=3)), max_size=6))
def test_no_two_bundles_run_over_each_other_on_a_track(described):
    bundles = [Bundle(start, tuple(ends)) for start, ends in described]
    found = tracks(bundles)
    for index, one in enumerate(bundles):
        assert (found[index] < 0) == one.is_straight
        for other_index, other in enumerate(bundles[:index]):
            if found[index] == found[other_index] >= 0:
                assert one.high < other.low or other.high < one.low
