"""Other code for a running instance: made ready beforehand, put in between two messages.

Making it ready runs the user's code (its modules, its constructor, its SerDes and schemas), so whatever is wrong with it shows before
anything is exchanged. Putting it in is a handful of assignments: consumers, producers, context, counters and log stay.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pfemu.errors import LoadError
from pfemu.runtime.context import take_over
from pfemu.runtime.key_readers import producer_encryption
from pfemu.runtime.sink import Sink
from pfemu.runtime.values.schema_changes import changes, definition
from pfemu.runtime.values.schemas import default_schema, explained_schema_for
from pfemu.runtime.values.serde import deserializer_for, resolve_serde, serializer_for

if TYPE_CHECKING:
    from pfemu.ports import Message
    from pfemu.runtime.function import Function
    from pfemu.runtime.input_source import InputSource
    from pfemu.runtime.instance import FunctionInstance
    from pfemu.runtime.loader import LoadedFunction
    from pfemu.runtime.loading.module_space import ModuleSpace

Decode = Callable[[bytes], object]
Read = Callable[["Message"], object]


@dataclass(frozen=True, slots=True)
class Replacement:
    """Code that is loaded and constructed, with the SerDes and schemas that come from the same modules."""

    loaded: LoadedFunction
    decoders: Mapping[InputSource, Decode | None]
    readers: Mapping[InputSource, Read | None]
    """Of inputs with a schema: what reads their messages with the new record class; None where the consumer's schema does."""
    schema: Any = None
    """The output's schema, Pulsar's default for none."""
    serialize: Callable[[object], Any] | None = None
    """None without an output topic."""
    make_encryption: Callable[[], dict[str, Any]] = dict
    """What of the output's producer is about encryption, if it is still to be made."""

    def put_into(self, instance: FunctionInstance) -> LoadedFunction | None:
        """Exchange the code; between two messages only. Return what was there before."""
        before = instance.loaded
        for source in instance.inputs:
            if source in self.decoders:
                source.deserialize, source.read = self.decoders[source], self.readers[source] or source.read
        if isinstance(instance.sink, Sink) and self.serialize is not None:
            instance.sink.use(self.serialize, self.schema, self.make_encryption)
        space = self.loaded.space
        take_over(instance.context, str(self.loaded.directory), lambda class_path: resolve_serde(class_path, space))
        instance.swap(self.loaded)
        return before


def replacement(function: Function, instance: FunctionInstance, loaded: LoadedFunction) -> Replacement:
    """Make everything ready that an instance needs beside the loaded code.

    Raises:
        LoadError: the class cannot be constructed, though the one that runs could; or a record class has another schema.
        Exception: whatever the constructor of a SerDe or of a schema raises.
    """
    _refuse_unconstructed(instance.loaded, loaded)
    details, space = function.details, loaded.space
    decoders: dict[InputSource, Decode | None] = {}
    readers: dict[InputSource, Read | None] = {}
    for source in instance.inputs:
        spec = details.input_specs[source.topic]
        schema = explained_schema_for(spec.schema_type, details.input_type_class_name, spec.schema_properties, space)
        _refuse_other_schema(source.topic, source.schema, schema)
        is_default = schema is default_schema()
        decoders[source] = deserializer_for(spec.serde_class_name, space, instance.warn) if is_default else None
        readers[source] = None if is_default else schema.decode_message
    if not details.sink.topic:
        return Replacement(loaded, decoders, readers)
    sink = details.sink
    schema = explained_schema_for(sink.schema_type, sink.type_class_name, sink.schema_properties, space)
    if isinstance(instance.sink, Sink):
        _refuse_other_schema(sink.topic, instance.sink.schema, schema)
    crypto = None if sink.producer_spec is None else sink.producer_spec.crypto_spec
    serialize = _serializer(sink.serde_class_name, schema, space)
    return Replacement(loaded, decoders, readers, schema, serialize, lambda: producer_encryption(crypto, space))


def _serializer(class_path: str, schema: object, space: ModuleSpace) -> Callable[[object], Any]:
    return serializer_for(class_path, space) if schema is default_schema() else lambda output: output


def _refuse_unconstructed(running: LoadedFunction | None, loaded: LoadedFunction) -> None:
    """Refuse a class whose constructor fails, which a cluster hides, unless that is how it runs already."""
    was_constructed = running is None or running.instance is not None or not isinstance(running.target, type)
    if was_constructed and isinstance(loaded.target, type) and loaded.instance is None:
        raise LoadError("\n".join(loaded.warnings) or f"{loaded.class_name} cannot be constructed.")


def _refuse_other_schema(topic: str, running: Any, schema: Any) -> None:  # noqa: ANN401 - pulsar.schema.Schema, which has no stubs
    """Refuse what needs new connections: a topic's schema is settled when its consumer or producer connects.

    Connecting anew would gain little: under the default strategy (FULL) the topic itself refuses nearly every change of a Python record.
    """
    if running is not None and definition(running) != definition(schema):
        raise LoadError(
            f"The schema of {topic} is another one now: {changes(running, schema)}.\n"
            "Who is connected keeps the schema it began with: start the run again. A topic on a cluster keeps it too, and under the default"
            " strategy (FULL) refuses a Python record with a field more or less: use another topic there, or set the namespace's strategy."
        )
