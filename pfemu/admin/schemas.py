"""``/admin/v2/schemas``: the schemas of topics (``SchemasResourceBase``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pfemu.admin.answer import Answer, ErrorPage, answer_json
from pfemu.admin.bodies import read_object
from pfemu.admin.routes import Routes
from pfemu.errors import IncompatibleSchema
from pfemu.model.schema import SchemaInfo, StoredSchema
from pfemu.model.topic_name import TopicName

if TYPE_CHECKING:
    from pfemu.admin.request import Request
    from pfemu.broker.topic import Topic
    from pfemu.emulator import Emulator

routes = Routes("/admin/v2/schemas/{tenant}/{namespace}/{topic}")


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
    except ValueError:
        raise ErrorPage(404) from None
    return answer_json(_shown(emulator.broker.schemas.version(_name(named), number)))


@routes("GET", "/schemas")
def versions(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Show all versions of a topic's schema."""
    return answer_json({"getSchemaResponses": [_shown(stored) for stored in emulator.broker.schemas.versions(_name(named))]})


@routes("POST", "/schema")
def add(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
    """Store a schema."""
    name, schema = _name(named), _schema(request)
    policies = _any_topic(emulator, name).policies
    stored = emulator.broker.schemas.add(name, schema, policies.schema_compatibility, emulator.scheduler.now_ms())
    return answer_json({"version": {"version": stored.version}})


@routes("POST", "/compatibility")
def compatibility(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
    """Tell whether a schema could be stored."""
    from pfemu.broker.schema_registry import DEFAULT_STRATEGY, check_compatible

    name, schema = _name(named), _schema(request)
    strategy = _any_topic(emulator, name).policies.schema_compatibility or DEFAULT_STRATEGY
    existing = [stored.schema for stored in emulator.broker.schemas.versions(name) if stored.schema is not None]
    try:
        check_compatible(existing, schema, strategy)
    except IncompatibleSchema:
        return answer_json({"compatibility": False, "schemaCompatibilityStrategy": strategy})
    return answer_json({"compatibility": True, "schemaCompatibilityStrategy": strategy})


@routes("DELETE", "/schema")
def delete(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Forget a topic's schemas."""
    deleted = emulator.broker.schemas.delete(_name(named), emulator.scheduler.now_ms())
    return answer_json({"version": deleted.version})


def _any_topic(emulator: Emulator, name: TopicName) -> Topic:
    """Return a topic, or its first partition; made when there is none."""
    found = emulator.topics_of(name)
    return found[0] if found else emulator.broker.get_or_create(name, emulator.scheduler.now_ms())


def _schema(request: Request) -> SchemaInfo:
    body = read_object(request)
    properties = body.get("properties") or {}
    if not isinstance(body.get("type"), str) or not isinstance(properties, dict):
        raise ErrorPage(400)
    return SchemaInfo(
        str(body["type"]), str(body.get("schema") or "").encode(), {str(key): str(value) for key, value in properties.items()}
    )
