"""Ack timeout, negative acknowledgement and redelivery on demand mixed, in batches and singly"""

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
    s = c.subscribe(t, "s", consumer_type=S, unacked_messages_timeout_ms=10000, negative_ack_redelivery_delay_ms=1000, consumer_name="a")
    p = c.create_producer(t)
    b = c.create_producer(t, batching_enabled=True, batching_max_publish_delay_ms=200)
    for n in range(3):
        p.send(b"u%d" % n)
    for n in range(3):
        b.send_async(b"b%d" % n, None)
    b.flush()
    got = {m.data().decode(): m for m in drain(s, 600, show=lambda m: m)}
    facts["first"] = sorted(got)
    s.negative_acknowledge(got["u0"])
    s.acknowledge(got["u1"])
    s.acknowledge(got["b0"])
    s.negative_acknowledge(got["b1"])
    facts["nacked"] = sorted(drain(s, 2500, show=counted))
    s.redeliver_unacknowledged_messages()
    again = drain(s, 600, show=lambda m: m)
    facts["on demand"] = sorted(counted(m) for m in again)
    facts["sub"] = sub(env, "t")
    s.close()
    facts["closed"] = sub(env, "t")
    n = c.subscribe(t, "s", consumer_type=S, consumer_name="b", negative_ack_redelivery_delay_ms=100)
    later = drain(n, 600, show=lambda m: m)
    facts["another"] = sorted(counted(m) for m in later)
    for m in later:
        if m.data() in (b"b0", b"b1"):
            n.acknowledge(m)
    n.negative_acknowledge([m for m in later if m.data() == b"b2"][0])
    facts["partly acked batch"] = sorted(drain(n, 1200, show=counted))
    facts["double nack"] = [made(lambda: n.negative_acknowledge(later[0])) for _ in range(2)]
    facts["after double"] = sorted(drain(n, 1200, show=counted))
    e = c.subscribe(t, "e", initial_position=pulsar.InitialPosition.Earliest, negative_ack_redelivery_delay_ms=300)
    all_of_e = drain(e, 500, show=lambda m: m)
    e.acknowledge(all_of_e[1])
    e.negative_acknowledge(all_of_e[2])
    facts["exclusive nack"] = drain(e, 1200, show=counted)
    e.acknowledge_cumulative(all_of_e[4])
    time.sleep(0.4)
    facts["cumulative in a batch"] = sub(env, "t", "e")
    e.redeliver_unacknowledged_messages()
    facts["exclusive redeliver"] = drain(e, 600, show=counted)
    x = c.subscribe(t, "x", consumer_type=S, initial_position=pulsar.InitialPosition.Earliest, receiver_queue_size=1)
    y = c.subscribe(t, "x", consumer_type=S, receiver_queue_size=1)
    m = x.receive(timeout_millis=1000)
    facts["ack elsewhere"] = made(lambda: y.acknowledge(m))
    facts["ack twice"] = [made(lambda: x.acknowledge(m)), made(lambda: x.acknowledge(m))]
    facts["nack after ack"] = made(lambda: x.negative_acknowledge(m))
    return facts
