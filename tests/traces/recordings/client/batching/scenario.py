"""Producers that batch: by number, size, time, flush; ids; keys; what a negative acknowledgement brings back."""

import time

import pulsar


def drain(consumer, ack=True):
    got = []
    while True:
        try:
            message = consumer.receive(timeout_millis=600)
        except pulsar.Timeout:
            return got
        got.append([message.data().decode()[:8], message.message_id().entry_id(), message.message_id().batch_index(), message.redelivery_count()])
        if ack:
            consumer.acknowledge(message)


def run(env):
    facts = {}
    for label, options in [("by 3", {"batching_max_messages": 3, "batching_max_publish_delay_ms": 2000}), ("by size", {"batching_max_allowed_size_in_bytes": 50, "batching_max_publish_delay_ms": 2000}),
                           ("by time", {"batching_max_publish_delay_ms": 100}), ("key based", {"batching_type": pulsar.BatchingType.KeyBased, "batching_max_publish_delay_ms": 100}), ("off", {"batching_enabled": False})]:
        name = label.replace(" ", "-")
        consumer = env.client.subscribe(env.topic(name), "s")
        producer = env.client.create_producer(env.topic(name), **{"batching_enabled": True, **options})
        done = []
        for i in range(7):
            producer.send_async(b"%d" % i + b"x" * 20, lambda result, identifier: done.append([str(result), identifier.entry_id(), identifier.batch_index()]), partition_key=f"k{i % 2}")
        time.sleep(0.5)
        facts[label + " done before flush"] = len(done)
        producer.flush()
        time.sleep(0.2)
        facts[label + " ids"] = done
        facts[label] = drain(consumer)
    topic = env.topic("single")
    consumer = env.client.subscribe(topic, "s", consumer_type=pulsar.ConsumerType.Shared, negative_ack_redelivery_delay_ms=200)
    producer = env.client.create_producer(topic, batching_enabled=True, batching_max_publish_delay_ms=100)
    producer.send(b"alone")
    for i in range(2):
        producer.send_async(b"p%d" % i, None)
    producer.send_async(b"late", None, deliver_at=1)
    producer.flush()
    first = [consumer.receive(timeout_millis=2000) for _ in range(4)]
    facts["sync and delayed"] = sorted([m.data().decode(), m.message_id().entry_id(), m.message_id().batch_index()] for m in first)
    for message in first:
        if message.data() == b"p1":
            consumer.negative_acknowledge(message)
        else:
            consumer.acknowledge(message)
    facts["again"] = sorted(drain(consumer))
    stats = env.rest("GET", env.topic_path("single") + "/stats?getPreciseBacklog=true")["body"]["subscriptions"]["s"]
    facts["left"] = [stats["msgBacklog"], stats["unackedMessages"]]
    return facts
