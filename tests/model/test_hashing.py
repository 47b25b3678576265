"""Partitions are those a real Python client chose; the broker's hash is that of its own class."""

import json
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pfemu.model.hashing import boost_hash, murmur3_32

RECORDED = json.loads((Path(__file__).parent / "data" / "partitions_of_keys.json").read_text())


@pytest.mark.parametrize(("key", "partition"), RECORDED["keys"], ids=[f"{len(key)}-{key[:12]!a}" for key, _ in RECORDED["keys"]])
def test_a_key_goes_to_the_partition_the_native_client_sends_it_to(key, partition):
    assert boost_hash(key.encode()) % RECORDED["partitions"] == partition


@pytest.mark.parametrize(
    ("text", "murmur"),
    [
        ("", 0),
        ("a", 1009084850),
        ("k1", 2110152746),
        ("k2", 1479966664),
        ("key1", 462881061),
        ("key2", 1936800180),
        ("key01", 39696932),
        ("é", 269551495),
        ("日本", 1155135810),
        ("😀", 1051995898),
        ("order-1", 1970427425),
        ("keykeykeykeykey1", 19350382),
    ],
)
def test_the_hash_of_the_broker_is_javas(text, murmur):
    assert murmur3_32(text.encode()) == murmur


@given(st.binary(max_size=80))
@example(b"")
@example(b"\xff" * 8)
def test_a_hash_has_31_bits(data):
    assert 0 <= boost_hash(data) < 2**31
    assert 0 <= murmur3_32(data) < 2**31


@given(st.binary(min_size=1, max_size=24))
def test_trailing_zeros_count(data):
    assert boost_hash(data) != boost_hash(data + b"\0")
    assert murmur3_32(data) != murmur3_32(data + b"\0")
