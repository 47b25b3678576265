"""Schemas of every sort through producer, consumer, reader and table view: what value() gives, what is refused."""

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


from enum import Enum


class Kind(Enum):
    A = 1
    B = 2


class Item(Record):
    sku = String()
    n = Integer(default=3)


class Order(Record):
    id = Long(required=True)
    total = Double()
    ok = Boolean(default=True)
    tags = Array(String())
    extra = Map(Integer())
    item = Item()
    items = Array(Item())
    kind = CustomEnum(Kind)
    raw = Bytes()
    f = Float()
    note = String(default="none", required=False)


def same(x):
    return re.sub("0x[0-9a-f]+", "0x", repr(x))


def run(env):
    facts = {}
    c = env.client
    for kind in (AvroSchema, JsonSchema):
        n = kind.__name__
        t = env.topic(n)
        p = c.create_producer(t, schema=kind(Order))
        s = c.subscribe(t, "s", schema=kind(Order), initial_position=pulsar.InitialPosition.Earliest)
        b = c.subscribe(t, "bytes", initial_position=pulsar.InitialPosition.Earliest)
        orders = {
            "whole": lambda: Order(id=1, total=2.5, ok=False, tags=["a", "b"], extra={"x": 1}, item=Item(sku="s"), items=[Item(sku="t", n=1)], kind=Kind.B, raw=b"r", f=1.5, note="hi"),
            "least": lambda: Order(id=2),
            "no id": lambda: Order(),
            "int as double": lambda: Order(id=3, total=4),
            "text as id": lambda: Order(id="x"),
            "list of numbers": lambda: Order(id=4, tags=[1, 2]),
            "map of text": lambda: Order(id=5, extra={"a": "b"}),
            "dict as record": lambda: Order(id=6, item={"sku": "d"}),
            "enum by name": lambda: Order(id=7, kind="A"),
            "enum by number": lambda: Order(id=8, kind=1),
            "unknown field": lambda: Order(id=9, nope=1),
            "none": lambda: None,
            "large": lambda: Order(id=2**63),
            "bool as id": lambda: Order(id=True),
        }
        for label, make in orders.items():
            facts[f"{n} {label}"] = made(lambda: p.send(make()))
            m = attempt(lambda: s.receive(timeout_millis=400))
            if not isinstance(m, str):
                s.acknowledge(m)
                facts[f"{n} {label} value"] = attempt(lambda: {k: same(v) for k, v in m.value().__dict__.items()})
                facts[f"{n} {label} data"] = attempt(lambda: m.data().decode("latin-1"))
        v = attempt(lambda: s.receive(timeout_millis=100))
        facts[n + " equal"] = [attempt(lambda: Order(id=1) == Order(id=1)), attempt(lambda: Order(id=1) == Order(id=2)), attempt(lambda: Item(sku="a") != Item(sku="a"))]
        facts[n + " schema"] = env.rest("GET", f"/admin/v2/schemas/public/{env.ns}/{n}/schema")
        facts[n + " raw"] = drain(b, 300, show=lambda m: [len(m.data()), same(m.schema_version())])
        facts[n + " string on it"] = made(lambda: c.create_producer(t, schema=StringSchema()))
        facts[n + " reader"] = len(drain(c.create_reader(t, pulsar.MessageId.earliest, schema=kind(Order)), 400, show=lambda m: same(attempt(m.value))))
    t = env.topic("text")
    p = c.create_producer(t, schema=StringSchema())
    for v in ["a", "\u00e9", "", b"bytes", 5, None]:
        facts["text " + repr(v)] = made(lambda: p.send(v))
    facts["texts"] = [same(v) for v in drain(c.create_reader(t, pulsar.MessageId.earliest, schema=StringSchema()), 400, show=lambda m: attempt(m.value))]
    facts["texts as json"] = made(lambda: c.create_reader(t, pulsar.MessageId.earliest, schema=JsonSchema(Item)))
    q = c.create_producer(env.topic("bin"))
    q.send(b"\xff\xfe")
    facts["as text on bytes"] = made(lambda: c.subscribe(env.topic("bin"), "s", schema=StringSchema(), initial_position=pulsar.InitialPosition.Earliest))
    class Sub(Item):
        more = String()
    facts["inherited"] = attempt(lambda: str(Sub.schema()))
    facts["schema of item"] = attempt(lambda: str(Item.schema()))
    facts["names"] = attempt(lambda: [JsonSchema(Item).schema_info().name(), AvroSchema(Item).schema_info().schema_type().name])
    facts["avro by definition"] = made(lambda: AvroSchema(None, schema_definition={"type": "record", "name": "X", "fields": [{"name": "a", "type": "int"}]}))
    d = attempt(lambda: c.create_producer(env.topic("dict"), schema=AvroSchema(None, schema_definition={"type": "record", "name": "X", "fields": [{"name": "a", "type": "int"}]})))
    facts["dict sent"] = d if isinstance(d, str) else [made(lambda: d.send({"a": 1})), made(lambda: d.send({"a": "x"})), made(lambda: d.send({}))]
    rd = attempt(lambda: c.create_reader(env.topic("dict"), pulsar.MessageId.earliest, schema=AvroSchema(None, schema_definition={"type": "record", "name": "X", "fields": [{"name": "a", "type": "int"}]})))
    facts["dict read"] = rd if isinstance(rd, str) else drain(rd, 400, show=lambda m: same(attempt(m.value)))
    return facts
