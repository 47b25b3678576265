"""Sequence ids, names and deduplication over reconnects, batches and partitions"""

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
    ns = f"/admin/v2/namespaces/public/{env.ns}/deduplication"
    facts["on"] = env.rest("POST", ns, True)
    time.sleep(0.5)
    t = env.topic("t")
    p = c.create_producer(t, producer_name="p")
    facts["first"] = [spot(p.send(b"a", sequence_id=5)), p.last_sequence_id()]
    facts["same"] = [spot(p.send(b"a", sequence_id=5)), p.last_sequence_id()]
    facts["lower"] = [spot(p.send(b"low", sequence_id=3)), p.last_sequence_id()]
    facts["counted on"] = [spot(p.send(b"b")), p.last_sequence_id()]
    facts["higher"] = [spot(p.send(b"c", sequence_id=10)), p.last_sequence_id()]
    facts["counted"] = [spot(p.send(b"d")), p.last_sequence_id()]
    p.close()
    p = c.create_producer(t, producer_name="p")
    facts["again"] = [p.last_sequence_id(), spot(p.send(b"e")), p.last_sequence_id()]
    p.close()
    p = c.create_producer(t, producer_name="p", initial_sequence_id=100)
    facts["initial"] = [p.last_sequence_id(), spot(p.send(b"f")), p.last_sequence_id()]
    p.close()
    p = c.create_producer(t, producer_name="p", initial_sequence_id=2)
    facts["initial low"] = [p.last_sequence_id(), spot(p.send(b"lost")), p.last_sequence_id()]
    p.close()
    b = c.create_producer(t, producer_name="b", batching_enabled=True, batching_max_publish_delay_ms=200)
    heard = []
    for n in (1, 2, 3):
        b.send_async(b"b%d" % n, lambda r, i: heard.append([str(r), *spot(i)]), sequence_id=n)
    b.flush()
    for n in (2, 3, 4):
        b.send_async(b"B%d" % n, lambda r, i: heard.append([str(r), *spot(i)]), sequence_id=n)
    b.flush()
    for n in (3, 4):
        b.send_async(b"C%d" % n, lambda r, i: heard.append([str(r), *spot(i)]), sequence_id=n)
    b.flush()
    facts["batches"] = heard
    facts["batches last"] = b.last_sequence_id()
    facts["stored"] = drain(c.create_reader(t, first), 500)
    q = c.create_producer(t, producer_name="q", initial_sequence_id=-1)
    facts["minus one"] = [q.last_sequence_id(), spot(q.send(b"q")), q.last_sequence_id()]
    z = c.create_producer(t, producer_name="z", initial_sequence_id=0)
    facts["zero"] = [z.last_sequence_id(), spot(z.send(b"z")), z.last_sequence_id()]
    facts["huge"] = [made(lambda: z.send(b"x", sequence_id=-1)), made(lambda: z.send(b"x", sequence_id="1")), made(lambda: z.send(b"x", sequence_id=1.5))]
    facts["after huge"] = [made(lambda: z.send(b"y")), z.last_sequence_id()]
    facts["off"] = env.rest("POST", ns, False)
    time.sleep(0.5)
    o = c.create_producer(env.topic("o"), producer_name="o")
    facts["without"] = [spot(o.send(b"a", sequence_id=5)), spot(o.send(b"a", sequence_id=5)), spot(o.send(b"l", sequence_id=1)), o.last_sequence_id()]
    o.close()
    facts["without again"] = c.create_producer(env.topic("o"), producer_name="o").last_sequence_id()
    return facts
