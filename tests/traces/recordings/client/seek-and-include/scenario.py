"""Seeking by id and time with and without start_message_id_inclusive, in batches, after acknowledgements, on all types"""

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
    b = c.create_producer(t, batching_enabled=True, batching_max_publish_delay_ms=300)
    ids = [p.send(b"u%d" % n) for n in range(3)]
    bids = []
    for n in range(4):
        b.send_async(b"b%d" % n, lambda r, i: bids.append(i))
    b.flush()
    time.sleep(0.05)
    middle = int(time.time() * 1000)
    time.sleep(0.05)
    ids.append(p.send(b"u3"))
    for label, kw in (("plain", {}), ("inclusive", {"start_message_id_inclusive": True})):
        for kind in (E, S, F, K):
            s = c.subscribe(t, f"{label}-{kind}", consumer_type=kind, initial_position=pulsar.InitialPosition.Earliest, **kw)
            one = [drain(s, 400, ack=True)]
            for target in (ids[1], bids[2], bids[3], ids[3], first, pulsar.MessageId.latest, middle, 0, middle + 10**9):
                one.append([made(lambda: s.seek(target)), drain(s, 400)])
            facts[f"{label} {str(kind).split('.')[-1]}"] = one
            facts[f"{label} {str(kind).split('.')[-1]} left"] = sub(env, "t", f"{label}-{kind}")
            s.close()
    r = c.create_reader(t, first)
    for target in (ids[1], bids[1], pulsar.MessageId.latest, first, middle, bids[3]):
        facts.setdefault("reader", []).append([made(lambda: r.seek(target)), r.has_message_available(), drain(r, 400), r.has_message_available()])
    i = c.create_reader(t, bids[1], start_message_id_inclusive=True)
    facts["inclusive reader"] = [i.has_message_available(), drain(i, 400)]
    for target in (ids[1], bids[1], pulsar.MessageId.latest, first, bids[3]):
        facts.setdefault("inclusive reader seeks", []).append([made(lambda: i.seek(target)), i.has_message_available(), drain(i, 400), i.has_message_available()])
    facts["wrong"] = [made(lambda: r.seek(None)), made(lambda: r.seek("x")), made(lambda: r.seek(1.5)), made(lambda: r.seek(True)), made(lambda: r.seek(pulsar.MessageId(-1, 10**6, 0, -1)))]
    return facts
