"""Schemas of a function's topics: what ``schemaType`` means to Pulsar's Python instance (``get_schema`` in ``python_instance.py``).

Any case of ``string``, ``json`` and ``avro``; anything else is the path of a schema class, so ``INT32``, ``bytes`` or ``protobuf``
name a class that is not there. Nothing is checked when a function is created: an input's schema fails the instance's start,
an output's fails messages.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, cast

from pfemu.runtime.loading.class_path import import_class
from pfemu.runtime.loading.space_elsewhere import SpaceElsewhere

if TYPE_CHECKING:
    from pulsar.schema import Schema

    from pfemu.runtime.loading.module_space import ModuleSpace

_SELF_ONLY = 1
_ONE_ARGUMENT = 2


@cache
def default_schema() -> Schema:
    """Return the schema of topics without one: bytes. The SerDe decodes where this very object is the schema, nowhere else."""
    from pulsar.schema import BytesSchema

    return BytesSchema()


def schema_for(schema_type: str, type_class_name: str, schema_properties: Mapping[str, str], space: ModuleSpace) -> Schema:
    """Make the schema of an input or the output.

    Args:
        schema_type: The configured ``schemaType``; empty for none.
        type_class_name: The class path of the record class (``inputTypeClassName``, ``outputTypeClassName``); empty for none.
        schema_properties: The configured properties; a class of the user's may take them.
        space: The function's modules.

    Raises:
        TypeError: ``'NoneType' object is not callable``: there is no such schema class.
        AttributeError: ``'NoneType' object has no attribute 'schema'``: JSON without a record class, or with one that cannot be had.
        AssertionError: Avro without a record class.
        Exception: Anything else the schema's constructor raises.
    """
    import pulsar.schema

    if not schema_type:
        return default_schema()
    kind = schema_type.lower()
    if kind == "string":
        return pulsar.schema.StringSchema()
    if isinstance(space, SpaceElsewhere):
        return space.schema(schema_type, type_class_name, schema_properties)
    record_class = import_class(space, type_class_name) if type_class_name else None
    if kind == "json":
        return pulsar.schema.JsonSchema(record_class)
    if kind == "avro":
        return pulsar.schema.AvroSchema(record_class)
    return _custom(schema_type, import_class(space, schema_type), record_class, schema_properties)


def explained_schema_for(schema_type: str, type_class_name: str, schema_properties: Mapping[str, str], space: ModuleSpace) -> Schema:
    """Make a schema as :func:`schema_for`; what it raises for want of a record class has a note that says why there is none.

    For where a person hears of it. What a message fails with, a cluster tells without a note, and so does the instance.
    """
    try:
        return schema_for(schema_type, type_class_name, schema_properties, space)
    except Exception as error:
        why = _why_no_record_class(schema_type, type_class_name, space)
        if why:
            error.add_note(why)
        raise


def _why_no_record_class(schema_type: str, type_class_name: str, space: ModuleSpace) -> str:
    if schema_type.lower() not in {"json", "avro"} or isinstance(space, SpaceElsewhere):
        return ""
    if not type_class_name:
        return f"A {schema_type} schema is made of a record class, which inputTypeClassName or outputTypeClassName names: there is none."
    failure = space.failures.get(type_class_name)
    if failure is None:
        return ""
    reason = f"{type(failure).__name__}: {failure}"
    return f"The record class {type_class_name!r} cannot be had: {reason}. It is named with its module, as in orders.Order."


def _custom(schema_type: str, schema_class: object, record_class: object, properties: Mapping[str, str]) -> Schema:
    """Construct a schema class by the number of its constructor's parameters, ``self`` included."""
    make = cast("Callable[..., Schema]", schema_class)
    parameters = len(inspect.signature(schema_class.__init__).parameters)  # type: ignore[misc] # of whatever object it is
    if parameters == _SELF_ONLY:
        return make()
    if parameters == _ONE_ARGUMENT:
        try:
            return make(record_class)
        except TypeError:
            return make(properties)
    if parameters > _ONE_ARGUMENT:
        return make(record_class, properties)
    raise Exception(f"Invalid schema class {schema_type}")  # noqa: TRY002 - Pulsar's own words and class
