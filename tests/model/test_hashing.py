"""Partitions are those a real Python client chose; the Java hashes those of the broker's own classes."""

import json
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pfemu.model.hashing import boost_hash, java_string_hash, murmur3_32

RECORDED = json.loads((Path(__file__).parent / "data" / "partitions_of_keys.json").read_text())


@pytest.mark.parametrize(("key", "partition"), RECORDED["keys"], ids=[f"{len(key)}-{key[:12]!a}" for key, _ in RECORDED["keys"]])
def test_a_key_goes_to_the_partition_the_native_client_sends_it_to(key, partition):
    assert boost_hash(key.encode()) % RECORDED["partitions"] == partition


@pytest.mark.parametrize(
    ("text", "murmur", "java"),
    [
        ("", 0, 0),
        ("a", 1009084850, 97),
        ("k1", 2110152746, 3366),
        ("k2", 1479966664, 3367),
        ("key1", 462881061, 3288498),
        ("key2", 1936800180, 3288499),
        ("key01", 39696932, 101943456),
        ("é", 269551495, 233),
        ("日本", 1155135810, 835047),
        ("😀", 1051995898, 1772899),
        ("order-1", 1970427425, 940372338),
        ("keykeykeykeykey1", 19350382, 434058482),
    ],
)
def test_the_java_hashes_are_javas(text, murmur, java):
    assert murmur3_32(text.encode()) == murmur
    assert java_string_hash(text) == java


@given(st.binary(max_size=80))
@example(b"")
@example(b"\xff" * 8)
def test_a_hash_has_31_bits(data):
    assert 0 <= boost_hash(data) < 2**31
    assert 0 <= murmur3_32(data) < 2**31


@given(st.text(st.characters(max_codepoint=0xFFFF)))
def test_a_java_string_hash_is_the_polynomial_of_31(text):
    polynomial = sum(ord(unit) * 31**power for power, unit in enumerate(reversed(text)))
    assert java_string_hash(text) == polynomial % 2**32 & 0x7FFFFFFF


@given(st.binary(min_size=1, max_size=24))
def test_trailing_zeros_count(data):
    assert boost_hash(data) != boost_hash(data + b"\0")
    assert murmur3_32(data) != murmur3_32(data + b"\0")
