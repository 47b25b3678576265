"""Failover over partitions: takeovers with unacknowledged messages, nacks, order, a consumer that comes back, cumulative acknowledgement."""

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
    env.rest("PUT", env.topic_path("p") + "/partitions", 3)
    F = pulsar.ConsumerType.Failover
    def join(name, **kw):
        return c.subscribe(env.topic("p"), "s", consumer_type=F, consumer_name=name, negative_ack_redelivery_delay_ms=400, **kw)
    def by_part(messages):
        out = {}
        for m in messages:
            out.setdefault(m.message_id().partition(), []).append([m.data().decode(), m.redelivery_count()])
        return {str(k): out[k] for k in sorted(out)}
    a = join("a")
    p = c.create_producer(env.topic("p"))
    time.sleep(1.2)
    for i in range(12):
        p.send(b"%02d" % i, partition_key=f"k{i % 5}")
    got = drain(a, 500, show=lambda m: m)
    facts["a alone"] = by_part(got)
    b = join("b")
    time.sleep(1.5)
    facts["after b joined"] = [by_part(drain(a, 500, show=lambda m: m)), by_part(drain(b, 500, show=lambda m: m))]
    for i in range(12, 18):
        p.send(b"%02d" % i, partition_key=f"k{i % 5}")
    na, nb = drain(a, 500, show=lambda m: m), drain(b, 500, show=lambda m: m)
    facts["new ones"] = [by_part(na), by_part(nb)]
    last = {m.message_id().partition(): m for m in na}
    facts["cumulative on each"] = [made(lambda: a.acknowledge_cumulative(m)) for m in last.values()]
    for m in nb[:1]:
        b.negative_acknowledge(m)
    facts["nacked by b"] = by_part(drain(b, 1000, show=lambda m: m))
    time.sleep(0.2)
    facts["backlogs"] = [sub(env, f"p-partition-{i}")["msgBacklog"] for i in range(3)]
    facts["active"] = [stats(env, f"p-partition-{i}")["subscriptions"]["s"]["activeConsumerName"] for i in range(3)]
    a.close()
    time.sleep(1.5)
    facts["b takes over"] = by_part(drain(b, 500, show=lambda m: m))
    a = join("a")
    time.sleep(1.5)
    facts["a is back"] = by_part(drain(a, 500, show=lambda m: m))
    facts["b has still"] = by_part(drain(b, 500, show=lambda m: m))
    b.redeliver_unacknowledged_messages()
    facts["b gives back"] = [by_part(drain(a, 700, show=lambda m: m)), by_part(drain(b, 700, show=lambda m: m))]
    facts["shared joins"] = made(lambda: c.subscribe(env.topic("p"), "s", consumer_type=pulsar.ConsumerType.Shared))
    facts["exclusive joins"] = made(lambda: c.subscribe(env.topic("p"), "s"))
    facts["seek"] = made(lambda: b.seek(pulsar.MessageId.earliest))
    time.sleep(1.5)
    facts["after seek"] = [len(drain(a, 500)), len(drain(b, 500))]
    return facts
