"""Deduplication of batches: which sequence id of a batch counts."""

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
    c = env.client
    env.rest("POST", f"/admin/v2/namespaces/public/{env.ns}/deduplication", True)
    topic = env.topic("t")
    s = c.subscribe(topic, "s")
    p = c.create_producer(topic, producer_name="p", batching_enabled=True, batching_max_publish_delay_ms=300)
    seen = []
    def batch(*ids):
        for i in ids:
            p.send_async(b"%d" % i, lambda r, m: seen.append([str(r), m.entry_id(), m.batch_index()]), **({} if i < 0 else {"sequence_id": i}))
        p.flush()
        seen.append(p.last_sequence_id())
    batch(1, 2, 3)
    batch(2, 3, 4)
    batch(3, 9, 10)
    batch(1, 20)
    batch(4)
    batch(5)
    batch(9)
    batch(-1, -1)
    batch(30, 1)
    batch(2, 31)
    batch(31)
    p.close()
    p = c.create_producer(topic, producer_name="p", batching_enabled=True, batching_max_publish_delay_ms=300)
    seen.append(p.last_sequence_id())
    batch(-1, -1)
    batch(32)
    batch(33)
    facts["seen"] = seen
    facts["received"] = drain(s)
    k = c.create_producer(env.topic("k"), producer_name="k", batching_enabled=True, batching_max_publish_delay_ms=300, batching_type=pulsar.BatchingType.KeyBased)
    ks = c.subscribe(env.topic("k"), "s", initial_position=pulsar.InitialPosition.Earliest)
    got = []
    for i in range(6):
        k.send_async(b"%d" % i, lambda r, m: got.append([str(r), m.entry_id(), m.batch_index()]), partition_key=f"k{i % 2}")
    k.flush()
    facts["key based"] = [got, drain(ks), k.last_sequence_id()]
    return facts
