"""Unacknowledged timeouts: which come back, with what counts; batches, cumulative, nacks beside, dead letters, several consumers."""

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
    S = pulsar.ConsumerType.Shared
    a = c.subscribe(env.topic("a"), "s", consumer_type=S, unacked_messages_timeout_ms=10000)
    e = c.subscribe(env.topic("a"), "e", unacked_messages_timeout_ms=10000)
    d = c.subscribe(env.topic("a"), "d", consumer_type=S, unacked_messages_timeout_ms=10000, dead_letter_policy=pulsar.ConsumerDeadLetterPolicy(1, env.topic("dead"), "look"))
    env.rest("PUT", env.topic_path("p") + "/partitions", 2)
    ps = c.subscribe(env.topic("p"), "s", consumer_type=S, unacked_messages_timeout_ms=10000)
    p = c.create_producer(env.topic("a"))
    for i in range(4):
        p.send(b"%d" % i)
    b = c.create_producer(env.topic("p"), batching_enabled=True, batching_max_publish_delay_ms=200)
    for i in range(6):
        b.send_async(b"%d" % i, None, partition_key=f"k{i % 2}")
    b.flush()
    ga, ge, gd, gp = [drain(x, 300, show=lambda m: m) for x in (a, e, d, ps)]
    facts["first"] = [len(g) for g in (ga, ge, gd, gp)]
    a.acknowledge(ga[1])
    e.acknowledge(ge[0])
    e.acknowledge_cumulative(ge[1])
    ps.acknowledge(gp[0])
    time.sleep(5)
    facts["half time"] = [drain(x, 100, show=counted) for x in (a, e, d, ps)]
    time.sleep(9)
    facts["shared"] = drain(a, 300, show=counted)
    facts["exclusive"] = drain(e, 300, show=counted)
    gd = drain(d, 300, show=lambda m: m)
    facts["with letters"] = [counted(m) for m in gd]
    facts["partitions"] = sorted(drain(ps, 300, show=counted))
    d.acknowledge(gd[0])
    time.sleep(14)
    facts["shared then"] = drain(a, 300, show=counted)
    facts["letters"] = sorted(drain(c.subscribe(env.topic("dead"), "look"), 500))
    facts["with letters then"] = [drain(d, 300, show=counted), sub(env, "a", "d")]
    facts["too short"] = made(lambda: c.subscribe(env.topic("a"), "x", unacked_messages_timeout_ms=9999))
    facts["zero"] = made(lambda: c.subscribe(env.topic("a"), "x", unacked_messages_timeout_ms=0))
    return facts
