"""What a function sees of its state, on every store. Recorded on Pulsar 4.0.8.

Set PFEMU_TEST_REDIS to the URL of an empty Redis to run all of it there as well.
"""

import os
from enum import IntEnum

import pytest
from fakeredis import FakeRedis, FakeServer
from redis import Redis

from pfemu.runtime.state.state_service import StateService
from pfemu.runtime.state.state_table import StateTable

REAL_REDIS = os.environ.get("PFEMU_TEST_REDIS", "")
BAD_REQUEST = "grpc_status_code = StatusCode.FAILED_PRECONDITION, bk_status_code = 400 : "


def _cached():
    return StateService()


def _looked_into():
    service = StateService()
    assert service.redis.keys() == []
    return service


def _shared():
    return StateService(redis=FakeRedis(server=FakeServer()))


def _real():
    with Redis.from_url(REAL_REDIS) as redis:
        redis.flushdb()
    return StateService(url=REAL_REDIS)


STORES = {"cached": _cached, "written behind": _looked_into, "shared": _shared} | ({"real Redis": _real} if REAL_REDIS else {})


@pytest.fixture(params=STORES.values(), ids=STORES)
def table(request) -> StateTable:
    service = request.param()
    yield service.table("public", "default", "f")
    service.close()


class Seven:
    def __index__(self):
        return 7


class NoIndex:
    def __index__(self):
        return "7"  # noqa: PLE0305 - what is wrong with it is what is tested


class Color(IntEnum):
    RED = 3


class Encodes:
    """Text by its behaviour only."""

    def __init__(self, encoded):
        self.encoded = encoded

    def encode(self, encoding):
        assert encoding == "utf-8"
        return self.encoded


class OtherText(str):
    __slots__ = ()


# ------------------------------------------------------------------------------------------------------------- refusals


@pytest.mark.parametrize(
    ("amount", "error", "text"),
    [
        (1.5, TypeError, "'float' object cannot be interpreted as an integer"),
        (2.0, TypeError, "'float' object cannot be interpreted as an integer"),
        ("3", TypeError, "'str' object cannot be interpreted as an integer"),
        (b"1", TypeError, "'bytes' object cannot be interpreted as an integer"),
        ([], TypeError, "'list' object cannot be interpreted as an integer"),
        (1j, TypeError, "'complex' object cannot be interpreted as an integer"),
        (NoIndex(), TypeError, "__index__ returned non-int (type str)"),
        (True, TypeError, "Field bookkeeper.proto.kv.rpc.IncrementRequest.amount: Expected an int, got a boolean."),
        (False, TypeError, "Field bookkeeper.proto.kv.rpc.IncrementRequest.amount: Expected an int, got a boolean."),
        (2**63, ValueError, "Value out of range: 9223372036854775808"),
        (-(2**63) - 1, ValueError, "Value out of range: -9223372036854775809"),
        (10**30, ValueError, "Value out of range: 1000000000000000000000000000000"),
    ],
)
def test_an_amount_that_is_no_64_bit_integer_is_refused_and_makes_no_key(table, amount, error, text):
    with pytest.raises(error) as raised:
        table.incr("k", amount)
    assert str(raised.value) == text
    assert table.get_amount("k") is None
    assert table.snapshot() == {}


@pytest.mark.parametrize("key", [5, None, b"k", 1.5, True, ["k"], {}, ()], ids=repr)
def test_a_key_that_is_no_text_is_refused_before_anything_else_is_looked_at(table, key):
    text = f"'{type(key).__name__}' object has no attribute 'encode'"
    for call in (
        lambda: table.incr(key, "no amount"),
        lambda: table.put(key, 5.0),
        lambda: table.get_amount(key),
        lambda: table.get_value(key),
        lambda: table.delete_key(key),
    ):
        with pytest.raises(AttributeError) as raised:
            call()
        assert str(raised.value) == text
    assert table.snapshot() == {}


@pytest.mark.parametrize("value", [b"raw", 5, 1.5, {"a": 1}, None, True], ids=repr)
def test_a_value_that_is_no_text_is_refused(table, value):
    with pytest.raises(AttributeError) as raised:
        table.put("k", value)
    assert str(raised.value) == f"'{type(value).__name__}' object has no attribute 'encode'"
    assert table.get_value("k") is None


