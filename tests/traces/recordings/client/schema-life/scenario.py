"""Schemas that grow, bytes beside types, values that do not fit, versions on messages"""

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
    class V1(Record):
        name = String()
    class V2(Record):
        name = String()
        size = Integer(default=3)
    class V3(Record):
        name = Integer(required=True)
    t = env.topic("t")
    p1 = c.create_producer(t, schema=AvroSchema(V1))
    p1.send(V1(name="one"))
    p2 = attempt(lambda: c.create_producer(t, schema=AvroSchema(V2)))
    facts["grows"] = p2 if isinstance(p2, str) else "ok"
    if not isinstance(p2, str):
        p2.send(V2(name="two", size=2))
    p1.send(V1(name="old again"))
    facts["refused"] = [made(lambda: c.create_producer(t, schema=AvroSchema(V3))), made(lambda: c.subscribe(t, "x", schema=AvroSchema(V3))), made(lambda: c.create_producer(t, schema=JsonSchema(V1))), made(lambda: c.create_producer(t, schema=StringSchema())), made(lambda: c.subscribe(t, "y", schema=StringSchema())), made(lambda: c.create_reader(t, first, schema=JsonSchema(V1)))]
    facts["bytes producer"] = made(lambda: c.create_producer(t))
    for label, schema in (("v1", AvroSchema(V1)), ("v2", AvroSchema(V2))):
        r = attempt(lambda: c.create_reader(t, first, schema=schema))
        facts[label] = r if isinstance(r, str) else drain(r, 500, show=lambda m: [attempt(lambda: m.value().name), attempt(lambda: getattr(m.value(), "size", "no size")), len(m.data()), repr(m.schema_version())])
    raw = c.create_reader(t, first)
    facts["raw"] = drain(raw, 500, show=lambda m: [m.value() == m.data(), repr(m.schema_version())])
    facts["versions"] = env.rest("GET", f"/admin/v2/schemas/public/{env.ns}/t/versions")["status"]
    facts["wrong values"] = [made(lambda: p1.send("x")), made(lambda: p1.send({"name": "x"})), made(lambda: p1.send(V1(name=5))), made(lambda: p1.send(V2(name="a"))), made(lambda: p1.send(V1())), made(lambda: p1.send(None))]
    j = env.topic("j")
    pj = c.create_producer(j, schema=JsonSchema(V1))
    pj.send(V1(name="json"))
    rj = attempt(lambda: c.create_reader(j, first, schema=JsonSchema(V2)))
    facts["json other"] = rj if isinstance(rj, str) else drain(rj, 500, show=lambda m: [attempt(lambda: m.value().name), attempt(lambda: m.value().size), m.data().decode()])
    s = env.topic("s")
    ps = c.create_producer(s, schema=StringSchema())
    facts["string"] = [made(lambda: ps.send("é")), made(lambda: ps.send(b"x")), made(lambda: ps.send(5)), made(lambda: ps.send(None))]
    facts["string read"] = drain(c.create_reader(s, first, schema=StringSchema()), 400, show=lambda m: [m.value(), len(m.data())])
    facts["string as bytes"] = drain(c.create_reader(s, first), 400, show=lambda m: repr(m.value()))
    facts["bytes on string"] = [made(lambda: c.create_producer(s)), made(lambda: c.subscribe(s, "b")), made(lambda: c.subscribe(s, "c", schema=JsonSchema(V1)))]
    u = env.topic("u")
    pu = c.create_producer(u)
    pu.send(b"not avro")
    facts["typed reader on bytes"] = made(lambda: c.create_reader(u, first, schema=AvroSchema(V1)))
    ru = attempt(lambda: c.create_reader(u, first, schema=JsonSchema(V1)))
    facts["json reader on bytes"] = ru if isinstance(ru, str) else drain(ru, 400, show=lambda m: attempt(lambda: m.value()))
    facts["typed producer after bytes"] = made(lambda: c.create_producer(u, schema=AvroSchema(V1)))
    facts["then bytes"] = [made(lambda: pu.send(b"more")), made(lambda: c.create_producer(u))]
    facts["evolved schema"] = env.rest("GET", f"/admin/v2/schemas/public/{env.ns}/t/schema").get("body", {}).get("version")
    return facts
