"""What a setting may be where Python code gives it by name: what its annotation says.

Differs: Jackson bends the text ``"2"`` into a number, and 0 into false. What stands in a file is bent here too; in Python code a value of
another type is a slip, and refused.
"""

from collections.abc import Callable, Mapping
from dataclasses import Field, dataclass, fields
from functools import cache

from pfemu.errors import ConfigError
from pfemu.model.configuration.config_reading import read_flag, read_integer, read_long, read_text
from pfemu.model.configuration.config_structures import MapReader, PartReader, read_texts, read_value
from pfemu.model.configuration.function_config import FunctionConfig


@dataclass(frozen=True, slots=True)
class _Kind:
    """What a value is to be: in words, for one and for several, and how to tell."""

    one: str
    several: str
    fits: Callable[[object], bool]


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_topics(value: object) -> bool:
    return isinstance(value, str) or (isinstance(value, list | tuple) and all(each is None or isinstance(each, str) for each in value))


def _is_json(value: object) -> bool:
    if isinstance(value, Mapping):
        return all(isinstance(name, str) and _is_json(item) for name, item in value.items())
    return all(map(_is_json, value)) if isinstance(value, list | tuple) else value is None or isinstance(value, bool | int | float | str)


_TEXT = _Kind("a text", "texts", lambda value: isinstance(value, str))
_WHOLE = _Kind("a whole number", "whole numbers", _is_whole)
_JSON = _Kind("a JSON value", "JSON values", _is_json)
_SIMPLE: Mapping[object, _Kind] = {
    read_text: _TEXT,
    read_integer: _WHOLE,
    read_long: _WHOLE,
    read_value: _JSON,
    read_flag: _Kind("True or False", "flags", lambda value: isinstance(value, bool)),
    read_texts: _Kind("a topic or a list of topics", "lists of topics", _is_topics),
}


def check_setting(name: str, value: object) -> None:
    """Refuse a value that the field of that name of a :class:`FunctionConfig` does not hold; None is not given.

    Raises:
        ConfigError: it does not; the text says what it holds.
    """
    known = _kinds().get(name)
    if value is None or known is None:
        return
    setting, kind = known
    if not kind.fits(value):
        given = repr(value) if setting.repr else f"a {type(value).__name__}"  # what is secret is not shown
        named = f"; the text is {f'{value.__module__}.{value.__qualname__}'!r}" if isinstance(value, type) and kind is _TEXT else ""
        raise ConfigError(f"{name} is {kind.one}, not {given}{named}")


@cache
def _kinds() -> Mapping[str, tuple[Field[object], _Kind]]:
    found = {each.name: (each, _kind_of(each.metadata["read"])) for each in fields(FunctionConfig) if "read" in each.metadata}
    return {name: (setting, kind) for name, (setting, kind) in found.items() if kind is not None}


def _kind_of(read: object) -> _Kind | None:
    """Return what a reader reads; None for a choice, which is looked up by its names."""
    if isinstance(read, PartReader):
        name, types = read.kind.__name__, (read.kind, Mapping)
        return _Kind(f"a {name} or a map", f"{name}s or maps", lambda value: isinstance(value, types))
    if not isinstance(read, MapReader):
        return _SIMPLE.get(read)
    item = _kind_of(read.read_item) or _JSON
    return _Kind(f"a map from text to {item.several}", "maps", lambda value: _is_map(value, item.fits))


def _is_map(value: object, fits: Callable[[object], bool]) -> bool:
    return isinstance(value, Mapping) and all(isinstance(key, str) and (item is None or fits(item)) for key, item in value.items())
