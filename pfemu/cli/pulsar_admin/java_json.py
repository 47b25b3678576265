"""JSON as ``pulsar-admin`` prints it: a function's configuration and state as Gson writes them, figures as Jackson does."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator, Mapping, Sequence

from pfemu.model.configuration.config_reading import JsonValue
from pfemu.model.gson.gson_text import gson_text

_CONSUMER_FIELDS = ("schemaType", "serdeClassName", "isRegexPattern", "schemaProperties", "consumerProperties", "receiverQueueSize")


def gson_lines(value: JsonValue) -> list[str]:
    """Return the lines of a value as Gson's pretty printer has them."""
    return list(_gson(value, ""))


def _gson(value: JsonValue, indent: str) -> Iterator[str]:
    if isinstance(value, Mapping) and value:
        items = [(f"{gson_text(name)}: ", item) for name, item in value.items() if item is not None]
        yield from _block("{", items, "}", indent, _gson)
    elif isinstance(value, Sequence) and not isinstance(value, str) and value:
        yield from _block("[", [("", item) for item in value], "]", indent, _gson)
    else:
        yield gson_text(value)


def _block(
    opening: str, items: Sequence[tuple[str, JsonValue]], closing: str, indent: str, lines_of: Callable[[JsonValue, str], Iterator[str]]
) -> Iterator[str]:
    yield opening
    inner = indent + "  "
    for number, (label, item) in enumerate(items):
        first, *rest = lines_of(item, inner)
        lines = [inner + label + first, *rest]
        lines[-1] += "," if number < len(items) - 1 else ""
        yield from lines
    yield indent + closing


def jackson_lines(value: JsonValue) -> list[str]:
    """Return the lines of a value as Jackson's default pretty printer has them: lists stay on their line."""
    return _jackson(value, "").split("\n")


def _jackson(value: JsonValue, indent: str) -> str:
    inner = indent + "  "
    if isinstance(value, Mapping):
        items = [f"{inner}{_plain(name)} : {_jackson(item, inner)}" for name, item in value.items()]
        return "{\n" + ",\n".join(items) + f"\n{indent}}}" if items else "{ }"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return f"[ {', '.join(_jackson(item, indent) for item in value)} ]" if value else "[ ]"
    return _plain(value)


def _plain(value: JsonValue) -> str:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str | bool) or value is None else gson_text(value)


def shown_config(config: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """Return a configuration as the command's ``get`` names its fields: Gson writes ``isRegexPattern``, REST ``regexPattern``."""
    specs = config.get("inputSpecs")
    if not isinstance(specs, Mapping):
        return dict(config)
    return {**config, "inputSpecs": {topic: _shown_input(spec) for topic, spec in specs.items()}}


def _shown_input(spec: JsonValue) -> JsonValue:
    if not isinstance(spec, Mapping):
        return spec
    renamed = {("isRegexPattern" if name == "regexPattern" else name): value for name, value in spec.items()}
    return {name: renamed[name] for name in (*_CONSUMER_FIELDS, *renamed) if name in renamed}


def shown_state(state: JsonValue) -> JsonValue:
    """Return a state as the command shows it: its bytes are a list of numbers from -128 to 127, where REST has base64."""
    if not isinstance(state, Mapping) or not isinstance(state.get("byteValue"), str):
        return state
    raw = base64.b64decode(str(state["byteValue"]))
    return {**state, "byteValue": [byte - 256 if byte > 127 else byte for byte in raw]}
