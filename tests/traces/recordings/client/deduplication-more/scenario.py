"""Deduplication: names, sequence ids, batches, partitions, after reconnecting."""

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
    c = env.client
    facts["on"] = env.rest("POST", f"/admin/v2/namespaces/public/{env.ns}/deduplication", True)
    topic = env.topic("t")
    s = c.subscribe(topic, "s")
    p = c.create_producer(topic, producer_name="p")
    facts["sent"] = [p.send(b"a").entry_id(), p.send(b"b").entry_id(), p.send(b"c", sequence_id=1).entry_id(), p.send(b"d").entry_id(), p.send(b"e", sequence_id=10).entry_id(), p.send(b"f").entry_id(), p.send(b"g", sequence_id=9).entry_id()]
    facts["last"] = p.last_sequence_id()
    p.close()
    p = c.create_producer(topic, producer_name="p")
    facts["last after reconnect"] = p.last_sequence_id()
    facts["sent then"] = [p.send(b"h").entry_id(), p.last_sequence_id()]
    p.close()
    p = c.create_producer(topic, producer_name="p", initial_sequence_id=3)
    facts["initial"] = [p.last_sequence_id(), p.send(b"i").entry_id(), p.last_sequence_id()]
    p.close()
    n = c.create_producer(topic)
    facts["no name"] = [n.last_sequence_id(), n.send(b"n").entry_id()]
    facts["received"] = drain(s)
    b = c.create_producer(env.topic("b"), producer_name="b", batching_enabled=True, batching_max_publish_delay_ms=300)
    bs = c.subscribe(env.topic("b"), "s", initial_position=pulsar.InitialPosition.Earliest)
    seen = []
    for i in range(3):
        b.send_async(str(i).encode(), lambda r, m: seen.append([str(r), m.entry_id(), m.batch_index()]))
    b.flush()
    for i in range(2, 5):
        b.send_async(b"again%d" % i, lambda r, m: seen.append([str(r), m.entry_id(), m.batch_index()]), sequence_id=i)
    b.flush()
    for i in range(2):
        b.send_async(b"old%d" % i, lambda r, m: seen.append([str(r), m.entry_id(), m.batch_index()]), sequence_id=i)
    b.flush()
    facts["batch callbacks"] = seen
    facts["batch"] = drain(bs)
    facts["batch last"] = b.last_sequence_id()
    env.rest("PUT", env.topic_path("p") + "/partitions", 2)
    ps = c.subscribe(env.topic("p"), "s")
    pp = c.create_producer(env.topic("p"), producer_name="pp")
    facts["parts"] = [pp.send(b"%d" % i, partition_key=f"k{i}").entry_id() for i in range(4)]
    facts["parts last"] = pp.last_sequence_id()
    facts["parts explicit"] = [pp.send(b"x", partition_key="k0", sequence_id=50).entry_id(), pp.send(b"x", partition_key="k0", sequence_id=50).entry_id(), pp.send(b"x", partition_key="k0", sequence_id=0).entry_id(), pp.send(b"x", partition_key="k1", sequence_id=50).entry_id()]
    pp.close()
    pp = c.create_producer(env.topic("p"), producer_name="pp")
    facts["parts again"] = [pp.last_sequence_id(), [pp.send(b"n%d" % i, partition_key=f"k{i}").entry_id() for i in range(3)], pp.last_sequence_id()]
    facts["parts received"] = len(drain(ps))
    facts["status"] = stats(env, "t")["deduplicationStatus"]
    facts["off"] = env.rest("POST", f"/admin/v2/namespaces/public/{env.ns}/deduplication", False)
    time.sleep(0.5)
    facts["then"] = [n.send(b"n", sequence_id=0).entry_id() >= 0, stats(env, "t")["deduplicationStatus"]]
    return facts
