"""`pfemu inspect`: bytes, the value a function gets of them, the bytes that value becomes; and what surprises on the way."""

import json
from functools import partial

import pytest

from tests.cli.commands import called
from tests.samples.samples import SAMPLES

FAILS, CANNOT = 1, 2
ORDERS = """
from pulsar.schema import Record, String
class Order(Record):
    name = String()
class Broken:
    def serialize(self, input): raise ValueError("no way back")
    def deserialize(self, input_bytes): return [input_bytes]
class Silent:
    def serialize(self, input): return None
    def deserialize(self, input_bytes): return input_bytes
"""


@pytest.fixture
def inspect():
    return partial(called, "inspect")


@pytest.fixture
def orders(write):
    return write("orders_to_inspect.py", ORDERS)


def test_text_comes_through_as_it_is(inspect):
    assert inspect("tea").lines == ["bytes  b'tea'  (3 bytes)", "value  'tea'  (str)", "bytes  b'tea'  (the same)"]


@pytest.mark.parametrize(
    ("payload", "kind", "again"),
    [
        (b"42", "an int", None),
        (b" 5 ", "an int", b"5"),
        (b"1_000", "an int", b"1000"),
        (b"1e3", "a float", b"1000.0"),
        (b"nan", "a float", None),
        (b"1j", "a complex", None),
    ],
)
def test_a_type_that_follows_from_the_content_is_said_and_so_are_bytes_that_do_not_come_back(inspect, payload, kind, again):
    outcome = inspect("--file", "-", stdin=payload)
    assert outcome.code == 0
    notes = [line for line in outcome.lines if line.startswith("note: ")]
    assert notes[0].startswith(f"note: {payload!r} became {kind}, though it is text: IdentitySerDe tries int, float, complex, then str")
    assert notes[1:] == ([] if again is None else [f"note: it does not come back as it was: {payload!r} is {again!r} as an output"])


def test_bytes_that_are_no_text_are_told_apart(inspect, write):
    outcome = inspect("--file", write("payload.bin", b"\xff\xfe"))
    assert outcome.lines[1] == r"value  b'\xff\xfe'  (bytes)"
    assert "it is no UTF-8, so the function gets bytes" in outcome.lines[3]


def test_a_serde_of_the_functions_own(inspect):
    serde = ["--serde", "custom_serde.OrderSerDe", "--py", SAMPLES / "custom_serde.py"]
    outcome = inspect(*serde, '{"customer": "ada", "item": "tea", "amount": 1}')
    assert outcome.code == 0
    assert "(Order)" in outcome.lines[1]
    assert len(outcome.lines) == 3
    outcome = inspect(*serde, "no json")
    assert outcome.code == FAILS
    assert outcome.lines[1].startswith("note: it cannot be decoded: JSONDecodeError")


def test_what_cannot_be_an_output_is_said(inspect, orders):
    outcome = inspect("--serde", "orders_to_inspect.Broken", "--py", orders, "x")
    assert outcome.code == FAILS
    assert outcome.lines[-1] == "note: it cannot be an output as it is: ValueError: no way back"
    outcome = inspect("--serde", "orders_to_inspect.Silent", "--py", orders, "x")
    assert outcome.lines[-1].startswith("note: as an output it becomes a NoneType, not bytes")


def test_a_schema_with_its_record(inspect, orders):
    schema = ["--schema", "json", "--type-class-name", "orders_to_inspect.Order", "--py", orders]
    outcome = inspect(*schema, '{"name": "tea"}')
    assert outcome.code == 0
    assert "(Order)" in outcome.lines[1]
    assert "it does not come back as it was" in outcome.lines[-1]  # JSON is written over several lines
    assert inspect("--schema", "string", "42").lines[1] == "value  '42'  (str)"


@pytest.mark.parametrize(
    "flags",
    [["--serde", "no.SuchClass"], ["--schema", "int32"], ["--schema", "json"], ["--serde", "a.B", "--schema", "json"]],
    ids=" ".join,
)
def test_a_class_that_cannot_be_had(inspect, flags):
    outcome = inspect(*flags, "x")
    assert outcome.code == CANNOT
    assert outcome.out == ""
    assert flags[1] in outcome.err or "Give one" in outcome.err


def test_one_value_and_no_more(inspect, write):
    assert inspect().code == CANNOT
    assert inspect("x", "--file", write("f", "x")).code == CANNOT
    assert inspect("--", "-5").lines[1] == "value  -5  (int)"


def test_the_same_for_a_program(inspect):
    seen = json.loads(inspect("7", "--json").out)
    assert len(seen.pop("remarks")) == 1
    assert seen == {"bytes": "37", "type": "int", "value": "7", "again": "37"}
    assert json.loads(inspect("x", "--json", "--serde", "custom_serde.OrderSerDe", "--py", SAMPLES / "custom_serde.py").out)["type"] is None


def test_a_long_payload_is_shown_by_its_beginning(inspect):
    assert inspect("a" * 1000).lines[0] == f"bytes  b'{'a' * 64}'...  (1,000 bytes)"
