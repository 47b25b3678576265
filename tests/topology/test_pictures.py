"""A topology as a picture of characters, as Mermaid, as SVG and as JSON."""

import json
import re
import xml.etree.ElementTree as ET

import pytest

from pfemu.topology.document import document
from pfemu.topology.graph import Edge, EdgeKind, Node, NodeKind, Topology
from pfemu.topology.mermaid import mermaid
from pfemu.topology.svg import svg
from pfemu.topology.terminal_picture import Paints, picture


def graph(*edges, unknown=(), facts=()):
    """Make a topology: names in capitals are functions, names between slashes patterns."""
    names = dict.fromkeys(name for source, target, *_ in edges for name in (source, target))
    kinds = {name: NodeKind.FUNCTION if name.isupper() else NodeKind.PATTERN if name[0] == "/" else NodeKind.TOPIC for name in names}
    nodes = tuple(Node(name, kind, name.strip("/"), tuple(facts) if kind is NodeKind.FUNCTION else ()) for name, kind in kinds.items())
    return Topology(nodes, tuple(Edge(a, b, *(kind or (EdgeKind.INPUT,))) for a, b, *kind in edges), tuple(unknown))


def test_a_chain_leads_to_the_right():
    assert picture(graph(("in", "F"), ("F", "out")), 80) == [
        "        ┏━━━┓",
        " in ───▶┃ F ┃───▶ out",
        "        ┗━━━┛",
    ]


def test_what_is_too_wide_leads_down():
    assert picture(graph(("in", "F"), ("F", "out")), 12) == [
        " in",
        "  │",
        "  ▼",
        "┏━━━┓",
        "┃ F ┃",
        "┗━━━┛",
        "  │",
        "  ▼",
        " out",
    ]


def test_kinds_of_edges_are_told_apart_and_explained():
    edges = [("in", "F"), ("F", "out"), ("F", "aside", EdgeKind.PUBLISH), ("F", "log", EdgeKind.LOG)]
    assert picture(graph(*edges), 80) == [
        "              ╭──▶ out",
        "        ┏━━━┓ │",
        " in ───▶┃ F ┃─┼╌╌▶ aside",
        "        ┗━━━┛ │",
        "              ╰┈┈▶ log",
        "",
        "╌╌╌ context.publish   ┈┈┈ logs",
    ]


def test_what_leads_back_has_its_arrow_where_it_arrives():
    lines = picture(graph(("a", "F"), ("F", "b"), ("b", "G"), ("G", "a")), 80)
    assert sum(line.count("▶") + line.count("◀") for line in lines) == 4


def test_an_edge_over_several_layers_goes_past_what_is_between():
    lines = picture(graph(("a", "F"), ("F", "b"), ("b", "G"), ("a", "G"), ("G", "c")), 80)
    assert "\n".join(lines).count("▶") == 4  # two edges arrive at G as one


def test_names_are_shortened_before_it_is_given_up():
    long = "a" * 40
    lines = picture(graph((long, "F"), ("F", f"{long}b")), 20)
    assert all(len(line) <= 20 for line in lines)
    assert any("…" in line for line in lines)
    many = graph(*((f"topic-{number}", "F") for number in range(30)))
    assert picture(many, 10)[0] == "topic-0 -> F  (input)"


@pytest.mark.parametrize("width", [10, 40, 80, 200])
def test_no_line_is_wider_than_it_may_be(width):
    edges = [(f"t{number}", name) for number in range(6) for name in ("F", "G")] + [("F", "out"), ("G", "t0"), ("F", "log", EdgeKind.LOG)]
    drawn = picture(graph(*edges), width)
    is_list = drawn[0].startswith("t0 -> ")
    assert is_list or all(len(line) <= width for line in drawn)
    assert is_list == (width == 10)
    assert drawn == picture(graph(*edges), width)


def test_colours_are_around_texts_and_facts_stand_in_boxes():
    paints = Paints(function=lambda text: f"<{text}>", topic=lambda text: f"[{text}]", fact=lambda text: f"({text})")
    lines = picture(graph(("in", "F"), facts=["3 processed"]), 80, paints)
    assert "".join(lines).count("[ in ]") == 1
    assert any("( 3 processed )" in line for line in lines)


def test_what_is_not_known_is_said():
    topology = graph(("in", "F"), unknown=["F also publishes elsewhere"])
    assert picture(topology, 80)[-1] == "not shown: F also publishes elsewhere"
    assert mermaid(topology)[-1] == "    %% not shown: F also publishes elsewhere"


def test_mermaid_has_every_node_and_edge_and_escapes_what_is_its_own():
    topology = graph(("/a.*/", "F"), ("F", "log", EdgeKind.LOG), facts=['say "#1" <b>'])
    assert mermaid(topology) == [
        "flowchart LR",
        '    n0{{"a.*"}}',
        '    n1["F<br>say #quot;#35;1#quot; #lt;b#gt;"]',
        '    n2(["log"])',
        "    n0 --> n1",
        "    n1 -.->|log| n2",
    ]


def test_the_svg_is_well_formed_fetches_nothing_and_shows_all():
    topology = graph(("a<b>&", "F"), ("F", "c"), ("c", "G"), ("G", "a<b>&"), ("F", "log", EdgeKind.LOG))
    text = "\n".join(svg(topology))
    root = ET.fromstring(text)
    space = "{http://www.w3.org/2000/svg}"
    assert len(root.findall(f"{space}g")) == 5
    assert len(root.findall(f"{space}path")) == 5
    assert not re.search(r"href=|@import|url\((?!#)|<script", text)
    width, height = int(root.get("width")), int(root.get("height"))
    for box in root.iter(f"{space}rect"):
        assert 0 <= int(box.get("x")) <= int(box.get("x")) + int(box.get("width")) <= width
        assert 0 <= int(box.get("y")) <= int(box.get("y")) + int(box.get("height")) <= height


def test_the_document_is_json_with_ids_that_lead_from_edge_to_node():
    read = json.loads("\n".join(document(graph(("in", "F"), unknown=["x"]))))
    assert {edge["source"] for edge in read["edges"]} <= {node["id"] for node in read["nodes"]}
    assert read["unknown"] == ["x"]


def test_nothing_is_drawn_of_nothing():
    nothing = Topology((), ())
    assert picture(nothing, 80) == []
    assert ET.fromstring("\n".join(svg(nothing))) is not None
