"""Compaction with keys, tombstones, batches, null values, keyless ones; readers, consumers and views before and after."""

import re
import time
from datetime import timedelta

import pulsar
from pulsar.schema import *


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
    return {k: v.get(k) for k in ["type", "msgBacklog", "unackedMessages", "msgInReplay", "msgDelayed", "msgBacklogNoDelayed"]}


def compact(env, name):
    env.rest("PUT", env.topic_path(name) + "/compaction")
    for _ in range(80):
        if env.rest("GET", env.topic_path(name) + "/compaction")["body"]["status"] != "RUNNING":
            return
        time.sleep(0.25)


def keyed(m):
    return [m.partition_key(), m.data().decode(), m.message_id().entry_id(), m.message_id().batch_index(), m.has_null_value() if hasattr(m, "has_null_value") else None]


def run(env):
    facts = {}
    c = env.client
    E = pulsar.InitialPosition.Earliest
    t = env.topic("t")
    hold = c.subscribe(t, "hold")
    p = c.create_producer(t)
    for k, v in [("a", b"1"), ("b", b"1"), (None, b"plain"), ("a", b"2"), ("c", b"1"), ("b", b""), ("d", b"1")]:
        p.send(v, **({"partition_key": k} if k else {}))
    early = c.create_reader(t, pulsar.MessageId.earliest, is_read_compacted=True)
    facts["before"] = drain(early, 400, show=keyed)
    dur = c.subscribe(t, "dur", is_read_compacted=True, initial_position=E)
    facts["durable before"] = drain(dur, 400, limit=2, ack=True, show=keyed)
    compact(env, "t")
    facts["stats"] = [stats(env, "t")["compaction"]["lastCompactionRemovedEventCount"] >= 0, "__compaction" in stats(env, "t")["subscriptions"]]
    facts["durable goes on"] = drain(dur, 400, show=keyed)
    facts["fresh reader"] = drain(c.create_reader(t, pulsar.MessageId.earliest, is_read_compacted=True), 400, show=keyed)
    facts["plain reader"] = drain(c.create_reader(t, pulsar.MessageId.earliest), 400, show=keyed)
    facts["hold"] = drain(hold, 400, show=keyed)
    for k, v in [("a", b"3"), ("e", b"1"), ("c", b"")]:
        p.send(v, partition_key=k)
    facts["reader sees later ones"] = drain(c.create_reader(t, pulsar.MessageId.earliest, is_read_compacted=True), 400, show=keyed)
    compact(env, "t")
    facts["again"] = drain(c.create_reader(t, pulsar.MessageId.earliest, is_read_compacted=True), 400, show=keyed)
    v = c.create_table_view(t)
    facts["view"] = {k: v.get(k) for k in "abcde"}
    r = c.create_reader(t, pulsar.MessageId.earliest, is_read_compacted=True)
    r.seek(pulsar.MessageId.earliest)
    facts["seek earliest"] = drain(r, 400, show=keyed)
    r.seek(pulsar.MessageId.latest)
    facts["seek latest"] = [r.has_message_available(), drain(r, 300)]
    b = c.create_producer(env.topic("b"), batching_enabled=True, batching_max_publish_delay_ms=300)
    for k, x in [("a", b"1"), ("b", b"1"), ("a", b"2"), (None, b"n"), ("b", b"")]:
        b.send_async(x, None, **({"partition_key": k} if k else {}))
    b.flush()
    for k, x in [("a", b"3"), ("z", b"1")]:
        b.send_async(x, None, partition_key=k)
    b.flush()
    compact(env, "b")
    facts["batches"] = drain(c.create_reader(env.topic("b"), pulsar.MessageId.earliest, is_read_compacted=True), 400, show=keyed)
    facts["batches plain"] = drain(c.create_reader(env.topic("b"), pulsar.MessageId.earliest), 400, show=keyed)
    x = c.subscribe(env.topic("b"), "s", is_read_compacted=True, initial_position=E)
    facts["batches durable"] = drain(x, 400, show=keyed)
    env.rest("PUT", env.topic_path("p") + "/partitions", 2)
    q = c.create_producer(env.topic("p"))
    for i in range(8):
        q.send(b"%d" % i, partition_key=f"k{i % 3}")
    compact(env, "p-partition-0")
    compact(env, "p-partition-1")
    facts["partitions"] = sorted(drain(c.create_reader(env.topic("p"), pulsar.MessageId.earliest, is_read_compacted=True), 500, show=lambda m: [m.partition_key(), m.data().decode()]))
    facts["empty"] = env.rest("PUT", env.topic_path("none") + "/compaction")
    env.rest("PUT", env.topic_path("new"))
    compact(env, "new")
    facts["never written"] = [env.rest("GET", env.topic_path("new") + "/compaction"), drain(c.create_reader(env.topic("new"), pulsar.MessageId.earliest, is_read_compacted=True), 300)]
    return facts
