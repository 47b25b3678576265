"""A batch handled half: acknowledged members, given back, timed out, closed; with and without batch index acknowledgement, in each type."""

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
    for kind in ["Exclusive", "Shared", "KeyShared", "Failover"]:
        for index in (False, True):
            name = f"{kind}-{index}"
            t = env.topic(name)
            kw = {"consumer_type": getattr(pulsar.ConsumerType, kind), "batch_index_ack_enabled": index, "negative_ack_redelivery_delay_ms": 300}
            s = c.subscribe(t, "s", **kw)
            p = c.create_producer(t, batching_enabled=True, batching_max_publish_delay_ms=300, batching_type=pulsar.BatchingType.KeyBased if kind == "KeyShared" else pulsar.BatchingType.Default)
            for b in range(2):
                for i in range(4):
                    p.send_async(f"{b}{i}".encode(), None, partition_key="k")
                p.flush()
            if kind == "Failover":
                time.sleep(1.2)
            got = drain(s, 400, show=lambda m: m)
            fact = {"got": [placed(m) for m in got]}
            for m in got[:3]:
                s.acknowledge(m)
            s.negative_acknowledge(got[3])
            s.negative_acknowledge(got[5])
            fact["nacked"] = drain(s, 900, show=placed)
            fact["sub"] = sub(env, name)
            x = [m for m in got if m.data() == b"06"]
            s.acknowledge(got[4])
            time.sleep(0.2)
            s.redeliver_unacknowledged_messages()
            fact["given back"] = drain(s, 700, show=placed)
            fact["sub 2"] = sub(env, name)
            fact["ack"] = stats(env, name)["subscriptions"]["s"]["consumers"][0].get("unackedMessages")
            s.close()
            s = c.subscribe(t, "s", **kw)
            if kind == "Failover":
                time.sleep(1.2)
            got = drain(s, 500, show=lambda m: m)
            fact["again"] = [placed(m) for m in got]
            if kind in ("Exclusive", "Failover"):
                fact["cumulative"] = made(lambda: s.acknowledge_cumulative(got[-2]))
            else:
                for m in got[:-1]:
                    s.acknowledge(m)
            time.sleep(0.3)
            fact["sub 3"] = sub(env, name)
            s.redeliver_unacknowledged_messages()
            fact["at last"] = drain(s, 600, show=placed)
            s.acknowledge(got[-1])
            time.sleep(0.3)
            fact["done"] = sub(env, name)
            facts[name] = fact
    return facts
