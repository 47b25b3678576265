"""Avro schemas as texts: how a broker writes one into a refusal, and which two texts are one schema (``Schema.toString``, ``equals``)."""

from json import JSONDecodeError, dumps, loads

from pfemu.broker.schemas.avro_resolution import Json

_WITH_TYPES = frozenset({"type", "fields", "items", "values"})


def pretty(node: Json, indent: str = "") -> str:
    """Return JSON as Avro's pretty printer has it: lists on one line, what is in them as it comes."""
    inner = indent + "  "
    if isinstance(node, dict):
        items = [f"{inner}{dumps(name, ensure_ascii=False)} : {pretty(item, inner)}" for name, item in node.items()]
        return "{\n" + ",\n".join(items) + f"\n{indent}}}" if items else "{ }"
    if isinstance(node, list):
        return f"[ {', '.join(pretty(item, indent) for item in node)} ]" if node else "[ ]"
    return dumps(node, ensure_ascii=False)


def are_one(one: bytes, other: bytes) -> bool:
    """Whether two texts define the same schema: blanks, the order of names and documentation do not count."""
    try:
        return _meaning(loads(one)) == _meaning(loads(other))
    except (JSONDecodeError, UnicodeDecodeError):
        return False


def _meaning(node: Json) -> Json:
    if isinstance(node, list):
        return [_meaning(item) for item in node]
    if not isinstance(node, dict):
        return node
    if set(node) == {"type"}:
        return _meaning(node["type"])
    return {name: _meaning(item) if name in _WITH_TYPES else item for name, item in node.items() if name != "doc"}
