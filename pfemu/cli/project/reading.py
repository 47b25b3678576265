"""A project file into values. Paths in it are relative to the file; unknown names are refused, and so is what cannot be meant."""

from __future__ import annotations

import json
from dataclasses import fields as dataclass_fields
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pfemu.cli.deployment import CONFIG_SUFFIXES
from pfemu.cli.hidden_secrets import without_secrets
from pfemu.cli.options.settings import FunctionRequest
from pfemu.cli.project.nodes import Node, read_node
from pfemu.cli.project.policy_fields import NAMESPACE_FIELDS, POLICY_FIELDS, read_policies
from pfemu.cli.project.values import FILE_NAMES, NamespacePlan, Project, Seed, StateSeed, TopicPlan
from pfemu.cli.running.input_lines import InputMessage, message_of
from pfemu.errors import InputError, InvalidTopicName, UnreadableConfigError
from pfemu.model.configuration.config_structures import json_name
from pfemu.model.configuration.function_config import FunctionConfig
from pfemu.model.namespace_name import NamespaceName
from pfemu.model.schema import SchemaInfo
from pfemu.model.topic_name import TopicName

if TYPE_CHECKING:
    from pfemu.model.configuration.config_reading import JsonValue

_PROJECT_FIELDS = ("functions", "namespaces", "topics", "seeds", "state")
_OWN_FIELDS = ("source", "userConfigFile", "secretsFile")
_CONFIG_FIELDS = tuple(json_name(each) for each in dataclass_fields(FunctionConfig) if each.name != "dropped")
_SCHEMA_FIELDS = ("type", "schema", "properties")
_SCHEMA_TYPES = tuple("STRING JSON AVRO PROTOBUF_NATIVE BOOLEAN INT8 INT16 INT32 INT64 FLOAT DOUBLE BYTES".split())


