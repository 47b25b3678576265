"""Subscription types side by side, changed, taken over, with positions, names and key ranges"""

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
    for n in range(4):
        p.send(b"%d" % n, partition_key=f"k{n % 2}")
    for kind in (E, S, F, K):
        for position in (pulsar.InitialPosition.Latest, pulsar.InitialPosition.Earliest):
            x = c.subscribe(t, f"{kind}-{position}", consumer_type=kind, initial_position=position, consumer_name="n")
            facts[f"{str(kind).split('.')[-1]} {str(position).split('.')[-1]}"] = drain(x, 1500, ack=True)
            x.close()
            x = c.subscribe(t, f"{kind}-{position}", consumer_type=kind, initial_position=pulsar.InitialPosition.Earliest)
            facts[f"{str(kind).split('.')[-1]} {str(position).split('.')[-1]} again"] = drain(x, 1300)
            x.close()
    order = (E, S, F, K)
    facts["beside"] = {}
    for one in order:
        a = c.subscribe(env.topic("b"), "s", consumer_type=one)
        for two in order:
            b = attempt(lambda: c.subscribe(env.topic("b"), "s", consumer_type=two))
            facts["beside"][f"{one} {two}"] = b if isinstance(b, str) else "ok"
            if not isinstance(b, str):
                b.close()
        a.close()
    facts["left type"] = sub(env, "b")
    a = c.subscribe(env.topic("f"), "s", consumer_type=F, consumer_name="a")
    b = c.subscribe(env.topic("f"), "s", consumer_type=F, consumer_name="b")
    q = c.create_producer(env.topic("f"))
    for n in range(3):
        q.send(b"%d" % n)
    time.sleep(1.5)
    facts["failover"] = sorted([drain(a, 400), drain(b, 400)], key=str)
    active, other = (a, b) if stats(env, "f")["subscriptions"]["s"]["activeConsumerName"] == "a" else (b, a)
    active.close()
    facts["takes over"] = drain(other, 2000)
    other.close()
    facts["unsubscribe beside"] = []
    for kind in (S, F, K):
        a = c.subscribe(env.topic("u"), str(kind), consumer_type=kind)
        b = c.subscribe(env.topic("u"), str(kind), consumer_type=kind)
        facts["unsubscribe beside"].append([made(a.unsubscribe), a.is_connected(), made(b.close), made(a.unsubscribe), a.is_connected()])
    facts["subscriptions"] = sorted(stats(env, "u")["subscriptions"])
    P = pulsar.ConsumerKeySharedPolicy
    M = pulsar.KeySharedMode
    ks = env.topic("ks")
    a = c.subscribe(ks, "s", consumer_type=K, key_shared_policy=P(M.Sticky, sticky_ranges=[(0, 30000)]))
    facts["ranges"] = [
        made(lambda: c.subscribe(ks, "s", consumer_type=K, key_shared_policy=P(M.Sticky, sticky_ranges=[(20000, 40000)]))),
        made(lambda: c.subscribe(ks, "s", consumer_type=K, key_shared_policy=P(M.Sticky, sticky_ranges=[(30000, 65535)]))),
        made(lambda: c.subscribe(ks, "s", consumer_type=K)),
        made(lambda: c.subscribe(ks, "s", consumer_type=S)),
        made(lambda: P(M.Sticky, sticky_ranges=[(5, 70000)])),
        made(lambda: P(M.Sticky, sticky_ranges=[(-1, 5)])),
        made(lambda: P(M.AutoSplit, True)),
    ]
    b = c.subscribe(ks, "s", consumer_type=K, key_shared_policy=P(M.Sticky, sticky_ranges=[(30001, 65535)]))
    q = c.create_producer(ks)
    for n in range(12):
        q.send(b"%d" % n, partition_key=f"key{n}")
    facts["sticky"] = [drain(a, 500), drain(b, 500)]
    a.close()
    q.send(b"lost", partition_key="key0")
    q.send(b"lost too", partition_key="key1")
    facts["sticky gap"] = drain(b, 500)
    return facts
