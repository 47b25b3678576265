"""The sizes a broker tells of stored entries, as told of real ones."""

import pytest

from pfemu.model.message import BatchedMessage, BatchMetadata, BatchOfOneMetadata, Entry, ExplicitMetadata, Segment
from pfemu.model.stored_size import batch_size, uncompressed_size


def compressing(kind, compression):
    return type(kind.__name__, (kind,), {"__slots__": (), "compression": compression})


def entry(payload, metadata, sequence_id=0):
    return Entry(payload, 0, Segment(5, 0), 0, "standalone-0-1", sequence_id, metadata)


@pytest.mark.parametrize(("compression", "size"), [("", 219), ("LZ4", 30), ("ZLIB", 30), ("ZSTD", None), ("SNAPPY", None)])
def test_a_batch_of_one_is_its_message_with_metadata_compressed_and_ten_bytes(compression, size):
    stored = entry(b"x" * 200, compressing(BatchOfOneMetadata, compression)())
    assert uncompressed_size(stored) == 209
    assert batch_size(stored) == size


def test_all_of_a_messages_metadata_is_in_the_batch():
    settings = {"properties": {"zeta": "1", "alpha": "22"}, "partition_key": "key", "ordering_key": "o", "event_time_ms": 1_600_000_000_000}
    stored = entry(b"n0", compressing(BatchOfOneMetadata, "LZ4")(**settings))
    assert uncompressed_size(stored) == 49
    assert batch_size(stored) == 61


def test_a_tombstone_is_marked_in_the_batch():
    assert uncompressed_size(entry(b"", BatchOfOneMetadata(null_value=True))) == uncompressed_size(entry(b"", BatchOfOneMetadata())) + 2


def test_several_messages_are_compressed_as_one():
    messages = tuple(
        BatchedMessage(f"message {number}".encode(), number, ExplicitMetadata(properties={"n": str(number)})) for number in range(5)
    )
    sizes = {kind: batch_size(entry(b"", compressing(BatchMetadata, kind)(messages))) for kind in ("", "LZ4", "ZLIB")}
    assert sizes == {"": 135, "LZ4": 90, "ZLIB": 79}


def test_a_message_by_itself_is_its_payload():
    assert uncompressed_size(entry(b"x" * 200, ExplicitMetadata())) == 200
