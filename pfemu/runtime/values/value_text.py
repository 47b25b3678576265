"""Values in words: their ``repr``, except where that would be a class and an address.

A ``pulsar.schema.Record`` has no ``repr`` of its own, nor have many classes that a SerDe of the user's makes. They are told by their
fields: a person sees what differs, and golden files, replays and the delivery drill, which compare words, find the same value the same.
"""

from __future__ import annotations

from collections.abc import Mapping

_Outer = tuple[int, ...]


def value_text(value: object) -> str:
    """Return a value in words. Raises what a ``repr`` of the user's raises."""
    return _text(value, ())


def fields_of(value: object) -> dict[str, object] | None:
    """Return the fields of an object whose ``repr`` is Python's own; None of any other."""
    kind = type(value)
    if kind.__repr__ is not object.__repr__ or not hasattr(value, "__dict__"):
        return None
    declared = getattr(kind, "_fields", None)
    if isinstance(declared, Mapping):  # a Record, which has attributes beside its fields
        return {str(name): getattr(value, name) for name in declared}
    return dict(vars(value))


def _text(value: object, outer: _Outer) -> str:
    if id(value) in outer:
        return "..."
    outer = (*outer, id(value))
    if type(value) is list:
        return f"[{', '.join(_text(each, outer) for each in value)}]"
    if type(value) is tuple:
        return f"({', '.join(_text(each, outer) for each in value)}{',' * (len(value) == 1)})"
    if type(value) is dict:
        return f"{{{', '.join(f'{_text(key, outer)}: {_text(held, outer)}' for key, held in value.items())}}}"
    fields = fields_of(value)
    if fields is None:
        return repr(value)
    return f"{type(value).__name__}({', '.join(f'{name}={_text(held, outer)}' for name, held in fields.items())})"
