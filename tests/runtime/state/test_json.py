"""The REST state calls: bodies and answers as recorded on Pulsar 4.0.8."""

import pytest

from pfemu.errors import StateError
from pfemu.runtime.state.state_json import StateRequestError
from pfemu.runtime.state.state_service import StateService


@pytest.fixture
def table():
    return StateService().table("public", "default", "f")


HTML_400 = (400, None)
NO_VALUE = (500, "Invalid state value")
OTHER_KEY = (400, "Path key doesn't match key in json")


@pytest.mark.parametrize(
    ("body", "refusal"),
    [
        ({"key": "k"}, NO_VALUE),
        ({"key": "k", "StringValue": "the case matters"}, NO_VALUE),
        ({"key": "k", "stringValue": None, "numberValue": None, "byteValue": None}, NO_VALUE),
        ({"key": "k", "byteValue": ""}, NO_VALUE),
        ({"key": "k", "byteValue": []}, NO_VALUE),
        ({"key": "k", "numberValue": ""}, NO_VALUE),
        ({"key": "k", "numberValue": "null"}, NO_VALUE),
        ({"key": "y", "stringValue": "v"}, OTHER_KEY),
        ({"stringValue": "v"}, OTHER_KEY),
        ({"key": None, "stringValue": "v"}, OTHER_KEY),
        ({"key": "y"}, OTHER_KEY),
        ({"key": ["k"], "stringValue": "v"}, HTML_400),
        ({"key": "k", "stringValue": [1]}, HTML_400),
        ({"key": "k", "stringValue": {"a": 1}}, HTML_400),
        ({"key": "k", "numberValue": "x"}, HTML_400),
        ({"key": "k", "numberValue": "1.5"}, HTML_400),
        ({"key": "k", "numberValue": True}, HTML_400),
        ({"key": "k", "numberValue": [1]}, HTML_400),
        ({"key": "k", "numberValue": 2**63}, HTML_400),
        ({"key": "k", "numberValue": 1e30}, HTML_400),
        ({"key": "k", "numberValue": float("nan")}, HTML_400),
        ({"key": "k", "byteValue": "***"}, HTML_400),
        ({"key": "k", "byteValue": "YQ"}, HTML_400),
        ({"key": "k", "byteValue": "Y Q=="}, HTML_400),
        ({"key": "k", "byteValue": "_-8="}, HTML_400),
        ({"key": "k", "byteValue": 5}, HTML_400),
        ({"key": "k", "byteValue": [256]}, HTML_400),
        ({"key": "k", "byteValue": [-129]}, HTML_400),
        ({"key": "k", "stringValue": "v", "version": "x"}, HTML_400),
        ({"key": "k", "stringValue": "v", "version": True}, HTML_400),
        ([1], HTML_400),
        ("text", HTML_400),
        (5, HTML_400),
        (None, (500, None)),
    ],
)
def test_a_body_is_refused_as_the_worker_refuses_it(table, body, refusal):
    with pytest.raises(StateRequestError) as raised:
        table.put_json("k", body)
    assert (raised.value.status, raised.value.reason) == refusal
    assert table.snapshot() == {}


