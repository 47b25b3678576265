"""Deduplication: a producer that comes back with its name and its sequence; readers, batches and consumers see what was kept."""

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
    ns = f"/admin/v2/namespaces/public/{env.ns}"
    facts["enable"] = env.rest("POST", ns + "/deduplication", text="true")
    facts["is on"] = env.rest("GET", ns + "/deduplication")
    t = env.topic("orders")
    p = c.create_producer(t, producer_name="shop", initial_sequence_id=9)
    facts["at first"] = [p.last_sequence_id(), p.producer_name()]
    facts["ids"] = [p.send(str(i).encode(), sequence_id=s).entry_id() for i, s in enumerate([10, 11, 11, 15, 12, 16])]
    facts["last"] = p.last_sequence_id()
    facts["same name beside"] = made(lambda: c.create_producer(t, producer_name="shop"))
    p.close()
    p = c.create_producer(t, producer_name="shop")
    facts["came back"] = p.last_sequence_id()
    first = p.send(b"without")
    facts["without"] = [first.entry_id(), p.last_sequence_id()]
    facts["old"] = [p.send(b"old", sequence_id=3).entry_id(), p.last_sequence_id()]
    p.close()
    p = c.create_producer(t, producer_name="shop", initial_sequence_id=0)
    facts["initial 0"] = [p.last_sequence_id(), p.send(b"zero").entry_id(), p.last_sequence_id()]
    p.close()
    p = c.create_producer(t, producer_name="shop", initial_sequence_id=100)
    facts["initial 100"] = [p.last_sequence_id(), p.send(b"hundred").entry_id(), p.last_sequence_id()]
    q = c.create_producer(t, producer_name="web")
    facts["web"] = [q.last_sequence_id(), q.send(b"web", sequence_id=1).entry_id(), q.last_sequence_id()]
    anon = c.create_producer(t)
    facts["anonymous"] = [anon.last_sequence_id(), anon.send(b"anon", sequence_id=1).entry_id(), anon.send(b"anon", sequence_id=1).entry_id()]
    r = c.create_reader(t, pulsar.MessageId.earliest)
    facts["kept"] = drain(r, show=lambda m: [m.data().decode(), m.message_id().entry_id()])
    facts["stats"] = {k: stats(env, "orders")[k] for k in ["msgInCounter", "deduplicationStatus"]}
    facts["publishers"] = sorted([x["producerName"] if x["producerName"] in ("shop", "web") else "?", x["accessMode"]] for x in stats(env, "orders")["publishers"])
    facts["unload"] = env.rest("PUT", env.topic_path("orders") + "/unload")
    time.sleep(1.5)
    facts["after unload"] = [p.send(b"again", sequence_id=101).entry_id() >= 0, p.last_sequence_id(), p.send(b"next", sequence_id=102).entry_id() >= 0, p.last_sequence_id()]
    got = drain(c.subscribe(t, "late", initial_position=pulsar.InitialPosition.Earliest), show=lambda m: m.data().decode())
    facts["all"] = got
    b = c.create_producer(env.topic("batched"), producer_name="b", batching_enabled=True, batching_max_publish_delay_ms=400, initial_sequence_id=0)
    heard = []
    for i, s in enumerate([1, 2, 3]):
        b.send_async(str(i).encode(), lambda r, m: heard.append([str(r), m.entry_id(), m.batch_index()]), sequence_id=s)
    b.flush()
    for i, s in enumerate([2, 3, 4]):
        b.send_async(b"x%d" % i, lambda r, m: heard.append([str(r), m.entry_id(), m.batch_index()]), sequence_id=s)
    b.flush()
    for i, s in enumerate([1, 2]):
        b.send_async(b"y%d" % i, lambda r, m: heard.append([str(r), m.entry_id(), m.batch_index()]), sequence_id=s)
    b.flush()
    facts["batches"] = [heard, b.last_sequence_id()]
    facts["in batches"] = drain(c.create_reader(env.topic("batched"), pulsar.MessageId.earliest), show=placed)
    facts["off"] = env.rest("POST", ns + "/deduplication", text="false")
    time.sleep(1)
    facts["sent twice"] = [p.send(b"twice", sequence_id=1).entry_id() >= 0, p.send(b"twice", sequence_id=1).entry_id() >= 0]
    time.sleep(0.3)
    facts["status"] = stats(env, "orders")["deduplicationStatus"]
    facts["topic on"] = env.rest("POST", env.topic_path("orders") + "/deduplicationEnabled", text="true")
    facts["topic is"] = env.rest("GET", env.topic_path("orders") + "/deduplicationEnabled")
    return facts
