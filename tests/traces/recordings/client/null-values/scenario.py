"""Null values and empty payloads: messages, batches, compaction, table views, schemas."""

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


def compact(env, name):
    env.rest("PUT", env.topic_path(name) + "/compaction")
    for _ in range(60):
        status = env.rest("GET", env.topic_path(name) + "/compaction")
        if status.get("body", {}).get("status") != "RUNNING":
            return status["body"]["status"]
        time.sleep(0.3)


def keyed(m):
    i = m.message_id()
    return [m.partition_key(), m.data().decode(), m.has_null_value(), i.entry_id(), i.batch_index()]


def run(env):
    facts = {}
    c = env.client
    for name, options in [("single", {}), ("batch", {"batching_enabled": True, "batching_max_publish_delay_ms": 300})]:
        topic = env.topic(name)
        keep = c.subscribe(topic, "keep")
        p = c.create_producer(topic, **options)
        for k, v in [("a", b"1"), ("b", b"1"), ("c", b"1"), ("a", None), ("b", b""), ("", None), ("", b"")]:
            p.send_async(v, None, **({"partition_key": k} if k else {}))
        p.flush()
        p.send(b"2", partition_key="d")
        facts[name] = drain(keep, show=keyed)
        facts[name + " compact"] = compact(env, name)
        r = c.create_reader(topic, pulsar.MessageId.earliest, is_read_compacted=True)
        facts[name + " compacted"] = drain(r, show=keyed)
        p.send(None, partition_key="d")
        p.send(b"3", partition_key="e")
        facts[name + " compact again"] = compact(env, name)
        r = c.create_reader(topic, pulsar.MessageId.earliest, is_read_compacted=True)
        facts[name + " compacted again"] = drain(r, show=keyed)
        v = c.create_table_view(topic)
        facts[name + " view"] = [len(v), [v.get(k) for k in "abcde"]]
    p = c.create_producer(env.topic("s"), schema=pulsar.schema.StringSchema())
    s = c.subscribe(env.topic("s"), "s", schema=pulsar.schema.StringSchema(), initial_position=pulsar.InitialPosition.Earliest)
    facts["string none"] = made(lambda: p.send(None))
    p.send("")
    facts["string values"] = drain(s, show=lambda m: [attempt(lambda: m.value()), m.has_null_value(), m.data().decode()])
    class R(pulsar.schema.Record):
        a = pulsar.schema.Integer()
    for kind in (pulsar.schema.JsonSchema, pulsar.schema.AvroSchema):
        n = kind.__name__
        p = c.create_producer(env.topic(n), schema=kind(R))
        s = c.subscribe(env.topic(n), "s", schema=kind(R), initial_position=pulsar.InitialPosition.Earliest)
        facts[n + " none"] = made(lambda: p.send(None))
        p.send(R(a=1))
        facts[n + " values"] = drain(s, show=lambda m: [attempt(lambda: str(m.value())), m.has_null_value(), len(m.data())])
    return facts
