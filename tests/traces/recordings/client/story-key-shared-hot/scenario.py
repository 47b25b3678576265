"""Hot keys: a slow owner, keys that wait, a consumer that joins and one that leaves, order by key held all the time."""

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


def run(env):
    facts = {}
    c = env.client
    KS = pulsar.ConsumerType.KeyShared
    def join(name, **kw):
        return c.subscribe(env.topic("t"), "s", consumer_type=KS, consumer_name=name, negative_ack_redelivery_delay_ms=300, **kw)
    a, b = join("a"), join("b")
    p = c.create_producer(env.topic("t"))
    for i in range(24):
        p.send(b"%02d" % i, partition_key="hot" if i % 2 else f"k{i % 6}")
    ga, gb = drain(a, show=lambda m: m), drain(b, show=lambda m: m)
    facts["owners"] = [sorted({m.partition_key() for m in g}) for g in (ga, gb)]
    facts["order"] = [[m.data().decode() for m in g] for g in (ga, gb)]
    d = join("d")
    for i in range(12):
        p.send(b"n%02d" % i, partition_key="hot" if i % 2 else f"k{i % 6}")
    new = {n: drain(x, show=lambda m: m) for n, x in (("a", a), ("b", b), ("d", d))}
    facts["while others are unacknowledged"] = {n: [[m.data().decode(), m.partition_key()] for m in g] for n, g in new.items()}
    facts["hashes"] = sorted([x["consumerName"], x.get("drainingHashesCount"), x.get("drainingHashesUnackedMessages"), x.get("drainingHashesClearedTotal")] for x in stats(env, "t")["subscriptions"]["s"]["consumers"])
    for m in ga:
        a.acknowledge(m)
    time.sleep(0.3)
    facts["a acknowledged"] = {n: [m.data().decode() for m in drain(x, show=lambda m: m)] for n, x in (("a", a), ("b", b), ("d", d))}
    for m in gb:
        b.acknowledge(m)
    time.sleep(0.3)
    facts["b acknowledged"] = {n: [m.data().decode() for m in drain(x, show=lambda m: m)] for n, x in (("a", a), ("b", b), ("d", d))}
    facts["sub"] = sub(env, "t")
    d.close()
    time.sleep(0.3)
    facts["d left"] = {n: drain(x, show=counted) for n, x in (("a", a), ("b", b))}
    a.close()
    time.sleep(0.3)
    facts["a left"] = drain(b, show=counted)
    e = join("e")
    p.send(b"z", partition_key="hot")
    facts["e joined"] = {n: drain(x, show=counted) for n, x in (("b", b), ("e", e))}
    b.close()
    facts["b left"] = drain(e, show=counted)
    P = pulsar.ConsumerKeySharedPolicy
    st = [c.subscribe(env.topic("u"), "s", consumer_type=KS, consumer_name=n, key_shared_policy=P(pulsar.KeySharedMode.Sticky, sticky_ranges=r)) for n, r in (("x", [(0, 20000)]), ("y", [(20001, 40000), (50000, 65535)]))]
    q = c.create_producer(env.topic("u"))
    for i in range(20):
        q.send(b"%02d" % i, partition_key=f"key{i}")
    facts["sticky"] = [drain(x) for x in st]
    facts["overlap"] = made(lambda: c.subscribe(env.topic("u"), "s", consumer_type=KS, key_shared_policy=P(pulsar.KeySharedMode.Sticky, sticky_ranges=[(100, 200)])))
    facts["auto beside sticky"] = made(lambda: c.subscribe(env.topic("u"), "s", consumer_type=KS))
    g = c.subscribe(env.topic("u"), "s", consumer_type=KS, consumer_name="g", key_shared_policy=P(pulsar.KeySharedMode.Sticky, sticky_ranges=[(40001, 49999)]))
    facts["gap filled"] = drain(g)
    facts["the others then"] = [drain(x) for x in st]
    facts["sub u"] = sub(env, "u")
    return facts
