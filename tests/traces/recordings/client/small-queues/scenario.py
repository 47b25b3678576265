"""Receiver queues of 0, 1 and 2 on all types, with batches, listeners and several consumers"""

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
    b = c.create_producer(t, batching_enabled=True, batching_max_publish_delay_ms=200)
    made_first = {k: c.subscribe(t, f"first-{k}", consumer_type=k) for k in (E, S, F, K)}
    for n in range(4):
        p.send(b"%d" % n, partition_key=f"k{n % 2}")
    for x in made_first.values():
        x.close()
    for size in (0, 1, 2):
        for kind in (E, S, K):
            x = c.subscribe(t, f"{kind}-{size}", consumer_type=kind, receiver_queue_size=size, initial_position=pulsar.InitialPosition.Earliest)
            out = [made(lambda: x.receive(timeout_millis=300))]
            out.append([x.receive().data().decode() for _ in range(2)])
            time.sleep(0.2)
            v = stats(env, "t")["subscriptions"][f"{kind}-{size}"]
            out.append([v["msgBacklog"], v["unackedMessages"], v["consumers"][0]["availablePermits"]])
            facts[f"{str(kind).split('.')[-1]} {size}"] = out
            x.close()
    x = c.subscribe(t, "two", consumer_type=S, receiver_queue_size=1, initial_position=pulsar.InitialPosition.Earliest)
    y = c.subscribe(t, "two", consumer_type=S, receiver_queue_size=1)
    facts["shared out"] = sorted(drain(x, 400) + drain(y, 400))
    z = attempt(lambda: c.subscribe(t, "bz", receiver_queue_size=0, initial_position=pulsar.InitialPosition.Earliest))
    facts["batch receive of none"] = attempt(lambda: len(z.batch_receive()))
    z.close()
    heard = []
    l = c.subscribe(t, "listen", receiver_queue_size=0, initial_position=pulsar.InitialPosition.Earliest, message_listener=lambda q, m: (heard.append(m.data().decode()), q.acknowledge(m)))
    time.sleep(0.8)
    facts["listener of none"] = heard
    facts["listener receives"] = made(lambda: l.receive(timeout_millis=100))
    heard1 = []
    l1 = c.subscribe(t, "listen1", receiver_queue_size=1, consumer_type=S, initial_position=pulsar.InitialPosition.Earliest, message_listener=lambda q, m: (heard1.append(m.data().decode()), q.acknowledge(m)))
    time.sleep(0.8)
    facts["listener of one"] = sorted(heard1)
    for n in range(5):
        b.send_async(b"b%d" % n, None)
    b.flush()
    time.sleep(0.5)
    facts["batch to listeners"] = [len(heard), len(heard1)]
    bq = c.subscribe(t, "bq", receiver_queue_size=1, consumer_type=S, initial_position=pulsar.InitialPosition.Earliest)
    facts["batch through one"] = sorted(drain(bq, 500))
    env.rest("PUT", env.topic_path("p") + "/partitions", 2)
    facts["partitioned none"] = made(lambda: c.subscribe(env.topic("p"), "s", receiver_queue_size=0))
    facts["list none"] = made(lambda: c.subscribe([t], "list", receiver_queue_size=0))
    facts["total"] = [made(lambda: c.subscribe(env.topic("p"), "m", receiver_queue_size=10, max_total_receiver_queue_size_across_partitions=1)), made(lambda: c.subscribe(env.topic("p"), "n", max_total_receiver_queue_size_across_partitions=-1))]
    pol = pulsar.ConsumerBatchReceivePolicy
    for label, policy in (("three", pol(3, -1, 300)), ("bytes", pol(-1, 2, 300)), ("time", pol(100, -1, 300))):
        q = c.subscribe(t, f"policy-{label}", initial_position=pulsar.InitialPosition.Earliest, batch_receive_policy=policy)
        facts[f"batch {label}"] = [[m.data().decode() for m in q.batch_receive()] for _ in range(3)]
    return facts
