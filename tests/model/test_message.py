"""What a topic stores: ids, batches, the metadata of outputs, and how little it weighs."""

import tracemalloc

from pfemu.broker.storage.managed_ledger import LedgerLimits, ManagedLedger
from pfemu.model.message import PLAIN, BatchedMessage, BatchMetadata, BatchOfOneMetadata, Entry, ExplicitMetadata, OutputMetadata, Segment
from pfemu.model.message_id import MessageId

MOST_BYTES_BESIDE_PAYLOAD = 300


def entry(metadata=PLAIN, position=12):
    return Entry(b"payload", position, Segment(7, 10), 1000, "p", 3, metadata)


def batch_of(size):
    return BatchMetadata(tuple(BatchedMessage(b"x", index, PLAIN) for index in range(size)), "key", "order")


def test_a_plain_message_has_the_defaults_of_the_protocol():
    assert (PLAIN.partition_key, PLAIN.ordering_key, dict(PLAIN.properties), PLAIN.event_time_ms) == ("", "", {}, 0)
    assert (PLAIN.deliver_at_ms, PLAIN.null_value, PLAIN.schema_version, PLAIN.batch, PLAIN.in_batch) == (0, False, b"", None, False)


def test_an_id_comes_from_the_ledger_and_the_place_in_it():
    assert (entry().ledger_id, entry().entry_id, entry().message_count) == (7, 2, 1)
    assert entry().message_id() == MessageId(7, 2)
    assert entry().message_id(partition=3, batch_index=0) == MessageId(7, 2, 3, 0)


def test_the_id_of_a_message_in_a_batch_knows_its_size():
    batched = entry(batch_of(4))
    assert batched.message_count == 4
    assert batched.message_id(batch_index=1).batch_size == 4
    assert batched.message_id().batch_size == 0
    assert (batched.metadata.partition_key, batched.metadata.ordering_key) == ("key", "order")


def test_a_segment_counts_what_its_entries_hold():
    segment = Segment(1, 0)
    segment.entries += [entry(), entry(batch_of(4))]
    assert segment.message_count == 5


def test_a_batch_of_one_has_a_batch_index_and_what_the_producer_gave():
    metadata = BatchOfOneMetadata(partition_key="k", properties={"a": "b"}, event_time_ms=5, null_value=True, schema_version=b"v")
    assert metadata.in_batch
    assert metadata.batch is None
    assert not ExplicitMetadata().in_batch
    assert (metadata.partition_key, metadata.properties, metadata.event_time_ms) == ("k", {"a": "b"}, 5)
    assert (metadata.null_value, metadata.schema_version) == (True, b"v")


def test_an_output_names_its_input_without_keeping_it():
    origin = entry()
    metadata = OutputMetadata("persistent://public/default/in", origin, -1, -1, 0)
    assert metadata.properties == {"__pfn_input_topic__": "persistent://public/default/in", "__pfn_input_msg_id__": "CAcQAg=="}
    assert all(getattr(metadata, name) is not origin for name in OutputMetadata.__slots__)


def bytes_an_entry(metadata_for, count=10_000):
    payloads = [b"%064d" % number for number in range(count)]
    ledger = ManagedLedger(iter(range(9)).__next__, LedgerLimits(), lambda: None)
    origin = entry()
    tracemalloc.start()
    try:
        for number in range(count):
            ledger.append(payloads[number], 1_700_000_000_000 + number, "p", number, metadata_for(origin))
        return tracemalloc.get_traced_memory()[0] / count
    finally:
        tracemalloc.stop()


def test_a_stored_message_costs_at_most_300_bytes_beside_its_payload():
    plain = bytes_an_entry(lambda origin: PLAIN)
    output = bytes_an_entry(lambda origin: OutputMetadata("t", origin, -1, -1, 0))
    assert 0 < plain < output <= MOST_BYTES_BESIDE_PAYLOAD
