"""The modules, SerDes and schemas of a function in its own process, as the emulator's process sees them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType, ModuleType
from typing import TYPE_CHECKING

import _pulsar
from pulsar.schema import Schema

from pfemu.runtime.loading.space_elsewhere import SpaceElsewhere

if TYPE_CHECKING:
    from pfemu.runtime.processes.function_process import FunctionProcess


class ProcessSpace(SpaceElsewhere):
    """One load's modules, all of them in the process: by their names and files here."""

    def __init__(self, process: FunctionProcess) -> None:
        super().__init__()
        self._process = process

    @property
    def modules(self) -> Mapping[str, ModuleType]:
        """The user's modules by name, empty but for their files; those that ``process`` has imported are among them."""
        return MappingProxyType({name: _module(name, file) for name, file in self._process.modules})

    def serde(self, class_path: str) -> ProcessSerDe:
        """Construct a SerDe there; raises what its constructor does."""
        return ProcessSerDe(self._process, self._process.ask("make_serde", class_path))

    def schema(self, schema_type: str, type_class_name: str, properties: Mapping[str, str]) -> Schema:
        """Construct a schema there; raises what its constructor does."""
        number = self._process.ask("make_schema", schema_type, type_class_name, dict(properties))
        class_name, *info = self._process.ask("schema_info", number)
        return _schema_class(class_name)(self._process, number, info)

    def unload(self) -> None:
        """End the process."""
        self._process.close()


def _module(name: str, file: str) -> ModuleType:
    module = ModuleType(name)
    module.__file__ = file
    return module


class ProcessSerDe:
    """A SerDe that encodes and decodes in the process."""

    def __init__(self, process: FunctionProcess, number: int) -> None:
        self._process = process
        self._number = number

    def serialize(self, input: object) -> bytes:
        """Make bytes of a value."""
        content: bytes = self._process.encode(self._number, input)
        return content

    def deserialize(self, input_bytes: bytes) -> object:
        """Make a value of bytes; one of the user's classes stays in the process."""
        return self._process.value(self._process.ask("decode", self._number, input_bytes))


class ProcessSchema(Schema):
    """A schema that encodes and decodes in the process, with its definition here."""

    def __init__(self, process: FunctionProcess, number: int, info: list[str]) -> None:
        kind, name, definition = info
        self._schema_info = _pulsar.SchemaInfo(getattr(_pulsar.SchemaType, kind), name, definition)
        self._serde = ProcessSerDe(process, number)

    def encode(self, obj: object) -> bytes:
        """Make bytes of a value."""
        return self._serde.serialize(obj)

    def decode(self, data: bytes) -> object:
        """Make a value of bytes."""
        return self._serde.deserialize(data)


@cache
def _schema_class(name: str) -> Callable[..., ProcessSchema]:
    """Return a class of that name: texts name the class of a schema."""
    return type(name, (ProcessSchema,), {})
