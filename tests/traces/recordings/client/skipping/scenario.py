"""Skipping, clearing and expiring what consumers hold."""

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
    c = env.client
    KS = pulsar.ConsumerType.KeyShared
    a = c.subscribe(env.topic("k"), "s", consumer_type=KS, consumer_name="a", negative_ack_redelivery_delay_ms=200)
    p = c.create_producer(env.topic("k"))
    for i in range(10):
        p.send(b"one%d" % i, partition_key=f"key{i}")
    got = drain(a, show=lambda m: m)
    b = c.subscribe(env.topic("k"), "s", consumer_type=KS, consumer_name="b")
    for i in range(10):
        p.send(b"two%d" % i, partition_key=f"key{i}")
    facts["before"] = [drain(a), drain(b)]
    facts["skip"] = env.rest("POST", env.topic_path("k") + "/subscription/s/skip/10")
    facts["after"] = [drain(a), drain(b)]
    p.send(b"kick", partition_key="key1")
    facts["kicked"] = [drain(a), drain(b)]
    for m in got:
        a.negative_acknowledge(m)
    facts["nacked"] = [drain(a, 800), drain(b)]
    s = c.subscribe(env.topic("s"), "s", consumer_type=pulsar.ConsumerType.Shared, negative_ack_redelivery_delay_ms=200)
    q = c.create_producer(env.topic("s"))
    for i in range(6):
        q.send(str(i).encode())
    got = drain(s, show=lambda m: m)
    env.rest("POST", env.topic_path("s") + "/subscription/s/skip/3")
    facts["skipped"] = sub(env, "s")
    s.negative_acknowledge(got[0])
    s.negative_acknowledge(got[4])
    facts["nack skipped"] = [drain(s, 700, show=counted), sub(env, "s")]
    s.acknowledge(got[1])
    time.sleep(0.3)
    facts["ack skipped"] = sub(env, "s")
    s.redeliver_unacknowledged_messages()
    facts["redelivered"] = [drain(s, 700, show=counted), sub(env, "s")]
    env.rest("POST", env.topic_path("s") + "/subscription/s/skip_all")
    s.close()
    s = c.subscribe(env.topic("s"), "s", consumer_type=pulsar.ConsumerType.Shared)
    facts["reopened"] = [drain(s), sub(env, "s")]
    e = c.subscribe(env.topic("s"), "e")
    for i in range(4):
        q.send(b"e%d" % i)
    got = drain(e, show=lambda m: m)
    env.rest("POST", env.topic_path("s") + "/subscription/e/skip/2")
    e.redeliver_unacknowledged_messages()
    facts["exclusive"] = [drain(e), sub(env, "s", "e")]
    time.sleep(1.2)
    facts["expire"] = env.rest("POST", env.topic_path("s") + "/subscription/e/expireMessages/1").get("status")
    time.sleep(0.3)
    facts["expired"] = sub(env, "s", "e")
    return facts
