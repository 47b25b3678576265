"""Schemas of topics: what a real Pulsar accepted and refused."""

import json

import pytest

from pfemu.broker.policies import Policies
from pfemu.broker.refusals import InvalidSchemaData, NotFound
from pfemu.broker.schemas.schema_registry import check_compatible
from pfemu.errors import IncompatibleSchema
from pfemu.model.schema import SchemaInfo
from pfemu.model.topic_name import TopicName
from tests.broker.station import EXCLUSIVE

NAME = {"name": "name", "type": ["null", "string"]}
COUNT = {"name": "count", "type": ["null", "int"]}
MORE = {"name": "more", "type": ["null", "int"]}
DEFAULTED = {"name": "more", "type": ["null", "int"], "default": None}
STRING = SchemaInfo("STRING")
TOPIC = TopicName.parse("t")


def record(*fields, kind="JSON", name="One"):
    return SchemaInfo(kind, json.dumps({"type": "record", "name": name, "fields": list(fields)}).encode())


ONE = record(NAME, COUNT)


def subscribe(station, schema, topic="t", subscription="s"):
    return station.consume(EXCLUSIVE, topic=topic, subscription=subscription, schema=schema)


def versions(station):
    return [(stored.version, stored.schema) for stored in station.broker.schemas.versions(TOPIC)]


@pytest.mark.parametrize("kind", ["JSON", "AVRO"])
def test_another_type_a_field_without_default_and_another_type_of_a_field_are_refused(station, kind):
    station.producer(schema=record(NAME, COUNT, kind=kind))
    wrong = record({"name": "name", "type": ["null", "int"]}, {"name": "other", "type": "float"}, kind=kind, name="Wrong")
    for schema in (record(NAME, COUNT, MORE, kind=kind), wrong):
        with pytest.raises(IncompatibleSchema, match="Error during schema compatibility check with strategy FULL"):
            station.producer(schema=schema)
    with pytest.raises(IncompatibleSchema, match="check with strategy BACKWARD"):
        subscribe(station, wrong)
    for connect in (lambda: station.producer(schema=STRING), lambda: subscribe(station, STRING)):
        with pytest.raises(IncompatibleSchema, match=f"Incompatible schema: exists schema type {kind}, new schema type STRING"):
            connect()
    assert len(versions(station)) == 1
    assert not station.topic().subscriptions


def test_bytes_are_welcome_on_a_topic_with_a_schema_unless_the_namespace_insists(station):
    station.producer(schema=ONE)
    assert station.producer().schema_version == b""
    assert station.producer(schema=SchemaInfo("BYTES")).schema_version == b""
    subscribe(station, None)
    station.broker.set_policies("public/default", Policies(schema_validation_enforced=True))
    with pytest.raises(IncompatibleSchema, match="Producers cannot connect or send message without a schema"):
        station.producer()
    station.producer(topic="other")


@pytest.mark.parametrize("schema", [STRING, ONE], ids=["string", "json"])
def test_a_consumer_brings_its_schema_to_an_unused_topic_only(station, schema):
    refused = pytest.raises(IncompatibleSchema, match="Topic does not have a schema to check")
    subscribe(station, schema, "a")
    subscribe(station, None, "b", "bytes")
    with refused:
        subscribe(station, schema, "b")
    station.producer(topic="b", schema=schema)
    subscribe(station, schema, "b")
    idle = station.producer(topic="c")
    with refused:
        subscribe(station, schema, "c")
    station.send("raw", topic="c", producer=idle)
    station.engine.close_producer(idle)
    with refused:
        subscribe(station, schema, "c")
    station.close(subscribe(station, None, "e", "bytes"))
    subscribe(station, schema, "e")
    station.producer(topic="c", schema=schema)
    subscribe(station, schema, "c")


def test_a_consumer_that_takes_any_schema_does_not_count_as_use(station):
    subscribe(station, SchemaInfo("AUTO_CONSUME"), subscription="any")
    subscribe(station, STRING)
    assert versions(station) == [(0, STRING)]


def test_a_schema_that_is_there_keeps_its_version_and_compatible_ones_get_the_next(station):
    reordered, renamed, defaulted = record(COUNT, NAME), record(NAME, COUNT, name="Other"), record(NAME, COUNT, DEFAULTED)
    numbers = [station.producer(schema=schema).schema_version[-1] for schema in (ONE, reordered, renamed, defaulted, ONE)]
    assert numbers == [0, 1, 2, 3, 0]
    assert station.broker.schemas.version(TOPIC, 2).schema == renamed
    assert station.broker.schemas.version(TOPIC).version == 3
    assert station.broker.schemas.version(TOPIC).stored_ms == station.now_ms


