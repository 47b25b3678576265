"""``/admin/v2/schemas``: the schemas of topics (``SchemasResourceBase``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pfemu.admin.answer import Answer, ErrorPage, UnexpectedError, answer_json
from pfemu.admin.bodies import read_json, read_object
from pfemu.admin.routes import Routes
from pfemu.broker.refusals import InvalidSchemaData
from pfemu.broker.schemas.schema_registry import DEFAULT_STRATEGY, check_compatible
from pfemu.errors import IncompatibleSchema
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


@routes("POST", "/schema")
def add(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
    """Store a schema."""
    name = _name(named)
    policies = emulator.broker.namespaces.policies_of(name.namespace_name)
    schema = _schema(request)
    if schema.type.startswith("AUTO"):
        raise ErrorPage(422, title=f"Schema {schema.type} is a client-side schema type")
    _any_topic(emulator, name)
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


def _any_topic(emulator: Emulator, name: TopicName) -> None:
    """Make a topic where there is none."""
    if not emulator.topics_of(name):
        emulator.broker.get_or_create(name, emulator.scheduler.now_ms())


def _schema(request: Request) -> SchemaInfo:
    if read_json(request) is None:
        raise UnexpectedError(f'Cannot invoke "{_PAYLOAD}.getType()" because "payload" is null')
    body = read_object(request, _PAYLOAD)
    kind, data, properties = body.get("type"), body.get("schema"), body.get("properties") or {}
    if not isinstance(kind, str | None) or not isinstance(data, str | None) or not isinstance(properties, dict):
        raise ErrorPage(400)
    if data is None:
        called = "String.getBytes(java.nio.charset.Charset)"
        raise UnexpectedError(f'Cannot invoke "{called}" because the return value of "{_PAYLOAD}.getSchema()" is null')
    if kind not in SCHEMA_TYPES:
        raise UnexpectedError("Name is null" if kind is None else f"No enum constant org.apache.pulsar.common.schema.SchemaType.{kind}")
    if kind == "KEY_VALUE" and not data.lstrip().startswith("{"):
        gson = "com.google.gson.Json{}"
        raise UnexpectedError(f"class {gson.format('Primitive')} cannot be cast to class {gson.format('Object')}")
    return SchemaInfo("NONE" if kind == "BYTES" else kind, data.encode(), {str(key): str(value) for key, value in properties.items()})
