"""A configuration file means what it means to ``pulsar-admin functions``; the rows were recorded by its own loader (4.0.8)."""

import re

import pytest

from pfemu.errors import ConfigError
from pfemu.model.configuration.function_config import FunctionConfig
from tests.model.recorded_rows import rows

RECORDED = rows("function_yaml.jsonl")
READ = [row for row in RECORDED if row.get("config")]
REFUSED = [row for row in RECORDED if "refused" in row]
NOTHING = [row for row in RECORDED if "config" in row and row["config"] is None]


def without_chain(words):
    """Drop the way through the Java objects, which broken YAML has there but not here."""
    return re.sub(r" \(through reference chain: .*\)$", "", words)


@pytest.mark.parametrize("row", REFUSED, ids=[repr(row["text"]) for row in REFUSED])
def test_a_file_is_refused_in_the_commands_words(row):
    with pytest.raises(ConfigError) as refused:
        FunctionConfig.from_yaml(row["text"], "<file>")
    broken = "in 'reader'" in row["refused"] or "Malformed" in row["refused"]
    if broken:
        assert without_chain(str(refused.value)) == without_chain(row["refused"])
    else:
        assert str(refused.value) == row["refused"]


@pytest.mark.parametrize("row", READ, ids=[repr(row["text"]) for row in READ])
def test_a_file_is_read_as_the_command_reads_it(row):
    config = FunctionConfig.from_yaml(row["text"]).to_json()
    assert {"subscriptionPosition": "Latest"} | config == {"subscriptionPosition": "Latest"} | row["config"]


@pytest.mark.parametrize("row", NOTHING, ids=[repr(row["text"]) for row in NOTHING])
def test_a_file_of_nothing_is_refused(row):
    with pytest.raises(ConfigError, match=r"^Function config is not provided$"):
        FunctionConfig.from_yaml(row["text"])


def test_a_number_of_a_file_stays_whole_and_a_date_stays_text():
    text = "userConfig: {n: 5, big: 9007199254740993, f: 1.5, date: 2026-01-02, yes: yes, text: '5', none: null, hex: 0x10}"
    read = FunctionConfig.from_yaml(text).user_config
    assert read == {"n": 5, "big": 9007199254740993, "f": 1.5, "date": "2026-01-02", "yes": True, "text": "5", "none": None, "hex": 16}
    assert type(read["n"]) is int


def test_of_several_documents_the_first_counts():
    assert FunctionConfig.from_yaml("name: a\n---\nname: b\n").name == "a"


@pytest.mark.parametrize(
    ("text", "tag_says"),
    [
        ("!!bool 'y'", True),
        ("!!bool n", False),
        ("!!bool YES", True),
        ("!!bool ''", ""),
        ("! 5", 5),
        ("! '5'", 5),
        ("!<tag:yaml.org,2002:int,x> 7", 7),
        ("!!int ''", ""),
    ],
)
def test_a_tag_says_what_a_scalar_is(text, tag_says):
    assert FunctionConfig.from_yaml(f"userConfig: {{a: {text}}}").user_config == {"a": tag_says}