def test_what_is_not_there_is_not_found(station):
    with pytest.raises(NotFound, match="Schema not found"):
        station.broker.schemas.version(TOPIC)
    station.producer(schema=STRING)
    with pytest.raises(NotFound, match="Schema not found"):
        station.broker.schemas.version(TOPIC, 77)


def test_deleting_takes_a_number_and_anything_fits_after_it(station):
    schemas = station.broker.schemas
    station.producer(schema=ONE)
    assert [schemas.delete(TOPIC, 5).version, schemas.delete(TOPIC, 6).version] == [1, 2]
    assert schemas.latest(TOPIC) is None
    station.producer(schema=STRING)
    assert versions(station) == [(3, STRING)]
    with pytest.raises(IncompatibleSchema):
        station.producer(schema=ONE)


def test_all_partitions_share_their_schemas_and_deleting_the_topic_forgets_them(station):
    parts = TopicName.parse("parts")
    station.broker.create_partitioned_topic(parts, 2)
    station.producer(topic="parts-partition-0", schema=ONE)
    with pytest.raises(IncompatibleSchema):
        station.producer(topic="parts-partition-1", schema=STRING)
    station.broker.delete_partitioned_topic(parts, force=True)
    assert station.broker.schemas.latest(parts) is None


def test_without_automatic_updates_only_known_schemas_are_accepted(station):
    station.producer(schema=ONE)
    station.broker.set_policies("public/default", Policies(schema_auto_update=False))
    station.producer(schema=ONE)
    with pytest.raises(IncompatibleSchema, match="Schema not found and schema auto updating is disabled"):
        station.producer(schema=record(COUNT, NAME))


def test_the_strategy_of_the_namespace_counts(station):
    station.producer(schema=ONE)
    station.broker.set_policies("public/default", Policies(schema_compatibility="ALWAYS_COMPATIBLE"))
    station.producer(schema=STRING)
    station.broker.set_policies("public/default", Policies(schema_compatibility="ALWAYS_INCOMPATIBLE"))
    station.producer(schema=STRING)
    with pytest.raises(IncompatibleSchema, match="strategy ALWAYS_INCOMPATIBLE"):
        station.producer(schema=SchemaInfo("STRING", b"{}"))
    with pytest.raises(IncompatibleSchema):
        subscribe(station, SchemaInfo("STRING", b"{}"))


SHORT, LONG = record(NAME), record(NAME, MORE)


@pytest.mark.parametrize(
    ("strategy", "old", "new", "fits"),
    [
        ("BACKWARD", LONG, SHORT, True),
        ("BACKWARD", SHORT, LONG, False),
        ("FORWARD", LONG, SHORT, False),
        ("FORWARD", SHORT, LONG, True),
        ("FULL", SHORT, LONG, False),
        ("FULL", LONG, SHORT, False),
    ],
)
def test_backward_reads_what_is_there_and_forward_is_read_by_it(strategy, old, new, fits):
    for name in (strategy, strategy + "_TRANSITIVE"):
        if fits:
            check_compatible([old], new, name)
        else:
            with pytest.raises(IncompatibleSchema, match=f"with strategy {name}"):
                check_compatible([old], new, name)


def test_a_transitive_strategy_looks_at_all_versions():
    middle = record(NAME, DEFAULTED)
    check_compatible([SHORT, middle], LONG, "BACKWARD")
    with pytest.raises(IncompatibleSchema):
        check_compatible([SHORT, middle], LONG, "BACKWARD_TRANSITIVE")


def test_a_definition_that_nobody_can_compare_must_not_change():
    protobuf = SchemaInfo("PROTOBUF_NATIVE", b"1")
    check_compatible([protobuf], SchemaInfo("PROTOBUF_NATIVE", b"1", {"a": "b"}), "FULL")
    with pytest.raises(IncompatibleSchema, match="the definition of the PROTOBUF_NATIVE schema changed"):
        check_compatible([protobuf], SchemaInfo("PROTOBUF_NATIVE", b"2"), "FULL")


@pytest.mark.parametrize("data", [b"x", b"5"])
def test_the_definition_of_texts_is_none_or_an_object(station, data):
    with pytest.raises(InvalidSchemaData, match="Invalid schema definition data for string schema"):
        station.producer(schema=SchemaInfo("STRING", data))
    for accepted in (b"", b"null", b'{"type": "string"}'):
        station.broker.schemas.forget(station.topic().name)
        station.producer(schema=SchemaInfo("STRING", accepted))
