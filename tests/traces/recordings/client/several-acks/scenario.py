"""Consumers of lists and partitions: acknowledgements by message and id, seeks, batches, unsubscribing, one topic gone"""

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
    ns = env.ns
    env.rest("PUT", env.topic_path("p") + "/partitions", 3)
    names = [env.topic("a"), env.topic("p")]
    x = c.subscribe(names, "s", consumer_type=S, negative_ack_redelivery_delay_ms=300)
    pa = c.create_producer(env.topic("a"))
    pp = c.create_producer(env.topic("p"), batching_enabled=True, batching_max_publish_delay_ms=200)
    for n in range(2):
        pa.send(b"a%d" % n)
    for n in range(6):
        pp.send_async(b"p%d" % n, None, partition_key=f"k{n % 3}")
    pp.flush()
    got = {m.data().decode(): m for m in drain(x, 700, show=lambda m: m)}
    facts["got"] = sorted([k, *spot(m.message_id()), m.topic_name().split("/")[-1], m.partition_key()] for k, m in got.items())
    facts["topic"] = re.sub("[0-9a-f]{10}$", "<hex>", x.topic().replace(ns, "NS"))
    facts["acks"] = [made(lambda: x.acknowledge(got["a0"])), made(lambda: x.acknowledge(got["a1"].message_id())), made(lambda: x.acknowledge(got["p0"])), made(lambda: x.acknowledge(got["p1"].message_id()))]
    plain = pulsar.MessageId.deserialize(got["p2"].message_id().serialize())
    named = pulsar.MessageId.deserialize(got["p2"].message_id().serialize(), got["p2"].topic_name())
    facts["plain id"] = [made(lambda: x.acknowledge(plain)), made(lambda: x.seek(plain)), made(lambda: x.negative_acknowledge(plain))]
    facts["named id"] = str(named) == str(plain)
    facts["own again"] = made(lambda: x.acknowledge(got["a0"]))
    time.sleep(0.4)
    facts["backlogs"] = {n: sub(env, n) for n in ("a", "p-partition-0", "p-partition-1", "p-partition-2")}
    x.negative_acknowledge(got["p3"])
    x.negative_acknowledge(got["p4"].message_id())
    facts["nacked"] = sorted(drain(x, 1200, show=counted))
    facts["cumulative"] = made(lambda: x.acknowledge_cumulative(got["p5"]))
    facts["redeliver"] = made(x.redeliver_unacknowledged_messages)
    facts["again"] = sorted(drain(x, 700, show=lambda m: m.data().decode()))
    facts["seek id"] = made(lambda: x.seek(got["a0"].message_id()))
    facts["after seek id"] = sorted(drain(x, 700))
    facts["seek first"] = made(lambda: x.seek(first))
    facts["after seek first"] = sorted(drain(x, 900))
    facts["seek time"] = made(lambda: x.seek(0))
    facts["after seek time"] = sorted(drain(x, 900))
    facts["seek latest"] = [made(lambda: x.seek(pulsar.MessageId.latest)), drain(x, 500)]
    facts["batch receive"] = [made(lambda: x.seek(first)), sorted(m.data().decode() for m in x.batch_receive())]
    y = attempt(lambda: c.subscribe(names, "s", consumer_type=E))
    facts["other type"] = y if isinstance(y, str) else "ok"
    e = c.subscribe(names, "e", initial_position=pulsar.InitialPosition.Earliest)
    mine = drain(e, 700, show=lambda m: m)
    last_of_p = [m for m in mine if m.topic_name().endswith("partition-0") or m.topic_name().endswith("partition-1") or m.topic_name().endswith("partition-2")][-1]
    facts["cumulative on exclusive"] = made(lambda: e.acknowledge_cumulative(last_of_p))
    time.sleep(0.4)
    facts["left of e"] = sum(sub(env, n, "e")["msgBacklog"] for n in ("a", "p-partition-0", "p-partition-1", "p-partition-2"))
    facts["unsubscribe"] = [made(e.unsubscribe), sorted(stats(env, "a")["subscriptions"])]
    facts["twice the same"] = made(lambda: c.subscribe([env.topic("a"), env.topic("a")], "twice"))
    facts["one bad name"] = made(lambda: c.subscribe([env.topic("a"), "bad://x"], "bad"))
    facts["one missing namespace"] = made(lambda: c.subscribe([env.topic("a"), "persistent://public/nope-nope/t"], "missing"))
    facts["subscriptions left"] = sorted(stats(env, "a")["subscriptions"])
    facts["partition by name"] = [spot(c.subscribe(env.topic("p-partition-1"), "direct", initial_position=pulsar.InitialPosition.Earliest).get_last_message_id())[1:]]
    facts["tuple"] = made(lambda: c.subscribe((env.topic("a"),), "tuple"))
    facts["generator"] = made(lambda: c.subscribe((t for t in [env.topic("a")]), "gen"))
    facts["closing"] = [made(x.close), made(x.close), made(lambda: x.receive(timeout_millis=100)), made(lambda: x.acknowledge(got["a0"])), attempt(x.is_connected)]
    return facts
