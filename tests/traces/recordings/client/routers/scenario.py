"""Message routers, routing modes and what partitioned producers say"""

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
    env.rest("PUT", env.topic_path("p") + "/partitions", 3)
    t = env.topic("p")
    asked = []
    def route(m, n):
        asked.append([m.data().decode(), m.partition_key(), m.properties(), n, type(m).__name__])
        return 2
    p = c.create_producer(t, message_router=route)
    facts["routed"] = [spot(p.send(b"a")), spot(p.send(b"b", partition_key="k", properties={"x": "y"})), spot(p.send(b"c", ordering_key="o"))]
    facts["asked"] = asked
    heard = []
    for label, answer in (("negative", -1), ("too large", 3), ("text", "x"), ("none", None), ("float", 1.0), ("true", True)):
        q = attempt(lambda: c.create_producer(t, message_router=lambda m, n: answer))
        if isinstance(q, str):
            facts[label] = q
            continue
        if label in ("negative", "too large", "true"):
            facts[label] = made(lambda: q.send(b"x"))
    facts["custom mode"] = made(lambda: c.create_producer(t, message_routing_mode=pulsar.PartitionsRoutingMode.CustomPartition))
    one = c.create_producer(t, message_routing_mode=pulsar.PartitionsRoutingMode.UseSinglePartition)
    spots = [one.send(b"%d" % n).partition() for n in range(4)]
    facts["single"] = len(set(spots))
    facts["single keyed"] = [one.send(b"x", partition_key=f"k{n}").partition() for n in range(4)]
    facts["keyed"] = [c.create_producer(t).send(b"x", partition_key=k).partition() for k in ("", "a", "b", "order-7", "é", "k" * 300)]
    facts["ordering only"] = len({c.create_producer(t).send(b"x", ordering_key="o").partition() for _ in range(1)})
    rr = c.create_producer(t)
    facts["round robin"] = sorted(rr.send(b"%d" % n).partition() for n in range(6))
    facts["topic"] = [rr.topic().split("/")[-1], rr.is_connected(), rr.last_sequence_id()]
    named = c.create_producer(t, producer_name="n")
    facts["named"] = [named.producer_name(), made(lambda: c.create_producer(t, producer_name="n")), made(lambda: c.create_producer(env.topic("p-partition-1"), producer_name="n"))]
    facts["partition alone"] = spot(c.create_producer(env.topic("p-partition-1")).send(b"x"))[1:]
    facts["no such partition"] = made(lambda: c.create_producer(env.topic("p-partition-9")))
    facts["partitions"] = [x.split("/")[-1] for x in c.get_topic_partitions(t)]
    facts["of a plain one"] = [x.split("/")[-1] for x in c.get_topic_partitions(env.topic("plain"))]
    facts["lazy"] = spot(c.create_producer(t, lazy_start_partitioned_producers=True).send(b"x", partition_key="a"))[1:]
    plain = c.create_producer(env.topic("single"), message_router=lambda m, n: 7)
    facts["router of a plain topic"] = spot(plain.send(b"x"))[1:]
    bt = c.create_producer(t, batching_enabled=True, batching_max_messages=2, batching_max_publish_delay_ms=2000)
    got = []
    for n in range(6):
        bt.send_async(b"%d" % n, lambda r, i: got.append(i.partition()))
    bt.flush()
    facts["sticky batches"] = [len(got), sorted(got.count(x) for x in set(got))]
    return facts
