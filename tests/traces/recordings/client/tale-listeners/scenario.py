"""Listeners of consumers and readers: acknowledging, raising, closing and publishing inside, with dead letters, partitions, redelivery."""

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
    heard = []
    side = c.create_producer(env.topic("side"))
    def work(consumer, m):
        heard.append([m.data().decode(), m.redelivery_count()])
        if m.data() == b"bad":
            consumer.negative_acknowledge(m)
        elif m.data() == b"raise":
            raise ValueError("no")
        elif m.data() == b"publish":
            side.send_async(b"from listener", None)
            consumer.acknowledge(m)
        else:
            consumer.acknowledge(m)
    s = c.subscribe(env.topic("t"), "s", consumer_type=S, message_listener=work, negative_ack_redelivery_delay_ms=200, dead_letter_policy=pulsar.ConsumerDeadLetterPolicy(2, env.topic("dead"), "look"))
    p = c.create_producer(env.topic("t"))
    for v in (b"one", b"bad", b"raise", b"publish", b"two"):
        p.send(v)
    time.sleep(2)
    facts["heard"] = list(heard)
    facts["sub"] = sub(env, "t")
    facts["dead"] = drain(c.subscribe(env.topic("dead"), "look"), 400)
    facts["side"] = drain(c.create_reader(env.topic("side"), pulsar.MessageId.earliest), 400)
    s.close()
    rheard = []
    r = c.create_reader(env.topic("t"), pulsar.MessageId.earliest, reader_listener=lambda reader, m: rheard.append([m.data().decode(), type(reader).__name__]))
    time.sleep(0.5)
    facts["reader"] = list(rheard)
    p.send(b"later")
    time.sleep(0.4)
    facts["reader later"] = rheard[len(facts["reader"]):]
    facts["read next"] = made(lambda: r.read_next(timeout_millis=10))
    facts["reader available"] = attempt(r.has_message_available)
    r.seek(pulsar.MessageId.earliest)
    time.sleep(0.5)
    facts["after seek"] = len(rheard)
    r.close()
    env.rest("PUT", env.topic_path("p") + "/partitions", 2)
    ph = []
    ps = c.subscribe(env.topic("p"), "s", message_listener=lambda consumer, m: (ph.append([m.data().decode(), m.message_id().partition(), type(consumer).__name__]), consumer.acknowledge(m)))
    q = c.create_producer(env.topic("p"))
    for i in range(4):
        q.send(b"%d" % i, partition_key=f"k{i}")
    time.sleep(0.4)
    facts["partitions"] = sorted(ph)
    facts["backlog"] = [sub(env, f"p-partition-{i}")["msgBacklog"] for i in range(2)]
    ps.pause_message_listener()
    q.send(b"paused", partition_key="k0")
    time.sleep(0.4)
    facts["paused"] = len(ph)
    ps.resume_message_listener()
    time.sleep(0.4)
    facts["resumed"] = len(ph)
    slow = []
    def later(consumer, m):
        slow.append(m)
    x = c.subscribe(env.topic("keep"), "s", consumer_type=S, message_listener=later)
    k = c.create_producer(env.topic("keep"))
    for i in range(3):
        k.send(b"%d" % i)
    time.sleep(0.4)
    facts["acknowledged outside"] = [made(lambda: x.acknowledge(m)) for m in slow]
    time.sleep(0.2)
    facts["keep"] = sub(env, "keep")
    facts["wrong listener"] = [made(lambda: c.subscribe(env.topic("w"), "s", message_listener=5)), made(lambda: c.create_reader(env.topic("w"), pulsar.MessageId.earliest, reader_listener="x"))]
    return facts
