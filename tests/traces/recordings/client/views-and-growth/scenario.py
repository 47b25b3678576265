"""Table views: listeners that raise, values that do not decode, growth, closing, compaction, batches"""

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
    p = c.create_producer(t)
    for k, v in (("a", b"1"), ("b", b"2"), ("a", b"3"), ("c", b"")):
        p.send(v, partition_key=k)
    v = c.create_table_view(t)
    facts["first"] = [len(v), v.get("a"), v.get("c"), v.get("nobody"), v.get("")]
    heard = []
    def bad(k, x):
        heard.append([k, x.decode()])
        raise ValueError("no")
    facts["listen"] = made(lambda: v.for_each_and_listen(bad))
    facts["heard"] = len(heard)
    facts["each"] = made(lambda: v.for_each(bad))
    p.send(b"4", partition_key="a")
    p.send(b"5", partition_key="d")
    time.sleep(0.5)
    facts["after a raising listener"] = [len(v), v.get("a"), v.get("d")]
    good = []
    facts["second listener"] = made(lambda: v.for_each_and_listen(lambda k, x: good.append([k, x.decode()])))
    p.send(b"6", partition_key="e")
    p.send(b"", partition_key="a")
    time.sleep(0.5)
    facts["good"] = sorted(good)
    facts["then"] = [len(v), v.get("a"), v.get("e")]
    j = c.create_producer(env.topic("j"), schema=StringSchema())
    j.send("text", partition_key="k")
    w = c.create_table_view(env.topic("j"), schema=StringSchema())
    facts["string"] = [w.get("k"), len(w)]
    facts["string each"] = attempt(lambda: w.for_each(lambda k, x: facts.setdefault("string values", []).append([k, x])))
    env.rest("PUT", env.topic_path("p") + "/partitions", 2)
    q = c.create_producer(env.topic("p"))
    for n in range(6):
        q.send(b"%d" % n, partition_key=f"k{n}")
    x = c.create_table_view(env.topic("p"))
    facts["partitions"] = [len(x), [x.get(f"k{n}") for n in range(6)]]
    q.send(b"new", partition_key="k0")
    time.sleep(0.4)
    facts["partitions then"] = x.get("k0")
    facts["two views"] = [len(c.create_table_view(t, "named")), made(lambda: c.create_table_view(t, "named"))]
    facts["non-persistent"] = made(lambda: c.create_table_view(f"non-persistent://public/{env.ns}/n"))
    facts["wrong"] = [made(lambda: c.create_table_view("bad://x")), made(lambda: c.create_table_view(t, "")), made(lambda: v.get(None)), made(lambda: v.get(b"a")), made(lambda: v.for_each(None))]
    facts["subs"] = len(stats(env, "t")["subscriptions"])
    facts["close"] = [made(v.close), made(v.close), len(v), v.get("b"), made(lambda: v.for_each(lambda k, x: None))]
    return facts
