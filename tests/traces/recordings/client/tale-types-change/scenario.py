"""One subscription through all types, with messages unacknowledged, counted, delayed, keyed; what each finds."""

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
    T = pulsar.ConsumerType
    p = c.create_producer(env.topic("t"))
    s = c.subscribe(env.topic("t"), "s", consumer_type=T.Shared, negative_ack_redelivery_delay_ms=200)
    for i in range(8):
        p.send(b"%d" % i, partition_key=f"k{i % 3}")
    p.send(b"late", deliver_after=timedelta(seconds=5))
    got = drain(s, 400, show=lambda m: m)
    s.acknowledge(got[2])
    s.acknowledge(got[5])
    s.negative_acknowledge(got[0])
    facts["shared"] = [[counted(m) for m in got], drain(s, 600, show=counted), sub(env, "t")]
    s.close()
    time.sleep(0.2)
    facts["type of nobody"] = sub(env, "t")
    for kind in ("KeyShared", "Failover", "Exclusive", "Shared", "KeyShared"):
        x = attempt(lambda: c.subscribe(env.topic("t"), "s", consumer_type=getattr(T, kind), negative_ack_redelivery_delay_ms=200))
        if isinstance(x, str):
            facts[kind] = x
            continue
        if kind == "Failover":
            time.sleep(1.2)
        first = drain(x, 500, show=lambda m: m)
        if first:
            x.negative_acknowledge(first[0])
        again = drain(x, 700, show=counted)
        x.acknowledge(first[-1]) if first else None
        time.sleep(0.2)
        facts.setdefault(kind, []).append([[counted(m) for m in first], again, sub(env, "t")])
        x.close()
    return facts
