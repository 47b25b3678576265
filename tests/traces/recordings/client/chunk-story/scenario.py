"""Chunked messages: several producers, shared consumers, negative acknowledgements, limits, seeking, dead letters"""

import re
import threading
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


def spot(i):
    return [i.entry_id(), i.partition(), i.batch_index()]


def placed(m):
    return [m.data().decode()[:20], *spot(m.message_id())]


def stats(env, name):
    return env.rest("GET", env.topic_path(name) + "/stats?getPreciseBacklog=true&subscriptionBacklogSize=true").get("body")


def sub(env, name, s="s"):
    v = stats(env, name)["subscriptions"].get(s)
    return v and {k: v.get(k) for k in ["type", "msgBacklog", "unackedMessages", "msgInReplay", "msgDelayed"]}


def topics(env):
    return sorted(x.split("/")[-1] for x in env.rest("GET", f"/admin/v2/persistent/public/{env.ns}")["body"])


def run(env):
    facts = {}
    c = env.client
    S, K, F, E = (getattr(pulsar.ConsumerType, n) for n in ("Shared", "KeyShared", "Failover", "Exclusive"))
    first = pulsar.MessageId.earliest
    t = env.topic("t")
    M = 5 * 1024 * 1024
    size = lambda m: [len(m.data()), m.partition_key(), m.redelivery_count(), m.message_id().entry_id()]
    s = c.subscribe(t, "s", consumer_type=S, negative_ack_redelivery_delay_ms=300)
    x = c.subscribe(t, "x")
    p = c.create_producer(t, chunking_enabled=True, compression_type=pulsar.CompressionType.NONE, producer_name="one")
    q = c.create_producer(t, chunking_enabled=True, producer_name="two")
    heard = []
    p.send_async(b"a" * (2 * M), lambda r, i: heard.append([str(r), *spot(i)]), partition_key="k")
    q.send_async(b"b" * (2 * M), lambda r, i: heard.append([str(r), *spot(i)]), partition_key="l")
    p.flush()
    q.flush()
    facts["heard"] = sorted(h[0] for h in heard)
    facts["exclusive"] = sorted(size(m)[:3] for m in drain(x, 2500, show=lambda m: m))
    got = drain(s, 2500, show=lambda m: m)
    facts["shared"] = sorted(size(m)[:3] for m in got)
    facts["unacked"] = sub(env, "t")
    for m in got:
        s.acknowledge(m)
    time.sleep(0.5)
    facts["acked"] = sub(env, "t")
    facts["batch and chunk"] = made(lambda: c.create_producer(t, batching_enabled=True, chunking_enabled=True))
    big = p.send(b"c" * (2 * M + 5), properties={"a": "b"}, sequence_id=77)
    facts["sequence"] = p.last_sequence_id()
    p.send(b"small")
    facts["sequence then"] = p.last_sequence_id()
    facts["ids"] = [str(type(big).__name__), big.batch_index(), big.partition()]
    m = x.receive(timeout_millis=3000)
    facts["whole"] = [len(m.data()), m.properties(), m.data()[-5:].decode()]
    x.acknowledge_cumulative(m)
    time.sleep(0.4)
    facts["cumulative"] = sub(env, "t", "x")
    facts["rest"] = drain(x, 800, show=lambda m: [len(m.data()), m.redelivery_count()])
    x.seek(first)
    facts["seek first"] = sorted(drain(x, 2500, show=lambda m: len(m.data())))
    x.seek(big)
    facts["seek big"] = drain(x, 2500, show=lambda m: len(m.data()))
    x.redeliver_unacknowledged_messages()
    facts["redelivered"] = drain(x, 2500, show=lambda m: [len(m.data()), m.redelivery_count()])
    r = c.create_reader(t, first)
    facts["available"] = [r.has_message_available(), len(drain(r, 2500)), r.has_message_available()]
    n = c.subscribe(t, "n", consumer_type=S, negative_ack_redelivery_delay_ms=300, initial_position=pulsar.InitialPosition.Earliest, max_pending_chunked_message=1)
    facts["one pending"] = sorted(set(len(m.data()) for m in drain(n, 2500, show=lambda m: m)))
    env.rest("PUT", env.topic_path("p") + "/partitions", 2)
    w = c.create_producer(env.topic("p"), chunking_enabled=True)
    wx = c.subscribe(env.topic("p"), "s")
    wi = w.send(b"w" * (M + 100), partition_key="k1")
    facts["partitioned"] = [wi.partition(), wi.entry_id()]
    m = wx.receive(timeout_millis=3000)
    facts["partitioned got"] = [len(m.data()), m.message_id().partition(), made(lambda: wx.acknowledge(m))]
    j = c.create_producer(env.topic("j"), chunking_enabled=True, schema=StringSchema())
    jx = c.subscribe(env.topic("j"), "s", schema=StringSchema())
    j.send("j" * (M + 10))
    facts["schema"] = len(jx.receive(timeout_millis=3000).value())
    k = c.create_producer(env.topic("nokey"), chunking_enabled=True, max_pending_messages=1)
    facts["one pending message"] = made(lambda: k.send(b"k" * (2 * M)))
    l = c.create_producer(env.topic("delay"), chunking_enabled=True)
    lx = c.subscribe(env.topic("delay"), "s", consumer_type=S)
    l.send(b"l" * (M + 10), deliver_after=timedelta(seconds=4))
    facts["delayed early"] = drain(lx, 1500, show=lambda m: len(m.data()))
    facts["delayed"] = drain(lx, 5000, show=lambda m: len(m.data()))
    return facts