@pytest.mark.parametrize(
    ("encoded", "text"),
    [
        ("text", "expected bytes, str found"),
        (bytearray(b"x"), "expected bytes, bytearray found"),
        (5, "expected bytes, int found"),
    ],
)
def test_what_encodes_to_something_else_than_bytes_is_refused(table, encoded, text):
    with pytest.raises(TypeError) as raised:
        table.put("k", Encodes(encoded))
    assert str(raised.value) == text


def test_half_a_surrogate_pair_is_refused_in_key_and_value(table):
    text = "'utf-8' codec can't encode character '\\ud800' in position 0: surrogates not allowed"
    for call in (lambda: table.put("\ud800", "v"), lambda: table.put("k", "\ud800"), lambda: table.incr("\ud800", 1)):
        with pytest.raises(UnicodeEncodeError) as raised:
            call()
        assert str(raised.value) == text


def test_a_counter_takes_no_text_and_a_value_is_not_counted_up(table):
    table.incr("counter", 5)
    table.put("value", "7")
    for call in (
        lambda: table.put("counter", "now text"),
        lambda: table.incr("value", 1),
        lambda: table.incr("value", 0),
        lambda: table.incr("value", None),
    ):
        with pytest.raises(Exception) as raised:  # noqa: PT011 - its class is looked at by name, as user code sees it
            call()
        error = raised.value
        assert (type(error).__module__, type(error).__name__, str(error)) == ("bookkeeper.common.exceptions", "BadRequest", BAD_REQUEST)
    assert table.snapshot() == {"counter": 5, "value": b"7"}
    assert table.versioned("counter")["version"] == table.versioned("value")["version"] == 0


def test_the_amount_is_looked_at_before_what_the_key_holds(table):
    table.put("value", "x")
    with pytest.raises(TypeError, match=r"^'str' object cannot be interpreted as an integer$"):
        table.incr("value", "x")
    table.incr("counter", 1)
    with pytest.raises(AttributeError, match=r"^'float' object has no attribute 'encode'$"):
        table.put("counter", 5.0)


@pytest.mark.parametrize("key", ["k" * 5702, "é" * 2851], ids=["5702 letters", "2851 letters of two bytes"])
def test_a_key_that_a_request_cannot_carry_is_refused_by_every_call(table, key):
    for call in (
        lambda: table.incr(key, 1),
        lambda: table.put(key, "v"),
        lambda: table.get_amount(key),
        lambda: table.get_value(key),
        lambda: table.delete_key(key),
    ):
        with pytest.raises(Exception) as raised:  # noqa: PT011 - as above
            call()
        assert type(raised.value).__name__ == "UnexpectedError"
        assert str(raised.value).endswith("bk_status_code = None : Received http2 header with status: 431")


def test_the_longest_key_is_taken(table):
    table.put("k" * 5701, "v")
    table.incr("é" * 2850, 1)
    assert table.get_value("k" * 5701) == b"v"
    assert table.get_amount("é" * 2850) == 1


@pytest.mark.parametrize(("key", "size"), [("k" * 8, 1_040_342), ("k" * 108, 1_040_155), ("k", 2_000_000)])
def test_a_value_that_the_table_service_cannot_log_is_refused(table, key, size):
    with pytest.raises(Exception) as raised:  # noqa: PT011 - as above
        table.put(key, "x" * size)
    assert (type(raised.value).__module__, type(raised.value).__name__) == ("bookkeeper.common.exceptions", "RetryError")
    text = str(raised.value)
    assert text.startswith("Deadline of 60.0s exceeded while calling ")
    assert text.endswith(", last exception: grpc_status_code = StatusCode.INTERNAL, bk_status_code = 500 : ")
    assert len(text) < 500
    assert table.get_value(key) is None


@pytest.mark.parametrize(("key", "size"), [("k" * 8, 1_040_335), ("k" * 108, 1_040_120)])
def test_a_value_that_just_fits_is_taken(table, key, size):
    table.put(key, "x" * size)
    assert len(table.get_value(key)) == size


# ------------------------------------------------------------------------------------------------------------- counters


def test_a_counter_adds_up_and_answers_nothing(table):
    assert table.get_amount("c") is None
    assert table.incr("c", 1) is None
    table.incr("c", 41)
    assert table.get_amount("c") == 42
    table.incr("c", -50)
    assert table.get_amount("c") == -8
    assert table.get_value("c") == b"\xff\xff\xff\xff\xff\xff\xff\xf8"


@pytest.mark.parametrize(
    ("amount", "number"), [(0, 0), (None, 0), (Seven(), 7), (Color.RED, 3), (-(2**63), -(2**63)), (2**63 - 1, 2**63 - 1)]
)
def test_a_first_increment_makes_the_counter(table, amount, number):
    table.incr("k", amount)
    found = table.get_amount("k")
    assert found == number
    assert type(found) is int


