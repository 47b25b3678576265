"""Failover: who is active, what moves when somebody comes or leaves, partitions, priorities by name."""

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
    F = pulsar.ConsumerType.Failover
    def join(name, n, **kw):
        return c.subscribe(env.topic(name), "s", consumer_type=F, consumer_name=n, negative_ack_redelivery_delay_ms=300, **kw)
    a = join("t", "a")
    p = c.create_producer(env.topic("t"))
    for i in range(4):
        p.send(str(i).encode())
    time.sleep(0.4)
    facts["first alone"] = drain(a, 200, show=counted)
    b = join("t", "b")
    z = join("t", "0")
    time.sleep(1.4)
    p.send(b"4")
    facts["three"] = sorted(drain(x, 300, show=counted) for x in (z, a, b))
    facts["active"] = stats(env, "t")["subscriptions"]["s"]["activeConsumerName"]
    facts["connected"] = [x.is_connected() for x in (z, a, b)]
    {"0": z, "a": a, "b": b}[facts["active"]].close()
    time.sleep(1.4)
    left = [x for n, x in {"0": z, "a": a, "b": b}.items() if n != facts["active"]]
    facts["after leaving"] = sorted(drain(x, 300, show=counted) for x in left)
    env.rest("PUT", env.topic_path("p") + "/partitions", 4)
    names = ["x", "y", "w"]
    cs = {n: join("p", n) for n in names}
    q = c.create_producer(env.topic("p"))
    time.sleep(1.4)
    for i in range(16):
        q.send(str(i).encode(), partition_key=f"k{i}")
    time.sleep(0.3)
    facts["partitions"] = {n: sorted({m[0] for m in drain(x, 400, show=lambda m: [m.message_id().partition()])}) for n, x in cs.items()}
    cs["w"].close()
    time.sleep(1.5)
    facts["after w"] = {n: sorted({m[0] for m in drain(cs[n], 400, show=lambda m: [m.message_id().partition()])}) for n in ["x", "y"]}
    e = join("late", "a")
    lp = c.create_producer(env.topic("late"))
    lp.send(b"0")
    started = time.time()
    facts["fresh subscription waits"] = attempt(lambda: [e.receive(timeout_millis=3000).data().decode(), 0.5 < time.time() - started])
    e.close()
    lp.send(b"1")
    e = join("late", "a")
    started = time.time()
    facts["with a backlog waits"] = attempt(lambda: [e.receive(timeout_millis=3000).data().decode(), 0.7 < time.time() - started])
    f = join("late", "b")
    time.sleep(1.5)
    lp.send(b"2")
    time.sleep(0.3)
    facts["same name"] = made(lambda: join("late", "a"))
    facts["exclusive joins"] = made(lambda: c.subscribe(env.topic("late"), "s"))
    g = join("nk", "a")
    gp = c.create_producer(env.topic("nk"))
    for i in range(4):
        gp.send(str(i).encode())
    m = drain(g, 1500, show=lambda m: m)
    g.negative_acknowledge(m[1])
    g.acknowledge(m[2])
    facts["nacked"] = drain(g, 900, show=counted)
    g.acknowledge_cumulative(m[2])
    g.redeliver_unacknowledged_messages()
    facts["after cumulative"] = drain(g, 900, show=counted)
    return facts
