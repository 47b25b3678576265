"""Shared with two and more consumers: who gets what, one message at a time."""

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
    S = pulsar.ConsumerType.Shared
    def join(name, n, **kw):
        return [c.subscribe(env.topic(name), "s", consumer_type=S, consumer_name=f"c{i}", **kw) for i in range(n)]
    two = join("a", 2)
    p = c.create_producer(env.topic("a"))
    for i in range(6):
        p.send(str(i).encode())
        time.sleep(0.1)
    facts["slowly"] = [drain(x) for x in two]
    three = join("b", 3, receiver_queue_size=1)
    p = c.create_producer(env.topic("b"))
    for i in range(12):
        p.send(str(i).encode())
        time.sleep(0.1)
    facts["queues of one"] = [drain(x, limit=1) for x in three]
    p = c.create_producer(env.topic("c"))
    env.rest("PUT", env.topic_path("c") + "/subscription/s", text='"earliest"')
    for i in range(100):
        p.send(str(i).encode())
    first = join("c", 1)[0]
    time.sleep(0.3)
    second = join("c", 1)[0]
    facts["backlog goes to the first"] = [len(drain(first)), len(drain(second))]
    env.rest("PUT", env.topic_path("d") + "/subscription/s", text='"earliest"')
    p = c.create_producer(env.topic("d"))
    for i in range(100):
        p.send(str(i).encode())
    pair = join("d", 2, receiver_queue_size=5)
    facts["backlog by queues"] = [len(drain(x, limit=5)) for x in pair]
    pair[0].close()
    time.sleep(0.3)
    b = c.create_producer(env.topic("e"), batching_enabled=True, batching_max_publish_delay_ms=1000)
    pair = join("e", 2)
    for r in range(4):
        for i in range(3):
            b.send_async(b"%d.%d" % (r, i), None)
        b.flush()
        time.sleep(0.1)
    facts["batches slowly"] = [drain(x) for x in pair]
    pair = join("f", 2)
    p = c.create_producer(env.topic("f"))
    for i in range(4):
        p.send(str(i).encode())
        time.sleep(0.1)
    got = [drain(x, show=lambda m: m) for x in pair]
    pair[0].redeliver_unacknowledged_messages()
    facts["given back goes on"] = [[m.data().decode() for m in g] for g in got] + [drain(x, show=counted) for x in pair]
    more = join("f", 1)
    for i in range(3):
        p.send(b"m%d" % i)
        time.sleep(0.1)
    facts["with a third"] = [drain(x) for x in [*pair, *more]]
    return facts
