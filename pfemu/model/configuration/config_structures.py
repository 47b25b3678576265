"""Choices, lists, maps and nested parts of a configuration, and how they are read and written as JSON.

A part is a frozen dataclass whose fields are made with :func:`setting`, in the order in which Pulsar writes them. A field's JSON name is
its name in camel case. None is left out when writing, also in maps (Jackson's ``NON_NULL``), but not in lists.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import Field, dataclass, field, fields
from enum import StrEnum
from typing import ClassVar, Generic, NoReturn, Protocol, TypeAlias, TypeVar, cast

from pfemu.model.configuration.config_reading import (
    INT_BITS,
    LONG_BITS,
    Dropped,
    JsonValue,
    Place,
    Reading,
    read_text,
    refuse,
    refuse_kind,
    whole_of_number,
)
from pfemu.model.java_text import camel_case, double_text, trim

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)
Read: TypeAlias = Callable[[Reading, Place, JsonValue], T]

ARRAY_LIST = "java.util.ArrayList"
LINKED_HASH_MAP = "java.util.LinkedHashMap"


class Part(Protocol):
    """A dataclass made of settings."""

    __dataclass_fields__: ClassVar[dict[str, Field[object]]]


P = TypeVar("P", bound=Part)


def setting(read: Read[T], *, default: object = None, name: str = "", secret: bool = False) -> T:
    """Declare a field of a part: how it is read, and its JSON name where that is not its own in camel case; ``secret``: never shown."""
    return cast("T", field(default=default, repr=not secret, metadata={"read": read, "name": name}))


def map_setting(read: Read[T]) -> T:
    """Declare a field of a part that is an empty map where nothing is written, and None where null is."""
    return cast("T", field(default_factory=dict, metadata={"read": read, "name": ""}))


def json_name(setting: "Field[object]") -> str:
    """Return the name of a setting as configurations spell it."""
    return str(setting.metadata.get("name") or camel_case(setting.name))


@dataclass(frozen=True, slots=True)
class Shape:
    """A part as Jackson sees it."""

    make: Callable[..., object]
    java_class: str
    fields: Mapping[str, "Field[object]"]

    @classmethod
    def of(cls, part: type[Part], java_class: str) -> "Shape":
        """Return the shape of a class made of settings."""
        return cls(part, java_class, {json_name(each): each for each in fields(part) if "read" in each.metadata})

    def read(self, reading: Reading, place: Place, value: JsonValue) -> dict[str, object]:
        """Return the fields given in ``value``, by the names of the dataclass."""
        if not isinstance(value, Mapping):
            refuse_part(place, self.java_class, value)
        given: dict[str, object] = {}
        for name, item in value.items():
            each = self.fields.get(name)
            if each is None:
                reading.dropped.append(Dropped((*place.path, name), item, tuple(self.fields), is_field=True))
            else:
                given[each.name] = each.metadata["read"](reading, place.step(self.java_class, name), item)
        return given


def refuse_part(place: Place, java_class: str, value: JsonValue) -> NoReturn:
    """Raise because something else stands where a part is wanted."""
    made = f"Cannot construct instance of `{java_class}` (although at least one Creator exists): no "
    creator = "-argument constructor/factory method to deserialize from "
    if isinstance(value, bool):
        refuse(place, f"{made}boolean/Boolean{creator}boolean value ({str(value).lower()})")
    if isinstance(value, str):
        refuse_blank(place, f"`{java_class}` value", value)
        refuse(place, f"{made}String{creator}String value ('{value}')")
    if isinstance(value, int | float):
        refuse(place, f"{made}{_number_type(value)}{creator}Number value ({value})")
    refuse_kind(place, java_class, value)


def refuse_blank(place: Place, wanted: str, text: str) -> None:
    """Raise if a text is empty, which Jackson says in other words than of any other text."""
    if not trim(text):
        why = f'Cannot coerce empty String ("") to {wanted} (but could if coercion was enabled using `CoercionConfig`)'
        refuse(place, why, invalid_format=True)


def _number_type(value: float) -> str:
    if not isinstance(value, int):
        return "double/Double"
    bits = value.bit_length()
    return "int/Int" if bits <= INT_BITS else "long/Long" if bits <= LONG_BITS else "BigInteger"


@dataclass(frozen=True, slots=True)
class PartReader(Generic[P]):
    """Reads a nested part; ``of_text`` is what a text in its place makes, where the Java class has such a constructor."""

    kind: type[P]
    shape: Shape
    of_text: Callable[[str], P] | None

    def __call__(self, reading: Reading, place: Place, value: JsonValue) -> P | None:
        """Read it."""
        if value is None:
            return None
        if self.of_text is not None and isinstance(value, str):
            return self.of_text(value)
        return self.kind(**self.shape.read(reading, place, value))


def part(kind: type[P], java_class: str, of_text: Callable[[str], P] | None = None) -> PartReader[P]:
    """Return a reader of a nested part."""
    return PartReader(kind, Shape.of(kind, java_class), of_text)


@dataclass(frozen=True, slots=True)
class Choice(Generic[E]):
    """Reads one of several names, or the number of one; a name that is not among them is dropped."""

    kind: type[E]
    java_type: str

    def __call__(self, reading: Reading, place: Place, value: JsonValue) -> E | None:
        """Read it."""
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | str):
            refuse_kind(place, self.java_type, value)
        members = list(self.kind)
        if isinstance(value, str):
            found = self._named(trim(value), members)
        else:
            number = whole_of_number(reading, place, value, INT_BITS)
            found = members[number] if 0 <= number < len(members) else None
        if found is None:
            reading.dropped.append(Dropped(place.path, value, tuple(each.value for each in members), is_field=False))
        return found

    @staticmethod
    def _named(text: str, members: list[E]) -> E | None:
        return next((each for number, each in enumerate(members) if text in {each.value, str(number)}), None)


def _refuse_collection(place: Place, name: str, parameters: str, value: JsonValue) -> NoReturn:
    if isinstance(value, str):
        refuse_blank(place, f"element of `{name}`", value)
        creators = "" if name.endswith("[]") else " (although at least one Creator exists)"
        why = "no String-argument constructor/factory method to deserialize from String value"
        refuse(place, f"Cannot construct instance of `{name}`{creators}: {why} ('{value}')")
    refuse_kind(place, name + parameters, value)


def texts_of(name: str, parameters: str, owner: str) -> Read[Sequence[str | None] | None]:
    """Return what reads a list of texts: its Java class, that of what is in it, and what its places are called in."""

    def read(reading: Reading, place: Place, value: JsonValue) -> Sequence[str | None] | None:
        if value is None:
            return None
        if isinstance(value, str) or not isinstance(value, Sequence):
            _refuse_collection(place, name, parameters, value)
        return tuple(read_text(reading, place.step(owner, index), item) for index, item in enumerate(value))

    return read


read_texts = texts_of(ARRAY_LIST, "<java.lang.String>", ARRAY_LIST)
read_text_array = texts_of("java.lang.String[]", "", "java.lang.Object[]")


@dataclass(frozen=True, slots=True)
class MapReader(Generic[T]):
    """Reads a map by text; ``java_type`` is the Java class of its values."""

    read_item: Read[T]
    java_type: str

    def __call__(self, reading: Reading, place: Place, value: JsonValue) -> Mapping[str, T] | None:
        """Read it."""
        if value is None:
            return None
        if not isinstance(value, Mapping):
            _refuse_collection(place, LINKED_HASH_MAP, f"<java.lang.String,{self.java_type}>", value)
        return {name: self.read_item(reading, place.step(LINKED_HASH_MAP, name), item) for name, item in value.items()}


def read_value(_reading: Reading, _place: Place, value: JsonValue) -> JsonValue:
    """Read anything as it is."""
    return value


read_text_map = MapReader(read_text, "java.lang.String")
read_value_map = MapReader(read_value, "java.lang.Object")


def part_json(value: Part) -> dict[str, JsonValue]:
    """Return a part as Jackson writes it: what is None is left out."""
    written = {json_name(each): _json(getattr(value, each.name)) for each in fields(value) if "read" in each.metadata}
    return {name: item for name, item in written.items() if item is not None}


def _json(value: object) -> JsonValue:
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, float) and not math.isfinite(value):
        return double_text(value)
    if isinstance(value, Mapping):
        return {str(name): _json(item) for name, item in value.items() if item is not None}
    if isinstance(value, list | tuple):
        return [_json(item) for item in value]
    if hasattr(value, "__dataclass_fields__"):
        return part_json(cast("Part", value))
    return cast("JsonValue", value)
