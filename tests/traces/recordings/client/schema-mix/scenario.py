"""Different types of schema on one topic; bytes; strings; keys; versions of messages."""

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


from pulsar.schema import *
import enum


class Color(enum.Enum):
    RED = 1
    BLUE = 2


class Inner(Record):
    z = Integer(default=3)


class R(Record):
    a = Integer()
    b = String(default="d")
    c = Array(String())
    d = Map(Integer())
    e = Inner()
    f = CustomEnum(Color)
    g = Boolean()
    h = Float()
    i = Double()
    j = Long()
    k = Bytes()


class S(Record):
    a = Integer()


class S2(Record):
    a = Integer()
    b = String()


def run(env):
    facts = {}
    c = env.client
    kinds = {"bytes": BytesSchema(), "string": StringSchema(), "json": JsonSchema(S), "avro": AvroSchema(S)}
    for first, one in kinds.items():
        for second, two in kinds.items():
            name = f"{first}-{second}"
            p = attempt(lambda: c.create_producer(env.topic(name), schema=one))
            facts[name] = [made(lambda: c.create_producer(env.topic(name), schema=two)), made(lambda: c.subscribe(env.topic(name), "s", schema=two)), made(lambda: c.create_reader(env.topic(name), pulsar.MessageId.earliest, schema=two))]
    for first, one in kinds.items():
        for second, two in kinds.items():
            name = f"c-{first}-{second}"
            s = attempt(lambda: c.subscribe(env.topic(name), "s", schema=one))
            facts[name] = [made(lambda: c.subscribe(env.topic(name), "t", schema=two)), made(lambda: c.create_producer(env.topic(name), schema=two))]
    for kind in (AvroSchema, JsonSchema):
        n = kind.__name__
        s = c.subscribe(env.topic(n), "s", schema=kind(R))
        p = c.create_producer(env.topic(n), schema=kind(R))
        p.send(R(a=1, c=["x"], d={"k": 1}, e=Inner(), f=Color.BLUE, g=True, h=1.5, i=2.5, j=2**40, k=b"b"))
        m = s.receive(timeout_millis=2000)
        v = m.value()
        facts[n] = [str(v), v.a, v.b, v.c, v.d, str(v.e), str(v.f), v.g, v.h, v.i, v.j, str(v.k), m.schema_version().encode("latin-1").hex() if isinstance(m.schema_version(), str) else str(m.schema_version()), len(m.data())]
        facts[n + " nulls"] = made(lambda: p.send(R(a=None)))
        facts[n + " null value"] = attempt(lambda: str(s.receive(timeout_millis=2000).value()))
        facts[n + " wrong class"] = made(lambda: p.send(S(a=1)))
        facts[n + " wrong type"] = made(lambda: p.send(R(a="x")))
        facts[n + " dict"] = made(lambda: p.send({"a": 1}))
        facts[n + " bytes"] = made(lambda: p.send(b"x"))
        facts[n + " info"] = env.rest("GET", f"/admin/v2/schemas/public/{env.ns}/{n}/schema")
    evo = env.topic("evo")
    s1 = c.subscribe(evo, "one", schema=AvroSchema(S))
    s2 = attempt(lambda: c.subscribe(evo, "two", schema=AvroSchema(S2)))
    facts["two subscribes"] = s2 if isinstance(s2, str) else "ok"
    s2 = c.subscribe(evo, "two") if isinstance(s2, str) else s2
    p1 = c.create_producer(evo, schema=AvroSchema(S))
    p1.send(S(a=1))
    p2 = attempt(lambda: c.create_producer(evo, schema=AvroSchema(S2)))
    facts["evolved"] = p2 if isinstance(p2, str) else "ok"
    if not isinstance(p2, str):
        p2.send(S2(a=2, b="x"))
    p1.send(S(a=3))
    facts["one"] = drain(s1, show=lambda m: [attempt(lambda: str(m.value())), m.schema_version().encode("latin-1").hex()])
    facts["two"] = drain(s2, show=lambda m: [attempt(lambda: str(m.value())), m.schema_version().encode("latin-1").hex()])
    raw = c.subscribe(evo, "raw", initial_position=pulsar.InitialPosition.Earliest)
    facts["raw"] = drain(raw, show=lambda m: [m.data().hex(), m.schema_version().encode("latin-1").hex()])
    facts["versions"] = [env.rest("GET", f"/admin/v2/schemas/public/{env.ns}/evo/schema/{i}").get("status") for i in range(3)]
    facts["all"] = env.rest("GET", f"/admin/v2/schemas/public/{env.ns}/evo/schemas").get("status")
    facts["auto update off"] = env.rest("POST", f"/admin/v2/namespaces/public/{env.ns}/isAllowAutoUpdateSchema", False)
    time.sleep(0.3)
    facts["then"] = [made(lambda: c.create_producer(env.topic("fresh"), schema=AvroSchema(S))), made(lambda: c.create_producer(evo, schema=AvroSchema(R))), made(lambda: c.create_producer(evo, schema=AvroSchema(S)))]
    env.rest("POST", f"/admin/v2/namespaces/public/{env.ns}/isAllowAutoUpdateSchema", True)
    facts["enforced"] = env.rest("POST", f"/admin/v2/namespaces/public/{env.ns}/schemaValidationEnforced", True)
    time.sleep(0.3)
    facts["enforced then"] = [made(lambda: c.create_producer(evo)), made(lambda: c.create_producer(env.topic("unused"))), made(lambda: c.subscribe(evo, "plain")), made(lambda: c.create_producer(env.topic("string-string")))]
    facts["text into bytes"] = made(lambda: c.create_producer(env.topic("bb"), schema=StringSchema()).send(b"x"))
    facts["number into string"] = made(lambda: c.create_producer(env.topic("bb"), schema=StringSchema()).send(5))
    facts["string none"] = made(lambda: c.create_producer(env.topic("bb"), schema=StringSchema()).send(None))
    env.rest("PUT", env.topic_path("pt") + "/partitions", 2)
    pp = c.create_producer(env.topic("pt"), schema=AvroSchema(S))
    ps = c.subscribe(env.topic("pt"), "s", schema=AvroSchema(S), initial_position=pulsar.InitialPosition.Earliest)
    for i in range(4):
        pp.send(S(a=i), partition_key=f"k{i}")
    facts["partitioned"] = sorted(drain(ps, show=lambda m: m.value().a))
    facts["partitioned other"] = made(lambda: c.create_producer(env.topic("pt"), schema=StringSchema()))
    facts["partitioned schema"] = env.rest("GET", f"/admin/v2/schemas/public/{env.ns}/pt/schema").get("status")
    facts["partition's schema"] = env.rest("GET", f"/admin/v2/schemas/public/{env.ns}/pt-partition-0/schema").get("status")
    return facts
