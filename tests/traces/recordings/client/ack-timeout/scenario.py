"""Messages unacknowledged for ten seconds."""

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
    consumers = {}
    for kind in ["Exclusive", "Shared", "KeyShared", "Failover"]:
        c = consumers[kind] = env.client.subscribe(env.topic(kind), "s", consumer_type=getattr(pulsar.ConsumerType, kind), unacked_messages_timeout_ms=10000)
        p = env.client.create_producer(env.topic(kind))
        for i in range(4):
            p.send(str(i).encode(), partition_key="k")
    time.sleep(1.5)
    for kind, c in consumers.items():
        got = [c.receive(timeout_millis=3000) for _ in range(4)]
        c.acknowledge(got[1])
    b = env.client.create_producer(env.topic("batch"), batching_enabled=True, batching_max_publish_delay_ms=300)
    c = consumers["batch"] = env.client.subscribe(env.topic("batch"), "s", consumer_type=pulsar.ConsumerType.Shared, unacked_messages_timeout_ms=10000)
    for i in range(3):
        b.send_async(str(i).encode(), None)
    b.flush()
    got = [c.receive(timeout_millis=3000) for _ in range(3)]
    c.acknowledge(got[1])
    q = consumers["not received"] = env.client.subscribe(env.topic("q"), "s", consumer_type=pulsar.ConsumerType.Shared, unacked_messages_timeout_ms=10000)
    env.client.create_producer(env.topic("q")).send(b"x")
    time.sleep(9)
    for kind, c in consumers.items():
        facts[kind + " before"] = drain(c, 10 if kind != "not received" else 1, show=counted) if kind != "not received" else []
    time.sleep(3.5)
    for kind, c in consumers.items():
        facts[kind + " after"] = drain(c, 300, show=counted)
    return facts
