"""Messages above the limit on a producer with chunking; ``client/chunking`` among the recordings is what a cluster does."""

import pulsar

SIZE = 5 * 1024 * 1024
WHOLE = b"a" * SIZE + b"b" * 100


def test_a_chunk_that_follows_none_is_dropped_and_its_permit_goes_back(client):
    client.create_producer("t", chunking_enabled=True).send(WHOLE)
    reader = client.create_reader("t", pulsar.MessageId.earliest, receiver_queue_size=1)
    first = reader.read_next(timeout_millis=100).message_id()
    inside = pulsar.MessageId(-1, first.ledger_id(), 0, -1)
    client.create_producer("t").send(b"next")
    later = client.create_reader("t", inside, receiver_queue_size=1)
    assert later.read_next(timeout_millis=100).data() == b"next"


def test_acknowledging_by_id_acknowledges_all_chunks(client, emulation):
    consumer = client.subscribe("t", "s")
    sent = client.create_producer("t", chunking_enabled=True).send(WHOLE)
    assert consumer.receive(timeout_millis=100).data() == WHOLE
    consumer.acknowledge(sent)
    assert emulation.backlog("t", "s") == 0


def test_a_message_that_fits_when_compressed_is_not_cut(client):
    producer = client.create_producer("t", chunking_enabled=True, compression_type=pulsar.CompressionType.ZLib)
    assert producer.send(WHOLE).entry_id() == 0
    assert producer.send(b"x" * 100).entry_id() == 1
