"""Schemas by their configured names; refusals as recorded from a real 4.0.8."""

import pulsar.schema
import pytest

from pfemu.runtime.values.schemas import default_schema, schema_for

FUNCTION = """
    import pulsar
    from pulsar.schema import Integer, Record, Schema, String


    class Point(Record):
        x = Integer()
        label = String()


    class Upper(Schema):
        def __init__(self):
            super().__init__(bytes, pulsar._pulsar.SchemaType.BYTES, None, "UPPER")

        def encode(self, obj):
            return str(obj).upper().encode()

        def decode(self, data):
            return "decoded " + data.decode()


    class OfRecord(Upper):
        def __init__(self, record):
            super().__init__()
            self.arguments = (record,)


    class OfProperties(Upper):
        def __init__(self, properties):
            super().__init__()
            self.arguments = (properties["unit"],)


    class OfBoth(Upper):
        def __init__(self, record, properties):
            super().__init__()
            self.arguments = (record, properties)


    class OfNothing(Upper):
        @staticmethod
        def __init__():
            pass


    class Raises(Upper):
        def __init__(self):
            raise RuntimeError("no schema")


    def process(input): ...
"""


@pytest.fixture
def loaded(project):
    project.write("function.py", FUNCTION)
    return project.load("function.py", "function")


@pytest.mark.parametrize(
    ("schema_type", "record", "error", "message"),
    [
        ("json", "", AttributeError, "'NoneType' object has no attribute 'schema'"),
        ("JSON", "function.Nope", AttributeError, "'NoneType' object has no attribute 'schema'"),
        ("json", "function.Upper", AttributeError, "type object 'Upper' has no attribute 'schema'"),
        ("INT32", "", TypeError, "'NoneType' object is not callable"),
        ("bytes", "", TypeError, "'NoneType' object is not callable"),
        ("AUTO_CONSUME", "", TypeError, "'NoneType' object is not callable"),
        ("protobuf", "function.Point", TypeError, "'NoneType' object is not callable"),
        ("function.Nope", "", TypeError, "'NoneType' object is not callable"),
        ("function.Raises", "", RuntimeError, "no schema"),
        ("function.OfNothing", "", Exception, "Invalid schema class function.OfNothing"),
        ("function.OfProperties", "", KeyError, "'unit'"),
    ],
)
def test_a_schema_that_cannot_be_made_is_refused_in_the_recorded_words(loaded, schema_type, record, error, message):
    with pytest.raises(error) as caught:
        schema_for(schema_type, record, {}, loaded.space)

    assert type(caught.value) is error
    assert str(caught.value) == message


def test_avro_without_a_record_class_is_refused(loaded):
    pytest.importorskip("fastavro", reason="pulsar-client's avro extra is not installed")

    with pytest.raises(AssertionError, match="shouldn't be both None"):
        schema_for("avro", "", {}, loaded.space)


def test_no_schema_type_is_the_one_default(loaded):
    assert schema_for("", "function.Point", {}, loaded.space) is default_schema()
    assert type(default_schema()) is pulsar.schema.BytesSchema


@pytest.mark.parametrize("schema_type", ["string", "STRING", "String"])
def test_string_in_any_case(loaded, schema_type):
    schema = schema_for(schema_type, "function.Nope", {}, loaded.space)

    assert type(schema) is pulsar.schema.StringSchema
    assert schema.decode(b"42") == "42"


def test_json_of_a_record_class_that_is_the_functions_own(loaded):
    point = loaded.import_class("function.Point")

    schema = schema_for("json", "function.Point", {}, loaded.space)

    assert type(schema) is pulsar.schema.JsonSchema
    assert type(schema.decode(b'{"x": 1}')) is point
    assert schema.encode(point(x=1, label="a")) == b'{\n "x": 1,\n "label": "a"\n}'


def test_avro_of_a_record_class(loaded):
    schema = schema_for("AVRO", "function.Point", {}, loaded.space)

    point = schema.decode(bytes.fromhex("02060202") + b"a")

    assert (point.x, point.label) == (3, "a")


def test_a_users_schema_is_made_with_what_its_constructor_takes(loaded):
    point = loaded.import_class("function.Point")
    properties = {"unit": "m"}

    def arguments(name: str, record: str) -> object:
        return schema_for(name, record, properties, loaded.space).arguments

    assert schema_for("function.Upper", "", {}, loaded.space).encode("x") == b"X"
    assert arguments("function.OfRecord", "function.Point") == (point,)
    assert arguments("function.OfRecord", "") == (None,)
    assert arguments("function.OfProperties", "") == ("m",)
    assert arguments("function.OfBoth", "function.Point") == (point, properties)
