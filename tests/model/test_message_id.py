"""Held to the class of the native client, `_pulsar.MessageId`."""

import operator

import _pulsar
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pfemu.model.message_id import EARLIEST, LATEST, MessageId


def _varint(number):
    low, rest = number & 127, number >> 7
    return bytes([low | 128]) + _varint(rest) if rest else bytes([low])


ids_64 = st.one_of(st.integers(-2, 3), st.integers(-(2**63), 2**63 - 1))
ids_32 = st.one_of(st.integers(-2, 3), st.integers(-(2**31), 2**31 - 1))
ids = st.builds(MessageId, ids_64, ids_64, ids_32, ids_32)
near_ids = st.builds(MessageId, *[st.integers(-1, 1)] * 4)

varints = st.one_of(st.integers(0, 300), st.integers(0, 2**64 - 1)).map(_varint)
numbered_fields = st.builds(lambda number, value: _varint(number << 3) + value, st.integers(1, 9), varints)
fields_with_length = st.builds(
    lambda number, content: _varint(number << 3 | 2) + _varint(len(content)) + content,
    st.sampled_from([1, 2, 3, 4, 5, 6, 8, 9]),
    st.binary(max_size=6),
)
fields_of_fixed_size = st.one_of(
    st.builds(lambda number, content: _varint(number << 3 | 1) + content, st.integers(1, 9), st.binary(min_size=8, max_size=8)),
    st.builds(lambda number, content: _varint(number << 3 | 5) + content, st.integers(1, 9), st.binary(min_size=4, max_size=4)),
)
messages = st.builds(
    lambda head, fields, tail: head + b"".join(fields) + tail,
    st.sampled_from([b"", bytes.fromhex("08011002")]),
    st.lists(st.one_of(numbered_fields, fields_with_length, fields_of_fixed_size), max_size=6),
    st.one_of(st.just(b""), st.binary(max_size=3)),
)


def native(message_id):
    return _pulsar.MessageId(message_id.partition, message_id.ledger_id, message_id.entry_id, message_id.batch_index)


@pytest.mark.parametrize(
    "data",
    [
        "",
        "08",
        "0801",
        "1001",
        "08011002ff",
        "0801100200",
        "0801100204",
        "0801100207",
        "080110021a05",
        "080110022a0180",
        "080110023a020801",
        "0a01011002",
        "080110021880808080808080808080" + "01",
        "08ffffffffffffffffffff0110ffffffffffffffffff01",
    ],
)
def test_bytes_that_are_no_message_id_are_refused(data):
    with pytest.raises(ValueError, match="Failed to parse serialized message id"):
        _pulsar.MessageId.deserialize(bytes.fromhex(data))
    with pytest.raises(ValueError, match="Failed to parse serialized message id"):
        MessageId.deserialize(bytes.fromhex(data))


@given(messages)
def test_no_bytes_are_read_that_the_native_client_does_not_read(data):
    try:
        ours = MessageId.deserialize(data)
    except ValueError:
        return
    theirs = _pulsar.MessageId.deserialize(data)
    assert str(ours) == str(theirs)
    assert ours.serialize() == theirs.serialize()


@given(st.lists(st.one_of(numbered_fields, fields_of_fixed_size), max_size=6).map(b"".join))
def test_unknown_fields_are_skipped_as_the_native_client_does(fields):
    data = fields + bytes.fromhex("08011002")
    assert MessageId.deserialize(data).serialize() == _pulsar.MessageId.deserialize(data).serialize()


def test_the_id_of_a_message_sent_in_chunks_is_that_of_its_last_chunk():
    data = bytes.fromhex("080110093a0408011002")
    assert str(_pulsar.MessageId.deserialize(data)) == "(1,2,-1,-1);(1,9,-1,-1)"
    assert MessageId.deserialize(data) == MessageId(1, 9)


@pytest.mark.parametrize(
    ("message_id", "data"),
    [
        (MessageId(12, 5), "080c1005"),
        (MessageId(12, 5, 0), "080c10051800"),
        (MessageId(12, 5, 3, 2), "080c100518032002"),
        (MessageId(12, 5, -1, 2, 3), "080c100520023003"),
        (EARLIEST, "08ffffffffffffffffff0110ffffffffffffffffff01"),
        (LATEST, "08ffffffffffffffff7f10ffffffffffffffff7f"),
    ],
)
def test_an_id_is_written_and_read_as_recorded(message_id, data):
    assert message_id.serialize().hex() == data
    assert MessageId.deserialize(bytes.fromhex(data)) == message_id


def test_the_ends_of_a_topic_are_the_native_clients():
    assert EARLIEST.serialize() == _pulsar.MessageId.earliest.serialize()
    assert LATEST.serialize() == _pulsar.MessageId.latest.serialize()
    assert EARLIEST < MessageId(0, 0) < LATEST


@given(ids)
@example(MessageId(-5, -7, -9, -3))
def test_an_id_is_the_native_clients_byte_for_byte(message_id):
    assert message_id.serialize() == native(message_id).serialize()
    assert str(message_id) == str(native(message_id))
    assert MessageId.deserialize(message_id.serialize()) == message_id


@given(ids, ids_32)
def test_the_size_of_the_batch_goes_along(message_id, batch_size):
    of_batch = MessageId(message_id.ledger_id, message_id.entry_id, message_id.partition, message_id.batch_index, batch_size)
    assert _pulsar.MessageId.deserialize(of_batch.serialize()).serialize() == of_batch.serialize()
    assert MessageId.deserialize(of_batch.serialize()).batch_size == batch_size
    assert of_batch == message_id


@pytest.mark.parametrize("compare", [operator.lt, operator.le, operator.gt, operator.ge, operator.eq, operator.ne])
@given(near_ids, near_ids)
def test_ids_compare_as_the_native_clients(compare, one, other):
    assert compare(one, other) is compare(native(one), native(other))


def test_ids_that_differ_in_the_partition_alone_are_each_greater():
    one, other = MessageId(1, 1, 0), MessageId(1, 1, 1)
    assert one > other > one
    assert one >= other >= one
    assert not one < other
    assert not one <= other
    assert one != other


@given(near_ids, near_ids)
def test_equal_ids_have_equal_hashes(one, other):
    assert one != other or hash(one) == hash(other)
