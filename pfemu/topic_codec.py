"""How the values that tests and scripts send and see become bytes: as the functions on that topic do it.

* What a function reads is encoded with the input's SerDe or schema; what it writes is decoded with the output's.
* Where both are known and differ, sending goes by who reads and reading by who writes.
* A topic no function names has Pulsar's default, IdentitySerDe.
* A codec that is given beats them all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pfemu.model.topic_name import TopicName
from pfemu.runtime.processes.values import seen_here
from pfemu.runtime.values.schemas import default_schema, schema_for
from pfemu.runtime.values.serde import deserializer_for, identity_deserialize, identity_serialize, serializer_for

if TYPE_CHECKING:
    from pulsar.schema import Schema

    from pfemu.runtime.function import Function
    from pfemu.runtime.loading.module_space import ModuleSpace
    from pfemu.runtime.values.serde import SerDe

_DEFAULT_NAME = "the default SerDe (str, bytes, int, float and complex)"


@dataclass(frozen=True, slots=True)
class TopicCodec:
    """``schema`` is what a producer of the topic is made with, None for bytes; ``whose`` says in words where the codec comes from."""

    encode: Callable[[object], object]
    decode: Callable[[bytes], object]
    schema: Schema | None = None
    whose: str = _DEFAULT_NAME


IDENTITY = TopicCodec(identity_serialize, identity_deserialize)


def given_codec(schema: Schema | None, serde: SerDe | None) -> TopicCodec | None:
    """Return the codec of what a caller names; None when it names nothing.

    Raises:
        TypeError: both are named.
    """
    if schema is not None and serde is not None:
        raise TypeError("a topic has a schema or a SerDe: give one of the two")
    if schema is not None:
        return _of_schema(schema, f"the {type(schema).__name__} that the test gave")
    return None if serde is None else TopicCodec(serde.serialize, serde.deserialize, None, f"the {type(serde).__name__} that the test gave")


def reader_codec(name: TopicName, functions: Iterable[Function]) -> TopicCodec | None:
    """Return how the first function that reads a topic decodes it; None when none does."""
    for function in functions:
        for text, spec in function.details.input_specs.items():
            if not spec.is_regex_pattern and _is_same(text, name):
                space = _space_of(function)
                if space is None:
                    return None
                whose = f"{function.fqfn}, which reads it,"
                schema = schema_for(spec.schema_type, function.details.input_type_class_name, spec.schema_properties, space)
                return _codec(spec.serde_class_name, schema, space, whose)
    return None


def writer_codec(name: TopicName, functions: Iterable[Function]) -> TopicCodec | None:
    """Return how the first function whose output goes to a topic encodes it; None when none does."""
    for function in functions:
        sink = function.details.sink
        space = _space_of(function)
        if sink.topic and space is not None and _is_same(sink.topic, name):
            schema = schema_for(sink.schema_type, sink.type_class_name, sink.schema_properties, space)
            return _codec(sink.serde_class_name, schema, space, f"{function.fqfn}, which writes it,")
    return None


def what_would_be_taken(value: object, topic: str, codec: TopicCodec) -> str | None:
    """Say what would have been taken of a value that the codec refused; None where its own words say it."""
    from pulsar.schema import Record

    name = type(value).__name__
    if isinstance(value, Record) and codec.schema is None:
        path = f"{type(value).__module__}.{name}"
        return (
            f"a Record needs a schema: input_specs={{{topic!r}: {{'schemaType': 'json'}}}} and input_type_class_name={path!r} "
            f"of the function, or topic({topic!r}, schema=JsonSchema({name})) for who sends alone"
        )
    if isinstance(value, Record):
        return (
            f"a function by its path has classes of its own, loaded afresh: send with a schema of your own, as another program does, "
            f"topic({topic!r}, schema={type(codec.schema).__name__}({name}))"
        )
    if isinstance(value, dict | list):
        return "json.dumps makes text of it" if codec.schema is None else "a record is made of a dict by its class, as Order(**fields)"
    return None


def _codec(serde_class_name: str, schema: Schema, space: ModuleSpace, whose: str) -> TopicCodec:
    if schema is not default_schema():
        return _of_schema(schema, f"the {type(schema).__name__} of {whose}")
    named = f"the SerDe {serde_class_name} of {whose}" if serde_class_name else f"{_DEFAULT_NAME} of {whose}"
    return TopicCodec(serializer_for(serde_class_name, space), _seen(deserializer_for(serde_class_name, space)), None, named)


def _of_schema(schema: Any, whose: str) -> TopicCodec:  # noqa: ANN401 - pulsar.schema.Schema, which has no stubs
    return TopicCodec(_as_it_is, _seen(schema.decode), schema, whose)


def _seen(decode: Callable[[bytes], object]) -> Callable[[bytes], object]:
    return lambda payload: seen_here(decode(payload))


def _as_it_is(value: object) -> object:
    return value


def _space_of(function: Function) -> ModuleSpace | None:
    return next((one.loaded.space for one in function.instances if one.loaded is not None), None)


def _is_same(text: str, name: TopicName) -> bool:
    configured = TopicName.if_valid(text)
    return configured is not None and configured.holds(name)
