"""Delayed messages with each kind of subscription, with batches, seeks, close, ttl."""

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


from datetime import timedelta


def run(env):
    facts = {}
    c = env.client
    subs = {}
    for kind in ["Exclusive", "Shared", "KeyShared", "Failover"]:
        s = subs[kind] = c.subscribe(env.topic(kind), "s", consumer_type=getattr(pulsar.ConsumerType, kind))
        p = c.create_producer(env.topic(kind))
        p.send(b"late", deliver_after=timedelta(seconds=4), partition_key="k")
        p.send(b"now", partition_key="k")
        p.send(b"past", deliver_at=1, partition_key="k")
        p.send(b"later", deliver_after=timedelta(seconds=7), partition_key="k")
        p.send(b"soon", deliver_at=int(time.time() * 1000) + 4000, partition_key="k")
    time.sleep(1.5)
    for kind, s in subs.items():
        facts[kind] = drain(s, 50, show=counted)
        facts[kind + " stats"] = sub(env, kind)
    time.sleep(3.5)
    for kind, s in subs.items():
        facts[kind + " then"] = drain(s, 50, show=counted)
    time.sleep(3)
    for kind, s in subs.items():
        facts[kind + " at last"] = drain(s, 50, show=counted)
    s = c.subscribe(env.topic("close"), "s", consumer_type=pulsar.ConsumerType.Shared)
    p = c.create_producer(env.topic("close"))
    p.send(b"x", deliver_after=timedelta(seconds=3))
    time.sleep(0.5)
    s.close()
    s = c.subscribe(env.topic("close"), "s", consumer_type=pulsar.ConsumerType.Shared)
    facts["reopened at once"] = drain(s, 300)
    time.sleep(3.5)
    facts["reopened later"] = drain(s, 300)
    s = c.subscribe(env.topic("to-exclusive"), "s", consumer_type=pulsar.ConsumerType.Shared)
    p = c.create_producer(env.topic("to-exclusive"))
    p.send(b"x", deliver_after=timedelta(seconds=30))
    time.sleep(0.5)
    s.close()
    facts["exclusive gets it at once"] = drain(c.subscribe(env.topic("to-exclusive"), "s"), 500)
    r = c.create_reader(env.topic("to-exclusive"), pulsar.MessageId.earliest)
    facts["reader gets it at once"] = drain(r, 500)
    b = c.create_producer(env.topic("batch"), batching_enabled=True, batching_max_publish_delay_ms=300)
    s = c.subscribe(env.topic("batch"), "s", consumer_type=pulsar.ConsumerType.Shared)
    ids = []
    b.send_async(b"1", lambda r, m: ids.append([m.entry_id(), m.batch_index()]))
    b.send_async(b"2", lambda r, m: ids.append([m.entry_id(), m.batch_index()]), deliver_after=timedelta(seconds=3))
    b.send_async(b"3", lambda r, m: ids.append([m.entry_id(), m.batch_index()]))
    b.flush()
    facts["batch ids"] = sorted(ids)
    facts["batch"] = drain(s, 700, show=placed)
    time.sleep(3.5)
    facts["batch then"] = drain(s, 300, show=placed)
    two = [c.subscribe(env.topic("two"), "s", consumer_type=pulsar.ConsumerType.Shared, negative_ack_redelivery_delay_ms=300) for _ in range(2)]
    p = c.create_producer(env.topic("two"))
    p.send(b"x", deliver_after=timedelta(seconds=2))
    p.send(b"y", deliver_after=timedelta(seconds=60))
    time.sleep(2.5)
    got = drain(two[0], 300, show=lambda m: m), drain(two[1], 300, show=lambda m: m)
    facts["two"] = len(got[0]) + len(got[1])
    facts["skipped"] = [env.rest("POST", env.topic_path("two") + "/subscription/s/skip_all"), sub(env, "two")]
    s = c.subscribe(env.topic("seek"), "s", consumer_type=pulsar.ConsumerType.Shared)
    p = c.create_producer(env.topic("seek"))
    p.send(b"a", deliver_after=timedelta(seconds=30))
    p.send(b"b")
    facts["before seek"] = drain(s, 400)
    s.seek(pulsar.MessageId.earliest)
    facts["after seek"] = drain(s, 700)
    facts["stats"] = sub(env, "seek")
    return facts
