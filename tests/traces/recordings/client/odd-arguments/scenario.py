"""Replication, keys, properties, times and payloads at their edges"""

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
    x = c.subscribe(t, "s", consumer_type=S)
    p = c.create_producer(t)
    sent = {}
    for label, kw in {
        "clusters empty": {"replication_clusters": []}, "clusters own": {"replication_clusters": ["standalone"]}, "clusters none": {"replication_clusters": ["__local__"]},
        "disabled": {"disable_replication": True}, "not disabled": {"disable_replication": False}, "disabled text": {"disable_replication": "x"},
        "clusters text": {"replication_clusters": "x"}, "clusters numbers": {"replication_clusters": [1]},
        "key empty": {"partition_key": ""}, "key long": {"partition_key": "k" * 70000}, "key odd": {"partition_key": "\u00e9\u0000\n"}, "ordering empty": {"ordering_key": ""},
        "property empty": {"properties": {"": ""}}, "property odd": {"properties": {"a b": "\u00e9\n"}}, "properties many": {"properties": {f"p{n}": "v" for n in range(300)}},
        "event zero": {"event_timestamp": 0}, "event negative": {"event_timestamp": -1}, "event huge": {"event_timestamp": 2**63 - 1}, "event float": {"event_timestamp": 1.5}, "event text": {"event_timestamp": "1"},
        "deliver past": {"deliver_at": 1}, "deliver zero": {"deliver_at": 0}, "deliver float": {"deliver_at": 1.5}, "after zero": {"deliver_after": timedelta(0)}, "after negative": {"deliver_after": timedelta(seconds=-5)}, "after number": {"deliver_after": 5},
        "both": {"deliver_at": 1, "deliver_after": timedelta(seconds=2)}, "sequence zero": {"sequence_id": 0}, "sequence true": {"sequence_id": True},
    }.items():
        sent[label] = made(lambda: p.send(label.encode(), **kw))
    facts["sent"] = sent
    time.sleep(0.5)
    facts["got"] = [[m.data().decode(), len(m.partition_key()), m.ordering_key(), len(m.properties()), m.event_timestamp()] for m in drain(x, 3500, show=lambda m: m)]
    facts["payloads"] = [made(lambda: p.send(v)) for v in (b"", bytearray(b"x"), memoryview(b"x"), "x", 5, None, [1], (b"x",))]
    facts["payloads got"] = [[len(m.data()), m.value(), m.has_null_value()] for m in drain(x, 500, show=lambda m: m) if len(m.data()) < 5]
    n = c.create_producer(t, properties={"owner": "me", "\u00e9": "x"})
    facts["publishers"] = sorted(q["metadata"].get("owner", "none") for q in stats(env, "t")["publishers"])
    facts["consumer metadata"] = made(lambda: c.subscribe(t, "props", properties={"a": "b"}))
    facts["metadata"] = stats(env, "t")["subscriptions"]["props"]["consumers"][0]["metadata"]
    m = pulsar.MessageId
    a, b = m(-1, 5, 6, -1), m(-1, 5, 7, -1)
    facts["ids"] = [str(a), a < b, a == m(-1, 5, 6, -1), a != b, a <= a, b >= a, repr(m.earliest), str(m.latest), made(lambda: hash(a)), a.serialize() == m(-1, 5, 6, -1).serialize(), str(m.deserialize(a.serialize())), made(lambda: m.deserialize(b"x")), made(lambda: m.deserialize("x")), made(lambda: m("a"))]
    msg = made(lambda: x.acknowledge(a))
    facts["ack unknown"] = msg
    return facts
