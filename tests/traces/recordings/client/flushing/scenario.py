"""Flush, failing messages, callbacks that raise or send, queues that fill, and closing in the midst"""

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
    heard = []
    def hear(name):
        return lambda r, i: heard.append([name, str(r), *spot(i)])
    p = c.create_producer(t, batching_enabled=True, batching_max_publish_delay_ms=5000, batching_max_messages=100)
    p.send_async(b"a", hear("a"))
    p.send_async(b"x" * (6 << 20), hear("big"))
    p.send_async(b"b", hear("b"))
    facts["flush"] = made(p.flush)
    facts["flushed"] = sorted(heard)
    facts["last"] = p.last_sequence_id()
    heard.clear()
    p.send_async(b"again", lambda r, i: (heard.append("first"), p.send_async(b"nested", hear("nested"))))
    p.flush()
    facts["nested not yet"] = list(heard)
    p.flush()
    facts["nested"] = list(heard)
    heard.clear()
    for n in range(3):
        p.send_async(b"c%d" % n, hear(n))
    facts["close"] = made(p.close)
    time.sleep(0.3)
    facts["closed"] = list(heard)
    facts["stored"] = drain(c.create_reader(t, first), 500)
    heard.clear()
    q = c.create_producer(env.topic("q"), max_pending_messages=2, batching_enabled=True, batching_max_publish_delay_ms=400)
    facts["queue"] = [made(lambda: q.send_async(b"%d" % n, hear(n))) for n in range(4)]
    q.flush()
    facts["queue heard"] = sorted(heard, key=str)[:3]
    heard.clear()
    u = c.create_producer(env.topic("u"))
    for n in range(3):
        u.send_async(b"%d" % n, hear(n))
    facts["unbatched flush"] = made(u.flush)
    facts["unbatched"] = list(heard)
    facts["flush idle"] = [made(u.flush), made(u.flush)]
    env.rest("POST", env.topic_path("u") + "/terminate")
    facts["terminated"] = [made(lambda: u.send(b"x")), made(u.flush), attempt(u.is_connected)]
    heard.clear()
    u.send_async(b"x", hear("terminated"))
    time.sleep(0.5)
    facts["terminated async"] = list(heard)
    facts["new producer"] = made(lambda: c.create_producer(env.topic("u")))
    x = c.subscribe(env.topic("u"), "s", initial_position=pulsar.InitialPosition.Earliest)
    facts["still read"] = drain(x, 400)
    facts["last id"] = spot(x.get_last_message_id())
    env.rest("PUT", env.topic_path("p") + "/partitions", 2)
    w = c.create_producer(env.topic("p"), batching_enabled=True, batching_max_publish_delay_ms=5000)
    heard.clear()
    for n in range(6):
        w.send_async(b"%d" % n, hear(n), partition_key=f"k{n}")
    facts["partitioned flush"] = made(w.flush)
    facts["partitioned"] = sorted(heard)
    facts["partitioned last"] = w.last_sequence_id()
    facts["closing"] = [made(w.close), made(w.close), made(w.flush)]
    return facts