def test_a_counter_wraps_around_at_64_bits(table):
    table.incr("max", 2**63 - 1)
    table.incr("max", 1)
    assert table.get_amount("max") == -(2**63)
    table.incr("max", -1)
    assert table.get_amount("max") == 2**63 - 1
    table.incr("max", 2**63 - 1)
    assert table.get_amount("max") == -2


def test_an_empty_key_is_a_key(table):
    table.incr("", 1)
    assert table.get_amount("") == 1


# --------------------------------------------------------------------------------------------------------------- values


@pytest.mark.parametrize(
    ("key", "value", "stored"),
    [
        ("text", "v", b"v"),
        ("empty", "", b""),
        ("", "empty key", b"empty key"),
        ("unicode ☕", "é", b"\xc3\xa9"),
        ("slash/key", "s", b"s"),
        ("nul\0key", "a\0b", b"a\0b"),
        ("large", "x" * 70_000, b"x" * 70_000),
        ("spaces", " counter 1 2 ", b" counter 1 2 "),
        (OtherText("sub"), OtherText("v"), b"v"),
        ("raw", Encodes(b"\xff"), b"\xff"),
        ("nothing", Encodes(None), b""),
        (Encodes(b"\xff key"), "v", b"v"),
    ],
)
def test_a_value_comes_back_as_bytes(table, key, value, stored):
    assert table.get_value(key) is None
    assert table.put(key, value) is None
    found = table.get_value(key)
    assert found == stored
    assert type(found) is bytes


def test_a_value_is_replaced(table):
    table.put("text", "v")
    table.put("text", "second")
    assert table.get_value("text") == b"second"


@pytest.mark.parametrize("value", ["42", "text", "abcdefgh", ""])
def test_the_counter_of_a_value_is_minus_one(table, value):
    table.put("k", value)
    assert table.get_amount("k") == -1


def test_deleting_answers_0_for_any_kind_and_for_nothing(table):
    table.incr("c", 1)
    table.put("v", "text")
    assert [table.delete_key(key) for key in ("c", "v", "missing", "c")] == [0, 0, 0, 0]
    assert table.get_amount("c") is None
    assert table.get_value("v") is None


def test_a_key_may_change_its_kind_once_it_was_deleted(table):
    table.put("k", "1")
    table.delete_key("k")
    table.incr("k", 3)
    assert table.get_amount("k") == 3
    table.delete_key("k")
    table.put("k", "text")
    assert table.get_value("k") == b"text"


def test_a_text_of_another_class_is_the_same_key(table):
    table.incr(OtherText("k"), 1)
    table.incr("k", 1)
    table.incr(Encodes(b"k"), 1)
    assert table.snapshot() == {"k": 3}


# ------------------------------------------------------------------------------------------ what is read beside


def test_a_version_counts_the_writes_that_succeeded_since_the_key_was_made(table):
    for _ in range(3):
        table.put("same", "same")
        table.incr("zero", 0)
    table.put("again", "1")
    table.put("again", "2")
    table.delete_key("again")
    table.put("again", "3")
    assert [table.versioned(key)["version"] for key in ("same", "zero", "again")] == [2, 2, 0]


def test_a_snapshot_is_sorted_and_stays_as_it_was(table):
    table.put("v", "text")
    table.incr("c", 2)
    before = table.snapshot()
    assert list(before.items()) == [("c", 2), ("v", b"text")]
    table.incr("c", 1)
    table.delete_key("v")
    assert before == {"c": 2, "v": b"text"}
    assert table.snapshot() == {"c": 3}


def test_preloaded_contents_look_as_if_the_function_had_made_them(table):
    table.put("t", "old")
    table.incr("n", 5)
    table.preload({"t": "new", "b": b"\xff\0", "n": 7})
    assert table.snapshot() == {"b": b"\xff\0", "n": 7, "t": b"new"}
    assert table.versioned("t") == {"key": "t", "stringValue": "new", "version": 0}
    table.incr("n", 1)
    assert table.versioned("n") == {"key": "n", "numberValue": 8, "version": 1}
    table.preload({})


def test_clearing_removes_every_key(table):
    table.preload({"a": 1, "b": "text"})
    table.clear()
    assert table.snapshot() == {}
    table.put("a", "another kind")
    assert table.snapshot() == {"a": b"another kind"}
