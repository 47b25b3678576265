"""Compatibility strategies, versions, consumers with other schemas."""

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


class V1(Record):
    _avro_namespace = "x"
    a = Integer()


class V2(Record):
    _avro_namespace = "x"
    a = Integer()
    b = String()


class V3(Record):
    _avro_namespace = "x"
    a = Integer()
    b = String(required=True)


class V4(Record):
    _avro_namespace = "x"
    a = String()


class V5(Record):
    _avro_namespace = "x"
    b = String()


def named(cls):
    return type("R", (Record,), dict(cls.__dict__))


def run(env):
    facts = {}
    c = env.client
    versions = {}
    for kind in (AvroSchema, JsonSchema):
        for strategy in ["UNDEFINED", "ALWAYS_COMPATIBLE", "ALWAYS_INCOMPATIBLE", "BACKWARD", "FORWARD", "FULL", "BACKWARD_TRANSITIVE", "FORWARD_TRANSITIVE", "FULL_TRANSITIVE"]:
            name = f"{kind.__name__}-{strategy}"
            env.rest("PUT", f"/admin/v2/namespaces/public/{env.ns}/schemaCompatibilityStrategy", strategy)
            time.sleep(0.05)
            result = []
            for v in (V1, V2, V3, V4, V5, V1):
                result.append(made(lambda: c.create_producer(env.topic(name), schema=kind(v))))
            facts[name] = result
            facts[name + " consumers"] = [made(lambda: c.subscribe(env.topic(name), f"s{i}", schema=kind(v))) for i, v in enumerate((V1, V2, V3, V4, V5))]
    return facts
