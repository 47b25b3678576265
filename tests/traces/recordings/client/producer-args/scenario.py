"""What a producer refuses and takes."""

import re
import time

import pulsar


def attempt(call):
    try:
        return call()
    except BaseException as error:
        return f"{type(error).__module__}.{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"


def made(call):
    result = attempt(call)
    return result if isinstance(result, str) else "ok"


def drain(consumer, timeout=500, ack=False, limit=1000, show=lambda m: m.data().decode()):
    got = []
    while len(got) < limit:
        try:
            message = consumer.receive(timeout_millis=timeout) if hasattr(consumer, "acknowledge") else consumer.read_next(timeout_millis=timeout)
        except pulsar.Timeout:
            return got
        got.append(show(message))
        if ack:
            consumer.acknowledge(message)
    return got


def counted(m):
    return [m.data().decode(), m.redelivery_count()]


def placed(m):
    i = m.message_id()
    return [m.data().decode()[:20], i.entry_id(), i.batch_index(), m.redelivery_count()]


def stats(env, name):
    return env.rest("GET", env.topic_path(name) + "/stats?getPreciseBacklog=true&subscriptionBacklogSize=true").get("body")


def sub(env, name, s="s"):
    v = stats(env, name)["subscriptions"][s]
    return {k: v.get(k) for k in ["type", "msgBacklog", "unackedMessages", "msgInReplay", "msgDelayed"]}


def run(env):
    facts = {}
    topic = env.topic("t")
    c = env.client
    for label, kw in [("name number", {"producer_name": 5}), ("empty name", {"producer_name": ""}), ("sequence text", {"initial_sequence_id": "x"}), ("timeout text", {"send_timeout_millis": "x"}), ("timeout negative", {"send_timeout_millis": -1}), ("timeout zero", {"send_timeout_millis": 0}),
                      ("pending zero", {"max_pending_messages": 0}), ("pending negative", {"max_pending_messages": -1}), ("batch one", {"batching_enabled": True, "batching_max_messages": 1}), ("batch zero", {"batching_enabled": True, "batching_max_messages": 0}), ("chunk and batch", {"batching_enabled": True, "chunking_enabled": True}),
                      ("properties number", {"properties": {"a": 1}}), ("properties list", {"properties": [1]}), ("schema class", {"schema": pulsar.schema.StringSchema}), ("key without reader", {"encryption_key": "x"}), ("bad type", {"batching_type": 1}), ("delay", {"batching_max_publish_delay_ms": 0, "batching_enabled": True}),
                      ("across zero", {"max_pending_messages_across_partitions": 0}), ("router", {"message_router": 5}), ("mode", {"message_routing_mode": 1}), ("custom mode no router", {"message_routing_mode": pulsar.PartitionsRoutingMode.CustomPartition}), ("access", {"access_mode": pulsar.ProducerAccessMode.Shared}), ("compression", {"compression_type": 1}),
                      ("batch size 0", {"batching_enabled": True, "batching_max_allowed_size_in_bytes": 0}), ("initial -5", {"initial_sequence_id": -5}), ("unknown", {"nope": 1}), ("crypto reader", {"crypto_key_reader": 5})]:
        facts[label] = made(lambda: c.create_producer(topic, **kw))
    facts["topic number"] = made(lambda: c.create_producer(5))
    facts["topic none"] = made(lambda: c.create_producer(None))
    facts["topic empty"] = made(lambda: c.create_producer(""))
    facts["missing namespace"] = made(lambda: c.create_producer("persistent://public/nope-nope/t"))
    facts["missing tenant"] = made(lambda: c.create_producer("persistent://nope/nope/t"))
    facts["two parts"] = made(lambda: c.create_producer("a/b"))
    facts["partition of plain"] = made(lambda: c.create_producer(env.topic("x-partition-0")))
    one = c.create_producer(env.topic("n"), producer_name="one")
    facts["same name"] = made(lambda: c.create_producer(env.topic("n"), producer_name="one"))
    facts["same name elsewhere"] = made(lambda: c.create_producer(env.topic("n2"), producer_name="one"))
    one.close()
    facts["same name after close"] = made(lambda: c.create_producer(env.topic("n"), producer_name="one"))
    p = c.create_producer(env.topic("m"), initial_sequence_id=100)
    facts["last at first"] = p.last_sequence_id()
    ids = [p.send(b"x") for _ in range(3)]
    facts["ids"] = [str(type(ids[0])), ids[0].entry_id(), ids[1].entry_id(), ids[0].partition(), ids[0].batch_index()]
    facts["last"] = p.last_sequence_id()
    p.send(b"y", sequence_id=7)
    facts["after 7"] = p.last_sequence_id()
    p.send(b"z")
    facts["then"] = p.last_sequence_id()
    p0 = c.create_producer(env.topic("m0"))
    facts["fresh last"] = p0.last_sequence_id()
    p0.send(b"a")
    facts["fresh after one"] = p0.last_sequence_id()
    facts["repr"] = attempt(lambda: repr(p0).split(" ")[0])
    for label, kw in [("properties tuple", {"properties": ()}), ("property key number", {"properties": {1: "a"}}), ("property none", {"properties": {"a": None}}), ("key empty", {"partition_key": ""}), ("ordering number", {"ordering_key": 5}), ("event text", {"event_timestamp": "x"}), ("event negative", {"event_timestamp": -5}), ("event float", {"event_timestamp": 1.5}),
                      ("deliver_at text", {"deliver_at": "x"}), ("deliver_at negative", {"deliver_at": -1}), ("clusters", {"replication_clusters": ["nope"]}), ("clusters text", {"replication_clusters": "x"}), ("clusters empty", {"replication_clusters": []}), ("disable", {"disable_replication": True}), ("disable text", {"disable_replication": "x"}), ("sequence text", {"sequence_id": "x"}), ("sequence 0", {"sequence_id": 0}), ("unknown", {"nope": 1}), ("key bytes", {"partition_key": b"x"}), ("event bool", {"event_timestamp": True}), ("deliver negative", {"deliver_after": -5})]:
        facts["send " + label] = made(lambda: p0.send(b"x", **kw))
    facts["send number"] = made(lambda: p0.send(5))
    facts["send memoryview"] = made(lambda: p0.send(memoryview(b"x")))
    facts["async none callback"] = made(lambda: p0.send_async(b"x", None))
    facts["async text"] = made(lambda: p0.send_async("x", None))
    facts["async no callback"] = made(lambda: p0.send_async(b"x"))
    facts["async callback number"] = made(lambda: p0.send_async(b"x", 5))
    p0.flush()
    heard = []
    p0.close()
    p0.send_async(b"x", lambda r, i: heard.append([str(r), str(i)]))
    time.sleep(0.2)
    facts["async after close"] = heard
    facts["send after close"] = made(lambda: p0.send(b"x"))
    facts["names"] = [p0.producer_name().rsplit("-", 1)[0].rsplit("-", 1)[0], p0.topic() == env.topic("m0"), p0.is_connected(), p0.last_sequence_id()]
    return facts
