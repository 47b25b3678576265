"""The key-based batch builder: order, ids, keys, redelivery and acknowledgement of its batches"""

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
    s = c.subscribe(t, "s", consumer_type=S, negative_ack_redelivery_delay_ms=300)
    k = c.subscribe(t, "k", consumer_type=K)
    p = c.create_producer(t, batching_enabled=True, batching_type=pulsar.BatchingType.KeyBased, batching_max_publish_delay_ms=300, batching_max_messages=100)
    heard = []
    for n in range(8):
        p.send_async(b"%d" % n, lambda r, i, n=n: heard.append([n, str(r), *spot(i)]), partition_key=f"k{n % 3}", **({"ordering_key": "o"} if n == 7 else {}), **({"properties": {"n": str(n)}} if n % 2 else {}))
    p.send_async(b"none", lambda r, i: heard.append(["none", str(r), *spot(i)]))
    p.send_async(b"own", lambda r, i: heard.append(["own", str(r), *spot(i)]), sequence_id=50, partition_key="k0")
    p.flush()
    facts["heard"] = heard
    facts["last"] = p.last_sequence_id()
    got = [s.receive(timeout_millis=2000) for _ in range(10)]
    facts["got"] = [[*placed(m), m.partition_key(), m.ordering_key(), m.properties()] for m in got]
    facts["keyed"] = sorted([*placed(m), m.partition_key()] for m in drain(k, 600, show=lambda m: m))
    facts["in"] = [stats(env, "t")[x] for x in ("msgInCounter",)]
    facts["unacked"] = sub(env, "t")
    one = [m for m in got if m.data() == b"0"][0]
    s.negative_acknowledge(one)
    facts["nack"] = sorted(drain(s, 1200, show=counted))
    for m in got:
        if m.partition_key() == "k1":
            s.acknowledge(m)
    time.sleep(0.4)
    facts["k1 acked"] = sub(env, "t")
    facts["entries"] = env.rest("GET", env.topic_path("t") + "/internalStats")["body"]["numberOfEntries"]
    d = c.create_producer(t, batching_enabled=True, batching_type=pulsar.BatchingType.KeyBased, batching_max_publish_delay_ms=300, batching_max_messages=4)
    ids = []
    for n in range(6):
        d.send_async(b"d%d" % n, lambda r, i: ids.append(spot(i)), partition_key="a" if n % 2 else "b", **({"deliver_after": timedelta(milliseconds=200)} if n == 5 else {}))
    d.flush()
    facts["full at four"] = ids
    env.rest("PUT", env.topic_path("p") + "/partitions", 3)
    q = c.create_producer(env.topic("p"), batching_enabled=True, batching_type=pulsar.BatchingType.KeyBased, batching_max_publish_delay_ms=300)
    pids = []
    for n in range(9):
        q.send_async(b"%d" % n, lambda r, i, n=n: pids.append([n, *spot(i)]), partition_key=f"k{n % 4}")
    q.flush()
    facts["partitions"] = sorted(pids)
    r = c.create_reader(t, got[3].message_id())
    facts["reader"] = drain(r, 600)
    facts["sync"] = [spot(p.send(b"sync", partition_key="z")), spot(p.send(b"sync2"))]
    return facts
