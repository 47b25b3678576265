"""What Python code may write in a configuration: names of choices as text, and parts as maps, spelled as in Python or as in Pulsar.

Differs: a worker takes a wrong name for none; here it is refused, because whoever calls from Python can be told at once.
"""

from collections.abc import Mapping
from dataclasses import fields
from enum import StrEnum
from functools import cache
from typing import cast

from pfemu.errors import ConfigError
from pfemu.model.configuration.config_reading import JsonValue, Place, Reading
from pfemu.model.configuration.config_structures import Choice, MapReader, Part, PartReader, Read, json_name
from pfemu.model.java_text import camel_case


def settle(part: Part) -> None:
    """Put values of a part that was just made into the form its fields hold.

    Raises:
        ConfigError: a name is not among those to choose from, or a map has a field that the part has not.
    """
    for name, spelled, read in _settled_fields(type(part)):
        value = getattr(part, name)
        if value is not None and (settled := _settled(read, spelled, value)) is not value:
            object.__setattr__(part, name, settled)


@cache
def _settled_fields(kind: type[Part]) -> list[tuple[str, str, Read[object]]]:
    reads = [(each.name, json_name(each), each.metadata["read"]) for each in fields(kind) if "read" in each.metadata]
    return [row for row in reads if isinstance(row[2], Choice | PartReader | MapReader)]


def _settled(read: object, name: str, value: object) -> object:
    if isinstance(read, Choice) and isinstance(value, str) and not isinstance(value, StrEnum):
        return _chosen(read.kind, name, value)
    if isinstance(read, PartReader) and isinstance(value, Mapping):
        return _part(read, name, value)
    if isinstance(read, MapReader) and isinstance(value, Mapping) and isinstance(read.read_item, PartReader):
        items = {key: _settled(read.read_item, f"{name}.{key}", item) for key, item in value.items()}
        return items if any(items[key] is not value[key] for key in items) else value
    return value


def _chosen(kind: type[StrEnum], name: str, value: str) -> StrEnum:
    for each in kind:
        if each.value == value:
            return each
    raise ConfigError(f"{name} is one of {', '.join(each.value for each in kind)}, not {value!r}")


def _part(read: PartReader[Part], name: str, value: Mapping[str, object]) -> Part:
    made: dict[str, object] = {}
    for key, item in value.items():
        spelled = camel_case(key)
        each = read.shape.fields.get("regexPattern" if spelled == "isRegexPattern" else spelled)
        if each is None:
            raise ConfigError(f"{name} has no field {key!r}; it has {', '.join(read.shape.fields)}")
        made[each.name] = _value(each.metadata["read"], f"{name}.{spelled}", item)
    return cast("Part", read.shape.make(**made))


def _value(read: Read[object], name: str, item: object) -> object:
    """Settle what is a name or a map, keep what is a part already, and bend the rest as a text or number of a file is bent."""
    settled = _settled(read, name, item)
    if settled is not item or isinstance(item, StrEnum) or hasattr(item, "__dataclass_fields__"):
        return settled
    return read(Reading(), Place(), cast("JsonValue", item))