def read_project(path: Path) -> Project:
    """Read a project file.

    Raises:
        InputError: there is no such file, or it is no text.
        ConfigError: what it says is refused; the text names the line.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"The file {path} cannot be read: {error}") from None
    root = read_node(text, str(path))
    parts = root.fields(_PROJECT_FIELDS)
    if "functions" not in parts or not parts["functions"].items():
        root.refuse("names no function: a project file has a list of them under functions")
    directory = path.absolute().parent
    return Project(
        path=path,
        functions=tuple(_function(node, directory) for node in parts["functions"].items()),
        namespaces={name: _namespace(name, node) for name, node in _entries(parts, "namespaces").items()},
        topics={name: _topic(name, node, directory) for name, node in _entries(parts, "topics").items()},
        seeds=tuple(_seed(name, node, directory) for name, node in _entries(parts, "seeds").items()),
        state=tuple(_state(name, node) for name, node in _entries(parts, "state").items()),
    )


def _entries(parts: dict[str, Node], name: str) -> dict[str, Node]:
    return parts[name].entries() if name in parts else {}


# ------------------------------------------------------------------------------------------------------------ functions


def _function(node: Node, directory: Path) -> FunctionRequest:
    if isinstance(node.value, str):
        target = node.value
        if Path(target).name in FILE_NAMES:
            node.refuse(f"names a project file, {target}; a function's code or configuration is wanted")
        is_file = target.endswith(CONFIG_SUFFIXES)
        return FunctionRequest(str(directory / target)) if is_file else FunctionRequest(target, directory=directory)
    fields = node.fields((*_OWN_FIELDS, *_CONFIG_FIELDS))
    for one, other in (("source", "py"), ("userConfigFile", "userConfig"), ("secretsFile", "secrets")):
        if one in fields and other in fields:
            node.refuse(f"has {one} and {other}, which both say the same: give one")
    if "source" not in fields and "py" not in fields:
        node.refuse("has no code: say where it is with source or py")
    config = _config(node, {name: each.value for name, each in fields.items() if name not in _OWN_FIELDS})
    return FunctionRequest(
        fields["source"].text() if "source" in fields else None,
        user_config_file=_file(fields["userConfigFile"], directory) if "userConfigFile" in fields else None,
        secrets_file=_file(fields["secretsFile"], directory) if "secretsFile" in fields else None,
        directory=directory,
        config_text=json.dumps(config.to_json(), ensure_ascii=False),
        config_name=node.place,
    )


def _config(node: Node, value: dict[str, JsonValue]) -> FunctionConfig:
    below = len(node.path)
    written = {path[below:]: place for path, place in node.written.items() if path[:below] == node.path}
    try:
        config = FunctionConfig.from_json(value, written)
    except UnreadableConfigError as error:
        secrets = json.dumps({"secrets": value.get("secrets")}, ensure_ascii=False)
        _at(node, error.path).refuse(f"cannot be read: {without_secrets(error.original, secrets)}")
    for dropped in config.dropped:
        owner, name = _at(node, dropped.path[:-1]), str(dropped.path[-1])
        if dropped.is_field:
            _at(node, dropped.path).refuse_field(owner, name, dropped.choices)
        _at(node, dropped.path).refuse_choice(str(dropped.value), repr(dropped.value), dropped.choices)
    return config


def _at(node: Node, path: tuple[str | int, ...]) -> Node:
    return replace(node, path=(*node.path, *path))


def _file(node: Node, directory: Path) -> Path:
    path = directory / node.text()
    if not path.is_file():
        node.refuse(f"names a file that is not there: {node.value}")
    return path


# --------------------------------------------------------------------------------------------------- namespaces, topics


def _namespace(name: str, node: Node) -> NamespacePlan:
    try:
        NamespaceName.parse(name)
    except InvalidTopicName as error:
        node.refuse(f"is no namespace: {error}")
    return NamespacePlan(read_policies(node.fields(NAMESPACE_FIELDS)), node.place)


def _topic(name: str, node: Node, directory: Path) -> TopicPlan:
    _check_topic(name, node)
    fields = node.fields(("partitions", "schema", *POLICY_FIELDS))
    partitions = fields["partitions"].whole(1) if "partitions" in fields else None
    schema = _schema(fields["schema"], directory) if "schema" in fields else None
    return TopicPlan(partitions, read_policies(fields), schema, node.place)


def _check_topic(name: str, node: Node) -> None:
    try:
        TopicName.parse(name)
    except InvalidTopicName as error:
        node.refuse(f"is no topic: {error}")


def _schema(node: Node, directory: Path) -> SchemaInfo:
    """Read a schema as ``pulsar-admin schemas upload`` takes it: type, definition and properties; or the name of such a file."""
    if isinstance(node.value, str):
        path = _file(node, directory)
        node = read_node(path.read_text(encoding="utf-8"), str(path))
    fields = node.fields(_SCHEMA_FIELDS)
    if "type" not in fields:
        node.refuse(f"needs a type: one of {', '.join(_SCHEMA_TYPES)}")
    kind = fields["type"].choice(_SCHEMA_TYPES)
    definition = fields["schema"].value if "schema" in fields else ""
    text = definition if isinstance(definition, str) else json.dumps(definition, ensure_ascii=False)
    properties = {name: each.text() for name, each in fields["properties"].entries().items()} if "properties" in fields else {}
    return SchemaInfo(kind, text.encode(), properties)


# ---------------------------------------------------------------------------------------------------------------- seeds


def _seed(topic: str, node: Node, directory: Path) -> Seed:
    _check_topic(topic, node)
    if isinstance(node.value, str):
        return Seed(topic, lines=_file(node, directory))
    return Seed(topic, tuple(_message(each) for each in node.items()))


def _message(node: Node) -> InputMessage:
    read = node.value if isinstance(node.value, dict) else {"value": node.value}
    if "topic" in read:
        node.refuse("names a topic, and stands under one")
    try:
        return message_of(read)
    except InputError as error:
        node.refuse(f"is no message: {error}")


def _state(function: str, node: Node) -> StateSeed:
    return StateSeed(function, {key: _content(each) for key, each in node.entries().items()}, node.place)


def _content(node: Node) -> bytes | int:
    if isinstance(node.value, str):
        return node.value.encode()
    if isinstance(node.value, bool) or not isinstance(node.value, int):
        node.refuse(f"is neither a text, which is a value, nor a whole number, which is a counter: {node.value!r}")
    return node.value
