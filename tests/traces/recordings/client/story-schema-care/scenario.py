"""A team evolves its schema: strategies, old and new producers, bytes beside them, versions, deletion, what the registry shows."""

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


class User1(Record):
    name = String(required=True)


class User2(Record):
    name = String(required=True)
    age = Integer(default=1)


class User3(Record):
    name = String(required=True)
    age = Integer(required=True)


class User4(Record):
    name = Integer(required=True)


class Odd(Record):
    name = String(required=True)
    note = String()


def run(env):
    facts = {}
    c = env.client
    ns = f"/admin/v2/namespaces/public/{env.ns}"
    facts["at first"] = [env.rest("GET", ns + f"/{x}") for x in ("schemaCompatibilityStrategy", "isAllowAutoUpdateSchema", "schemaValidationEnforced", "schemaAutoUpdateCompatibilityStrategy")]
    for strategy in ["FULL", "BACKWARD", "FORWARD", "ALWAYS_COMPATIBLE", "ALWAYS_INCOMPATIBLE", "BACKWARD_TRANSITIVE", "FULL_TRANSITIVE", "UNDEFINED"]:
        facts["set " + strategy] = env.rest("PUT", ns + "/schemaCompatibilityStrategy", strategy)
        time.sleep(0.7)
        for kind in (AvroSchema, JsonSchema):
            t = env.topic(f"{strategy}-{kind.__name__}")
            c.create_producer(t, schema=kind(User1)).send(User1(name="a"))
            row = []
            for one in (User2, User3, User4, Odd, User1):
                row.append(made(lambda: c.create_producer(t, schema=kind(one))).split("{")[0][:100])
                row.append(made(lambda: c.subscribe(t, one.__name__, schema=kind(one)))[:100])
            facts[f"{strategy} {kind.__name__}"] = row
            facts[f"{strategy} {kind.__name__} versions"] = [[x["version"], x["type"]] for x in env.rest("GET", f"/admin/v2/schemas/public/{env.ns}/{strategy}-{kind.__name__}/schemas")["body"]["getSchemaResponses"]]
    facts["unknown strategy"] = env.rest("PUT", ns + "/schemaCompatibilityStrategy", "NOPE")
    env.rest("PUT", ns + "/schemaCompatibilityStrategy", "FULL")
    facts["no auto update"] = env.rest("POST", ns + "/isAllowAutoUpdateSchema", text="false")
    time.sleep(0.7)
    facts["new schema on new topic"] = made(lambda: c.create_producer(env.topic("auto"), schema=AvroSchema(User1)))
    facts["consumer on new topic"] = made(lambda: c.subscribe(env.topic("auto2"), "s", schema=AvroSchema(User1)))
    facts["evolved by producer"] = made(lambda: c.create_producer(env.topic("FULL-AvroSchema"), schema=AvroSchema(User2)))
    facts["known by producer"] = made(lambda: c.create_producer(env.topic("FULL-AvroSchema"), schema=AvroSchema(User1)))
    facts["bytes by producer"] = made(lambda: c.create_producer(env.topic("FULL-AvroSchema")))
    env.rest("POST", ns + "/isAllowAutoUpdateSchema", text="true")
    facts["enforce"] = env.rest("POST", ns + "/schemaValidationEnforced", text="true")
    time.sleep(0.7)
    facts["bytes on enforced"] = made(lambda: c.create_producer(env.topic("FULL-AvroSchema")))
    facts["bytes on enforced new"] = made(lambda: c.create_producer(env.topic("newest")))
    facts["bytes consumer on enforced"] = made(lambda: c.subscribe(env.topic("FULL-AvroSchema"), "bytes"))
    env.rest("POST", ns + "/schemaValidationEnforced", text="false")
    s = f"/admin/v2/schemas/public/{env.ns}/FULL-AvroSchema"
    info = {"type": "AVRO", "schema": '{"type":"record","name":"User","fields":[{"name":"name","type":"string"},{"name":"x","type":["null","int"],"default":null}]}', "properties": {}}
    facts["compatible"] = env.rest("POST", s + "/compatibility", info)
    facts["version of"] = env.rest("POST", s + "/version", info)
    facts["post"] = env.rest("POST", s + "/schema", info)
    facts["version then"] = env.rest("POST", s + "/version", info)
    facts["incompatible"] = env.rest("POST", s + "/compatibility", {**info, "schema": '{"type":"record","name":"User","fields":[{"name":"name","type":"int"}]}'})
    facts["post incompatible"] = env.rest("POST", s + "/schema", {**info, "schema": '{"type":"record","name":"User","fields":[{"name":"name","type":"int"}]}'})
    facts["post json"] = env.rest("POST", s + "/schema", {**info, "type": "JSON"})
    facts["post broken"] = env.rest("POST", s + "/schema", {**info, "schema": "{"})
    facts["latest"] = env.rest("GET", s + "/schema")
    facts["version 0"] = env.rest("GET", s + "/schema/0")
    facts["version 9"] = env.rest("GET", s + "/schema/9")
    facts["delete"] = env.rest("DELETE", s + "/schema")
    facts["latest then"] = env.rest("GET", s + "/schema")
    facts["old after deletion"] = made(lambda: c.create_producer(env.topic("FULL-AvroSchema"), schema=AvroSchema(User4)))
    facts["versions after deletion"] = [[x["version"], x["type"]] for x in env.rest("GET", s + "/schemas").get("body", {}).get("getSchemaResponses", [])]
    return facts