@pytest.mark.parametrize(
    ("body", "stored"),
    [
        ({"stringValue": "from admin"}, b"from admin"),
        ({"stringValue": ""}, b""),
        ({"stringValue": 5}, b"5"),
        ({"stringValue": 1.5}, b"1.5"),
        ({"stringValue": True}, b"true"),
        ({"stringValue": False}, b"false"),
        ({"stringValue": "\ud800"}, b"?"),
        ({"stringValue": "v", "nope": 1}, b"v"),
        ({"stringValue": "v", "version": 7}, b"v"),
        ({"stringValue": "v", "version": "7"}, b"v"),
        ({"stringValue": "v", "version": 1.5}, b"v"),
        ({"stringValue": "v", "version": None}, b"v"),
        ({"byteValue": "/wD+"}, b"\xff\0\xfe"),
        ({"byteValue": "YQ==\n"}, b"a"),
        ({"byteValue": "YR=="}, b"a"),
        ({"byteValue": "YWJj YWI=\r\n YQ=="}, b"abcaba"),
        ({"byteValue": [1, 2]}, b"\1\2"),
        ({"byteValue": [255, -128, None, "1", 1.5]}, b"\xff\x80\0\1\1"),
        ({"numberValue": 5}, b"\0\0\0\0\0\0\0\5"),
        ({"numberValue": "5"}, b"\0\0\0\0\0\0\0\5"),
        ({"numberValue": " +5 "}, b"\0\0\0\0\0\0\0\5"),
        ({"numberValue": -1.7}, b"\xff" * 8),
        ({"stringValue": "sv", "byteValue": "YnY="}, b"bv"),
        ({"stringValue": "sv", "byteValue": ""}, b"sv"),
        ({"stringValue": "sv", "numberValue": 1}, b"sv"),
        ({"byteValue": "Yg==", "stringValue": "s", "numberValue": 1}, b"b"),
        ({"stringValue": None, "numberValue": 1}, b"\0\0\0\0\0\0\0\1"),
    ],
)
def test_a_body_is_read_as_jackson_reads_it(table, body, stored):
    table.put_json("k", {"key": "k", **body})
    assert table.get_value("k") == stored
    assert table.get_amount("k") == -1


@pytest.mark.parametrize(("key", "in_body"), [("5", 5), ("true", True), ("k", "k")])
def test_the_key_in_the_body_may_be_any_scalar_that_reads_like_the_path(table, key, in_body):
    table.put_json(key, {"key": in_body, "stringValue": "x"})
    assert table.versioned(key) == {"key": key, "stringValue": "x", "version": 0}


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (b"from admin", {"stringValue": "from admin"}),
        (b"", {"stringValue": ""}),
        (b"\xff\0\xfe", {"byteValue": "/wD+"}),
        (b"\xed\xa0\x80", {"byteValue": "7aCA"}),
        (b"\0\0\0\0\0\0\0\5", {"stringValue": "\0\0\0\0\0\0\0\5", "numberValue": 5}),
        (b"abcdefgh", {"stringValue": "abcdefgh", "numberValue": 7017280452245743464}),
        (b"\xff" * 7 + b"\0", {"byteValue": "/////////wA=", "numberValue": -256}),
        (3, {"numberValue": 3}),
        (-(2**63), {"numberValue": -(2**63)}),
    ],
)
def test_a_key_is_shown_as_the_worker_shows_it(table, value, shown):
    table.preload({"k": value})
    state = table.versioned("k")
    assert state == {"key": "k", **shown, "version": 0}
    assert list(state) == ["key", *shown, "version"]


def test_a_missing_key_is_a_404_with_the_workers_words(table):
    with pytest.raises(StateRequestError, match=r"^key 'x' doesn't exist\.$") as raised:
        table.versioned("x")
    assert raised.value.status == 404
    assert isinstance(raised.value, StateError)


def test_each_put_from_outside_raises_the_version(table):
    table.put_json("s", {"key": "s", "stringValue": "from admin"})
    table.put("s", "from function")
    table.put_json("s", {"key": "s", "stringValue": "third"})
    assert table.versioned("s") == {"key": "s", "stringValue": "third", "version": 2}


def test_text_over_a_counter_is_accepted_and_has_no_effect(table):
    table.incr("c", 3)
    table.put_json("c", {"key": "c", "stringValue": "text"})
    assert table.versioned("c") == {"key": "c", "numberValue": 3, "version": 0}


def test_a_value_too_large_for_the_store_is_accepted_and_has_no_effect(table):
    table.put_json("big", {"key": "big", "stringValue": "x" * 1_045_000})
    assert table.snapshot() == {}
