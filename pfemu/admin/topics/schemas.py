"""``/admin/v2/schemas``: the schemas of topics (``SchemasResourceBase``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pfemu.admin.answer import Answer, ErrorPage, UnexpectedError, answer_json
from pfemu.admin.bodies import read_as
from pfemu.admin.routes import Routes
from pfemu.broker.refusals import InvalidSchemaData
from pfemu.broker.schemas.schema_registry import DEFAULT_STRATEGY, check_compatible
from pfemu.errors import IncompatibleSchema
from pfemu.model.configuration.config_reading import read_text
from pfemu.model.configuration.config_structures import part, read_text_map, setting
from pfemu.model.schema import SCHEMA_TYPES, SchemaInfo, StoredSchema
from pfemu.model.topic_name import TopicName

if TYPE_CHECKING:
    from pfemu.admin.request import Request
    from pfemu.emulator import Emulator

routes = Routes("/admin/v2/schemas/{tenant}/{namespace}/{topic}")
_PAYLOAD = "org.apache.pulsar.common.protocol.schema.PostSchemaPayload"


def _name(named: dict[str, str]) -> TopicName:
    return TopicName.parse(f"persistent://{named['tenant']}/{named['namespace']}/{named['topic']}")


def _shown(stored: StoredSchema) -> dict[str, object]:
    schema = stored.schema
    if schema is None:
        return {"version": stored.version, "type": "NONE", "timestamp": stored.stored_ms, "data": "", "properties": {}}
    return {
        "version": stored.version,
        "type": schema.type,
        "timestamp": stored.stored_ms,
        "data": schema.data.decode("utf-8", "replace"),
        "properties": dict(schema.properties),
    }


@routes("GET", "/schema")
def latest(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Show a topic's schema."""
    return answer_json(_shown(emulator.broker.schemas.version(_name(named))))


@routes("GET", "/schema/{version}")
def version(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Show one version of a topic's schema."""
    try:
        number = int(named["version"])
        number.to_bytes(8, "big", signed=True)
    except (ValueError, OverflowError):
        raise UnexpectedError(f'For input string: "{named["version"]}"') from None
    return answer_json(_shown(emulator.broker.schemas.version(_name(named), number)))


@routes("GET", "/schemas")
def versions(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Show all versions of a topic's schema."""
    return answer_json({"getSchemaResponses": [_shown(stored) for stored in emulator.broker.schemas.versions(_name(named))]})


@routes("GET", "/metadata")
def metadata(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Show where the versions of a topic's schema are stored; nothing where there are none.

    Differs: they are in no ledgers; those shown are numbered as the versions.
    """
    index = [_stored_at(stored.version) for stored in emulator.broker.schemas.versions(_name(named))]
    return answer_json({"info": index[-1], "index": index}) if index else Answer(200)


def _stored_at(version: int) -> dict[str, int]:
    return {"ledgerId": version + 1, "entryId": 0, "version": version}


@routes("POST", "/schema")
def add(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
    """Store a schema."""
    name = _name(named)
    policies = emulator.broker.namespaces.policies_of(name.namespace_name)
    schema = _schema(request)
    if schema.type.startswith("AUTO"):
        raise ErrorPage(422, title=f"Schema {schema.type} is a client-side schema type")
    try:
        stored = emulator.broker.schemas.add(name, schema, policies.schema_compatibility, emulator.scheduler.now_ms())
    except IncompatibleSchema as error:
        raise ErrorPage(422 if isinstance(error, InvalidSchemaData) else 409, title=str(error)) from None
    return answer_json({"version": {"version": stored.version}})


@routes("POST", "/compatibility")
def compatibility(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
    """Tell that a schema could be stored; one that could not is an error of the broker's."""
    name, schema = _name(named), _schema(request)
    strategy = emulator.broker.namespaces.policies_of(name.namespace_name).schema_compatibility or DEFAULT_STRATEGY
    existing = [stored.schema for stored in emulator.broker.schemas.versions(name) if stored.schema is not None]
    try:
        check_compatible(existing, schema, strategy)
    except IncompatibleSchema as error:
        raise UnexpectedError(str(error)) from None
    return answer_json({"compatibility": True, "schemaCompatibilityStrategy": strategy}, 202)


@routes("POST", "/version")
def version_of(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
    """Show which version a schema is, -1 for none."""
    found = emulator.broker.schemas.find(_name(named), _schema(request))
    return answer_json({"version": -1 if found is None else found.version})


@routes("DELETE", "/schema")
def delete(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
    """Forget a topic's schemas; with ``force`` also which numbers they had."""
    name = _name(named)
    if request.flag("force"):
        emulator.broker.schemas.forget(name.partitioned_topic)
        return answer_json({"version": -1})
    return answer_json({"version": emulator.broker.schemas.delete(name, emulator.scheduler.now_ms()).version})


@dataclass(frozen=True, slots=True)
class _Payload:
    """``PostSchemaPayload``."""

    type: str | None = setting(read_text)
    schema: str | None = setting(read_text)
    properties: Mapping[str, str | None] | None = setting(read_text_map)


_payload = part(_Payload, _PAYLOAD)


def _schema(request: Request) -> SchemaInfo:
    given = read_as(request, _payload)
    if given is None:
        raise UnexpectedError(f'Cannot invoke "{_PAYLOAD}.getType()" because "payload" is null')
    kind, data = given.type, given.schema
    if data is None:
        called = "String.getBytes(java.nio.charset.Charset)"
        raise UnexpectedError(f'Cannot invoke "{called}" because the return value of "{_PAYLOAD}.getSchema()" is null')
    if kind not in SCHEMA_TYPES:
        raise UnexpectedError("Name is null" if kind is None else f"No enum constant org.apache.pulsar.common.schema.SchemaType.{kind}")
    if kind == "KEY_VALUE" and not data.lstrip().startswith("{"):
        gson = "com.google.gson.Json{}"
        raise UnexpectedError(f"class {gson.format('Primitive')} cannot be cast to class {gson.format('Object')}")
    properties = {name: str(value) for name, value in (given.properties or {}).items()}
    return SchemaInfo("NONE" if kind == "BYTES" else kind, data.encode(), properties)
