"""Seeking: kinds of subscription, batches, times, pending acks, several consumers, partitions."""

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
        topic = env.topic(kind)
        c = env.client.subscribe(topic, "s", consumer_type=getattr(pulsar.ConsumerType, kind))
        p = env.client.create_producer(topic)
        ids, times = [], []
        for i in range(6):
            times.append(int(time.time() * 1000))
            ids.append(p.send(str(i).encode(), partition_key="k"))
            time.sleep(0.02)
        time.sleep(1.3 if kind == "Failover" else 0)
        facts[kind] = drain(c, 600, ack=True, show=counted)
        c.seek(ids[2])
        facts[kind + " id 2"] = drain(c, 1800 if kind == "Failover" else 600, show=counted)
        c.seek(times[4])
        facts[kind + " time 4"] = drain(c, 1800 if kind == "Failover" else 600, show=counted)
        c.seek(pulsar.MessageId.earliest)
        facts[kind + " earliest"] = drain(c, 1800 if kind == "Failover" else 600, show=counted)
        facts[kind + " stats"] = sub(env, kind)
        c.seek(pulsar.MessageId.latest)
        facts[kind + " latest"] = drain(c, 600, show=counted)
        facts[kind + " stats at latest"] = sub(env, kind)
        c.seek(0)
        facts[kind + " time 0"] = len(drain(c, 1800 if kind == "Failover" else 600))
        facts[kind + " future"] = made(lambda: c.seek(int(time.time() * 1000) + 100000))
        facts[kind + " after future"] = drain(c, 600)
        p.send(b"next", partition_key="k")
        facts[kind + " next"] = drain(c, 600)
        facts[kind + " bad"] = [made(lambda: c.seek("x")), made(lambda: c.seek(None)), made(lambda: c.seek(-1)), made(lambda: c.seek(1.5))]
        c.close()
        facts[kind + " closed"] = made(lambda: c.seek(0))
    topic = env.topic("batch")
    for inclusive in [False, True]:
        c = env.client.subscribe(topic, f"s{inclusive}", start_message_id_inclusive=inclusive)
        p = env.client.create_producer(topic, batching_enabled=True, batching_max_publish_delay_ms=300)
        ids = []
        for i in range(4):
            p.send_async(str(i).encode(), lambda r, m: ids.append(m))
        p.flush()
        p.send(b"last")
        facts[f"batch {inclusive}"] = drain(c)
        for i in range(4):
            c.seek(ids[i])
            facts[f"batch {inclusive} {i}"] = drain(c)
    two = [env.client.subscribe(env.topic("two"), "s", consumer_type=pulsar.ConsumerType.Shared, consumer_name=n) for n in "ab"]
    p = env.client.create_producer(env.topic("two"))
    ids = [p.send(str(i).encode()) for i in range(4)]
    facts["two"] = sorted(drain(two[0], ack=True) + drain(two[1], ack=True))
    facts["two seek"] = made(lambda: two[0].seek(pulsar.MessageId.earliest))
    time.sleep(0.5)
    facts["two after"] = sorted(drain(two[0], 800) + drain(two[1], 800))
    env.rest("PUT", env.topic_path("p") + "/partitions", 2)
    c = env.client.subscribe(env.topic("p"), "s")
    p = env.client.create_producer(env.topic("p"))
    ids = [p.send(str(i).encode(), partition_key=f"k{i}") for i in range(6)]
    facts["p"] = sorted(drain(c, ack=True))
    facts["p id"] = made(lambda: c.seek(ids[2]))
    facts["p after id"] = sorted(drain(c))
    facts["p time"] = made(lambda: c.seek(0))
    facts["p after time"] = sorted(drain(c))
    facts["p earliest"] = made(lambda: c.seek(pulsar.MessageId.earliest))
    facts["p after earliest"] = sorted(drain(c))
    facts["p latest"] = made(lambda: c.seek(pulsar.MessageId.latest))
    facts["p after latest"] = sorted(drain(c))
    facts["p last"] = attempt(lambda: str(c.get_last_message_id()))
    l = env.client.subscribe([env.topic("Shared"), env.topic("two")], "list")
    facts["list"] = [made(lambda: l.seek(0)), made(lambda: l.seek(pulsar.MessageId.earliest)), attempt(lambda: str(l.get_last_message_id()))]
    facts["list after"] = len(drain(l))
    return facts
