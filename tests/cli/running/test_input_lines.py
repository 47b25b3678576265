import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pfemu.cli.running.input_lines import InputMessage, LineSplitter, json_lines, text_with_key
from pfemu.errors import InputError


def split(*chunks):
    splitter = LineSplitter()
    return [line for chunk in chunks for line in splitter.feed(chunk)] + splitter.finish()


@pytest.mark.parametrize(
    ("data", "lines"),
    [
        (b"", []),
        (b"\n", [b""]),
        (b"a", [b"a"]),
        (b"a\n", [b"a"]),
        (b"a\nb", [b"a", b"b"]),
        (b"a\r\nb\r\n", [b"a", b"b"]),
        (b"a\n\nb\n", [b"a", b"", b"b"]),
        (b"a\rb\n", [b"a\rb"]),
        (b"\xef\xbb\xbfa\n\xef\xbb\xbfb\n", [b"a", b"\xef\xbb\xbfb"]),
        (b"\xff\x00\n", [b"\xff\x00"]),
    ],
)
def test_a_newline_ends_a_line_and_the_bytes_stay(data, lines):
    assert split(data) == lines


@given(st.lists(st.text("ab\r\n\ufeff").map(str.encode), max_size=8))
def test_how_the_stream_is_cut_does_not_matter(chunks):
    assert split(*chunks) == split(b"".join(chunks))


def test_what_stands_before_the_first_separator_is_the_key():
    parse = text_with_key(":")
    assert parse(b"k:v:w", 1) == InputMessage(b"v:w", "k")
    assert parse(b"no separator", 1) == InputMessage(b"no separator")
    assert parse(b":v", 1) == InputMessage(b"v", "")


READABLE = [
    ({"value": "tea"}, InputMessage(b"tea")),
    ({"value": ""}, InputMessage(b"")),
    ({"value": 5}, InputMessage(b"5")),
    ({"value": {"a": "é"}}, InputMessage('{"a": "é"}'.encode())),
    ({"value": [1, None]}, InputMessage(b"[1, null]")),
    ({"value_base64": "/wA="}, InputMessage(b"\xff\x00")),
    (
        {"value": "v", "key": "k", "properties": {"p": "q"}, "event_time": 7, "topic": "t"},
        InputMessage(b"v", "k", {"p": "q"}, 7, "t"),
    ),
    ({"value": "v", "key": None, "properties": None, "event_time": None, "topic": None}, InputMessage(b"v")),
]


@pytest.mark.parametrize(("line", "message"), READABLE, ids=[json.dumps(line) for line, _ in READABLE])
def test_a_json_line_is_a_message(line, message):
    assert json_lines("f.jsonl")(json.dumps(line).encode(), 1) == message


@pytest.mark.parametrize("line", [b"", b"   "])
def test_an_empty_line_among_json_lines_is_skipped(line):
    assert json_lines("f.jsonl")(line, 1) is None


BROKEN = [
    (b'{"value": "tea"', "not JSON: Expecting ',' delimiter at column 16"),
    (b"tea", "not JSON: Expecting value at column 1"),
    (b'"tea"', "each line must be an object"),
    (b"[]", "each line must be an object"),
    (b'{"value": "a", "vlaue": 1}', "unknown field 'vlaue'. Known are value, value_base64"),
    (b"{}", 'either "value" or "value_base64" is needed'),
    (b'{"value": "a", "value_base64": "YQ=="}', 'either "value" or "value_base64" is needed'),
    (b'{"value_base64": "?"}', '"value_base64" is not base64'),
    (b'{"value_base64": 1}', '"value_base64" must be a text, not 1'),
    (b'{"value": "a", "key": 1}', '"key" must be a text, not 1'),
    (b'{"value": "a", "topic": ["t"]}', '"topic" must be a text'),
    (b'{"value": "a", "properties": {"p": 1}}', '"properties" must be an object of texts'),
    (b'{"value": "a", "properties": []}', '"properties" must be an object of texts'),
    (b'{"value": "a", "event_time": "now"}', '"event_time" must be a number of milliseconds'),
    (b'{"value": "a", "event_time": true}', '"event_time" must be a number of milliseconds'),
    (b'{"value": "a", "event_time": -1}', '"event_time" must be a number of milliseconds'),
    (b'{"value": "\\ud800"}', "surrogate"),
    (b'{"value": "\xff"}', "not UTF-8: byte 12"),
]


@pytest.mark.parametrize(("line", "cause"), BROKEN, ids=[repr(line) for line, _ in BROKEN])
def test_a_broken_json_line_is_refused_with_its_file_its_number_and_the_cause(line, cause):
    with pytest.raises(InputError) as refusal:
        json_lines("orders.jsonl")(line, 17)
    text = str(refusal.value)
    assert text.startswith("orders.jsonl, line 17: ")
    assert cause in text
    assert text.endswith("The lines before it were sent.")


def test_a_long_broken_line_is_shown_in_part():
    with pytest.raises(InputError) as refusal:
        json_lines("f")(b"x" * 5000, 1)
    assert len(str(refusal.value)) < 250
