"""Schemas of the user's own from end to end: a class, the properties it is configured with, and the record class, for input and output."""

import json

import pytest

import pfemu
from pfemu.model.configuration.function_config import FunctionConfig

CODE = """
from pulsar import Function
from pulsar.schema import BytesSchema, Record, String


class Order(Record):
    name = String()


class Separated(BytesSchema):
    '''Texts with what the properties say between them.'''

    def __init__(self, record_class, properties):
        super().__init__()
        self.record_class = record_class
        self.separator = properties.get("separator", ",")

    def encode(self, obj):
        return self.separator.join(obj).encode()

    def decode(self, data):
        return data.decode().split(self.separator)


class F(Function):
    def process(self, input, context):
        return [part.upper() for part in input]
"""


@pytest.fixture
def create(tmp_path):
    with pfemu.Emulator() as emulator:
        (tmp_path / "function.py").write_text(CODE)

        def deploy(**settings):
            config = {"className": "function.F", "name": "f", "runtime": "PYTHON", "output": "out", **settings}
            return emulator.create_function(FunctionConfig.from_json({**config, "py": str(tmp_path / "function.py")}))

        deploy.emulator = emulator
        yield deploy


def texts(emulator, topic):
    return [message.data for message in emulator.topic(topic).messages]


@pytest.mark.parametrize(("properties", "payload"), [({"separator": ";"}, b"a;b,c"), ({}, b"a,b;c"), (None, b"a,b;c")], ids=str)
def test_an_inputs_schema_is_made_with_its_properties(create, properties, payload):
    spec = {"schemaType": "function.Separated"} | ({} if properties is None else {"schemaProperties": properties})
    create(inputSpecs={"in": spec}, outputSchemaType="function.Separated", outputTypeClassName="function.Order")
    create.emulator.client.create_producer("in").send(payload)
    create.emulator.run_until_idle()
    separator = b";" if properties else b","
    assert texts(create.emulator, "out") == [b",".join(payload.upper().split(separator))]


def test_the_outputs_schema_is_made_with_those_that_stand_under_its_topic(create):
    schema = json.dumps({"schemaProperties": {"separator": " + "}})
    create(
        inputSpecs={"in": {"schemaType": "function.Separated"}},
        outputSchemaType="function.Separated",
        customSchemaOutputs={"out": schema},
    )
    create.emulator.client.create_producer("in").send(b"tea,milk")
    create.emulator.run_until_idle()
    assert texts(create.emulator, "out") == [b"TEA + MILK"]
