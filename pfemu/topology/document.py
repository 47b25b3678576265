"""A topology as a JSON document for programs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pfemu.topology.graph import Topology


def document(topology: Topology) -> list[str]:
    """Return the lines of the document: ``nodes``, ``edges`` between their ids, and in ``unknown`` what is not shown."""
    nodes = [{"id": node.id, "kind": node.kind, "label": node.label, "facts": list(node.facts)} for node in topology.nodes]
    edges = [{"source": edge.source, "target": edge.target, "kind": edge.kind} for edge in topology.edges]
    return json.dumps({"nodes": nodes, "edges": edges, "unknown": list(topology.unknown)}, ensure_ascii=False, indent=2).splitlines()
