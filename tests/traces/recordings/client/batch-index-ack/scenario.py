"""Acknowledging single messages of batches, with and without batch_index_ack_enabled."""

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


def run(env):
    facts = {}
    for kind in ["Exclusive", "Shared", "KeyShared", "Failover"]:
        for index in [False, True]:
            name = f"{kind}-{index}"
            topic = env.topic(name)
            options = dict(consumer_type=getattr(pulsar.ConsumerType, kind), batch_index_ack_enabled=index, negative_ack_redelivery_delay_ms=200)
            c = env.client.subscribe(topic, "s", **options)
            p = env.client.create_producer(topic, batching_enabled=True, batching_max_publish_delay_ms=1000)
            for i in range(5):
                p.send_async(str(i).encode(), None, partition_key="k")
            p.flush()
            time.sleep(1.5 if kind == "Failover" else 0.3)
            got = [c.receive(timeout_millis=3000) for _ in range(5)]
            c.acknowledge(got[1])
            c.acknowledge(got[3].message_id())
            time.sleep(0.4)
            facts[name + " stats"] = sub(env, name)
            c.negative_acknowledge(got[0])
            facts[name + " nacked"] = drain(c, 1200, show=counted)
            c.redeliver_unacknowledged_messages()
            facts[name + " redelivered"] = drain(c, 800, show=counted)
            c.close()
            c = env.client.subscribe(topic, "s", **options)
            facts[name + " again"] = drain(c, 2000 if kind == "Failover" else 800, show=counted)
            facts[name + " stats again"] = sub(env, name)
            if kind in ("Exclusive", "Failover"):
                c.redeliver_unacknowledged_messages()
                m = drain(c, 2000, show=lambda m: m)[:3] or [got[4]]
                c.acknowledge_cumulative(m[-1])
                time.sleep(0.3)
                facts[name + " cumulative"] = sub(env, name)
                c.close()
                c = env.client.subscribe(topic, "s", **options)
                facts[name + " after cumulative"] = drain(c, 2000 if kind == "Failover" else 800, show=counted)
    return facts
