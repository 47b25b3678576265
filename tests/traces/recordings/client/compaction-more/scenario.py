"""Compaction with batches, nulls, keys, readers from the middle, second runs."""

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


def compact(env, name):
    env.rest("PUT", env.topic_path(name) + "/compaction")
    for _ in range(60):
        status = env.rest("GET", env.topic_path(name) + "/compaction")
        if status.get("body", {}).get("status") != "RUNNING":
            return status["body"]["status"]
        time.sleep(0.3)


def keyed(m):
    i = m.message_id()
    return [m.partition_key(), m.data().decode(), i.entry_id(), i.batch_index()]


def run(env):
    facts = {}
    c = env.client
    topic = env.topic("t")
    keep = c.subscribe(topic, "keep")
    p = c.create_producer(topic)
    ids = [p.send(v, **({"partition_key": k} if k else {})) for k, v in [("a", b"1"), ("b", b"1"), ("a", b"2"), ("", b"x"), ("c", b"1"), ("b", b""), ("d", b"1")]]
    facts["compact"] = compact(env, "t")
    facts["reader"] = drain(c.create_reader(topic, pulsar.MessageId.earliest, is_read_compacted=True), show=keyed)
    for i in (0, 2, 4, 6):
        r = c.create_reader(topic, ids[i], is_read_compacted=True)
        facts[f"reader at {i}"] = [r.has_message_available(), drain(r, show=keyed)]
        facts[f"reader at {i} inclusive"] = drain(c.create_reader(topic, ids[i], is_read_compacted=True, start_message_id_inclusive=True), show=keyed)
    for k, v in [("a", b"3"), ("e", b"1"), ("d", b"")]:
        p.send(v, partition_key=k)
    facts["before second"] = drain(c.create_reader(topic, pulsar.MessageId.earliest, is_read_compacted=True), show=keyed)
    facts["second"] = compact(env, "t")
    facts["after second"] = drain(c.create_reader(topic, pulsar.MessageId.earliest, is_read_compacted=True), show=keyed)
    facts["not compacted"] = len(drain(c.create_reader(topic, pulsar.MessageId.earliest)))
    s = c.subscribe(topic, "s", is_read_compacted=True, initial_position=pulsar.InitialPosition.Earliest)
    got = drain(s, show=lambda m: m)
    facts["consumer"] = [keyed(m) for m in got]
    s.acknowledge(got[0])
    s.redeliver_unacknowledged_messages()
    facts["redelivered"] = drain(s, show=keyed)
    s.acknowledge_cumulative(got[1])
    s.close()
    s = c.subscribe(topic, "s", is_read_compacted=True)
    facts["again"] = drain(s, show=keyed)
    s.seek(pulsar.MessageId.earliest)
    facts["sought"] = drain(s, show=keyed)
    facts["view"] = attempt(lambda: (lambda v: [len(v), v.get("a"), v.get("b"), v.get("d")])(c.create_table_view(topic)))
    b = c.create_producer(env.topic("b"), batching_enabled=True, batching_max_publish_delay_ms=300)
    hold = c.subscribe(env.topic("b"), "hold")
    for k, v in [("a", b"1"), ("b", b"1"), ("a", b"2"), ("", b"x"), ("c", b"")]:
        b.send_async(v, None, **({"partition_key": k} if k else {}))
    b.flush()
    for k, v in [("b", b"2"), ("e", b"1")]:
        b.send_async(v, None, partition_key=k)
    b.flush()
    facts["batch compact"] = compact(env, "b")
    r = c.create_reader(env.topic("b"), pulsar.MessageId.earliest, is_read_compacted=True)
    facts["batch"] = [r.has_message_available(), drain(r, show=keyed), r.has_message_available()]
    s = c.subscribe(env.topic("b"), "s", is_read_compacted=True, initial_position=pulsar.InitialPosition.Earliest)
    facts["batch consumer"] = drain(s, show=keyed)
    facts["empty compact"] = [env.rest("PUT", env.topic_path("none") + "/compaction"), env.rest("PUT", env.topic_path("none"))]
    facts["empty"] = compact(env, "none")
    r = c.create_reader(env.topic("none"), pulsar.MessageId.earliest, is_read_compacted=True)
    facts["empty reader"] = [r.has_message_available(), drain(r)]
    all_gone = c.create_producer(env.topic("gone"))
    for i in range(3):
        all_gone.send(b"x")
    facts["nothing keyed"] = compact(env, "gone")
    r = c.create_reader(env.topic("gone"), pulsar.MessageId.earliest, is_read_compacted=True)
    facts["nothing keyed reader"] = [r.has_message_available(), drain(r)]
    facts["last id"] = s.get_last_message_id().entry_id()
    return facts
