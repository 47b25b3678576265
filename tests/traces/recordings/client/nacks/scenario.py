"""Negative acknowledgement: order, counts, mixed with acks, other consumers, close."""

import re
import time

import pulsar


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
    return {k: v.get(k) for k in ["type", "msgBacklog", "unackedMessages", "msgInReplay", "msgDelayed"]}


def run(env):
    facts = {}
    for kind in ["Exclusive", "Shared", "KeyShared", "Failover"]:
        topic = env.topic(kind)
        c = env.client.subscribe(topic, "s", consumer_type=getattr(pulsar.ConsumerType, kind), negative_ack_redelivery_delay_ms=300)
        p = env.client.create_producer(topic)
        for i in range(6):
            p.send(str(i).encode(), partition_key="k")
        time.sleep(1.5 if kind == "Failover" else 0)
        got = [c.receive(timeout_millis=3000) for _ in range(6)]
        for i in (4, 1, 2):
            c.negative_acknowledge(got[i])
        c.acknowledge(got[0])
        c.acknowledge(got[2])
        facts[kind] = drain(c, 1500, show=counted)
        facts[kind + " stats"] = sub(env, kind)
        p.send(b"new", partition_key="k")
        facts[kind + " new"] = drain(c, 600, show=counted)
        c.redeliver_unacknowledged_messages()
        m = drain(c, 800, show=lambda m: m)
        facts[kind + " redelivered"] = [counted(x) for x in m]
        for x in m[:2]:
            c.negative_acknowledge(x)
        c.close()
        c = env.client.subscribe(topic, "s", consumer_type=getattr(pulsar.ConsumerType, kind))
        facts[kind + " after close"] = drain(c, 2000 if kind == "Failover" else 800, show=counted)
    topic = env.topic("two")
    one, two = [env.client.subscribe(topic, "s", consumer_type=pulsar.ConsumerType.Shared, negative_ack_redelivery_delay_ms=200, receiver_queue_size=100, consumer_name=n) for n in "ab"]
    p = env.client.create_producer(topic)
    for i in range(4):
        p.send(str(i).encode())
    time.sleep(0.3)
    m = drain(one, 300, show=lambda m: m) 
    for x in m:
        one.negative_acknowledge(x)
    one.close()
    facts["two"] = sorted(drain(two, 800, show=lambda m: m.data().decode()))
    topic = env.topic("zero")
    c = env.client.subscribe(topic, "s", consumer_type=pulsar.ConsumerType.Shared, negative_ack_redelivery_delay_ms=0)
    env.client.create_producer(topic).send(b"x")
    counts = []
    for _ in range(3):
        m = c.receive(timeout_millis=3000)
        counts.append(m.redelivery_count())
        c.negative_acknowledge(m)
    facts["zero delay"] = counts
    return facts
