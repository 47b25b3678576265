"""An order service with a dead-letter policy: names, a first subscription, batches, what a letter carries, reading letters and sending them again."""

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


def letter(m):
    props = {k: re.sub(r"\d+:", "L:", v) if "ID" in k else v for k, v in m.properties().items()}
    return [m.data().decode(), props, m.partition_key(), m.ordering_key(), m.event_timestamp(), m.redelivery_count(), m.producer_name()[-40:] if "DLQ" in m.producer_name() else "?"]


def run(env):
    facts = {}
    c = env.client
    S = pulsar.ConsumerType.Shared
    P = pulsar.ConsumerDeadLetterPolicy
    o = {"consumer_type": S, "negative_ack_redelivery_delay_ms": 200}
    dead = env.topic("dead")
    a = c.subscribe(env.topic("orders"), "svc", consumer_name="a", dead_letter_policy=P(2, dead, "inspect"), **o)
    p = c.create_producer(env.topic("orders"))
    for v, kw in [("bad", {"partition_key": "k", "ordering_key": "o", "properties": {"x": "1", "REAL_TOPIC": "mine"}, "event_timestamp": 77}), ("good", {})]:
        p.send(v.encode(), **kw)
    seen = []
    for _ in range(6):
        m = attempt(lambda: a.receive(timeout_millis=900))
        if isinstance(m, str):
            break
        seen.append(counted(m))
        a.acknowledge(m) if m.data() == b"good" else a.negative_acknowledge(m)
    facts["seen"] = seen
    time.sleep(0.6)
    facts["left"] = sub(env, "orders", "svc")
    facts["letter topics"] = [env.rest("GET", env.topic_path("dead") + "/subscriptions"), sorted(env.rest("GET", f"/admin/v2/persistent/public/{env.ns}")["body"])]
    i = c.subscribe(dead, "inspect", **o)
    letters = drain(i, 500, show=lambda m: m)
    facts["letters"] = [letter(m) for m in letters]
    for m in letters:
        p.send(m.data() + b" again", properties={k: v for k, v in m.properties().items() if k == "x"})
        i.acknowledge(m)
    facts["sent again"] = drain(a, 600, ack=True, show=counted)
    d = c.subscribe(env.topic("def"), "svc", dead_letter_policy=P(1), **o)
    q = c.create_producer(env.topic("def"), batching_enabled=True, batching_max_publish_delay_ms=200)
    for n in range(4):
        q.send_async(b"m%d" % n, None, partition_key=f"k{n}")
    q.flush()
    seen = []
    while True:
        m = attempt(lambda: d.receive(timeout_millis=900))
        if isinstance(m, str):
            break
        seen.append(placed(m))
        d.acknowledge(m) if m.data() in (b"m0", b"m2") else d.negative_acknowledge(m)
    facts["batch seen"] = seen
    time.sleep(0.6)
    facts["batch left"] = sub(env, "def", "svc")
    facts["default name"] = [x.split("/")[-1] for x in sorted(env.rest("GET", f"/admin/v2/persistent/public/{env.ns}")["body"]) if "DLQ" in x]
    facts["default subs"] = env.rest("GET", env.topic_path("def-svc-DLQ") + "/subscriptions")
    facts["batch letters"] = [letter(m)[:3] for m in drain(c.create_reader(env.topic("def-svc-DLQ"), pulsar.MessageId.earliest), 400, show=lambda m: m)]
    two = [c.subscribe(env.topic("two"), "svc", consumer_name=f"c{n}", dead_letter_policy=P(1), **o) for n in range(2)]
    q = c.create_producer(env.topic("two"), schema=StringSchema())
    q.send("text")
    for _ in range(6):
        for x in two:
            m = attempt(lambda: x.receive(timeout_millis=300))
            if not isinstance(m, str):
                x.negative_acknowledge(m)
    time.sleep(0.5)
    facts["two letters"] = [letter(m)[:2] for m in drain(c.create_reader(env.topic("two-svc-DLQ"), pulsar.MessageId.earliest), 400, show=lambda m: m)]
    facts["letter schema"] = env.rest("GET", f"/admin/v2/schemas/public/{env.ns}/two-svc-DLQ/schema")
    k = c.subscribe(env.topic("keyed"), "svc", consumer_type=pulsar.ConsumerType.KeyShared, negative_ack_redelivery_delay_ms=200, dead_letter_policy=P(1))
    q = c.create_producer(env.topic("keyed"))
    for n in range(4):
        q.send(b"%d" % n, partition_key=f"k{n % 2}")
    seen = []
    while True:
        m = attempt(lambda: k.receive(timeout_millis=700))
        if isinstance(m, str):
            break
        seen.append(counted(m))
        k.negative_acknowledge(m) if m.partition_key() == "k1" else k.acknowledge(m)
    facts["keyed"] = sorted(seen)
    facts["keyed letters"] = [letter(m)[0] for m in drain(c.create_reader(env.topic("keyed-svc-DLQ"), pulsar.MessageId.earliest), 400, show=lambda m: m)]
    l = c.subscribe(env.topic("many"), "svc", dead_letter_policy=P(1), **o)
    q = c.create_producer(env.topic("many"))
    q.send(b"x")
    m = l.receive(timeout_millis=1000)
    l.redeliver_unacknowledged_messages()
    m = l.receive(timeout_millis=1000)
    facts["given back"] = counted(m)
    l.close()
    l = c.subscribe(env.topic("many"), "svc", dead_letter_policy=P(1), **o)
    m = attempt(lambda: l.receive(timeout_millis=1000))
    facts["after closing"] = m if isinstance(m, str) else counted(m)
    return facts
