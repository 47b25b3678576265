"""batch_receive by number, bytes and time; on several topics; after close; with listeners."""

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
    B = pulsar.ConsumerBatchReceivePolicy
    for label, policy in [("three", B(3, -1, -1)), ("bytes", B(-1, 25, -1)), ("time", B(-1, -1, 300)), ("all", B(3, 15, 300)), ("default", None), ("one byte", B(-1, 1, 100)), ("large", B(1000, 10 ** 6, 200))]:
        name = label.replace(" ", "-")
        s = c.subscribe(env.topic(name), "s", batch_receive_policy=policy)
        p = c.create_producer(env.topic(name))
        for i in range(7):
            p.send(b"%09d" % i)
        time.sleep(0.3)
        sizes = []
        for _ in range(4 if label not in ("three", "bytes") else 2):
            started = time.time()
            got = s.batch_receive()
            sizes.append([[int(m.data()) for m in got], round(time.time() - started, 1)])
        facts[label] = sizes
        facts[label + " type"] = [type(got).__name__, type(got[0]).__name__ if len(got) else None]
        for m in got:
            s.acknowledge(m)
    env.rest("PUT", env.topic_path("p") + "/partitions", 3)
    s = c.subscribe(env.topic("p"), "s", batch_receive_policy=B(4, -1, 300))
    p = c.create_producer(env.topic("p"))
    for i in range(9):
        p.send(str(i).encode(), partition_key=f"k{i}")
    time.sleep(0.3)
    facts["partitions"] = [len(s.batch_receive()) for _ in range(4)]
    l = c.subscribe([env.topic("three"), env.topic("time")], "list", batch_receive_policy=B(4, -1, 300), initial_position=pulsar.InitialPosition.Earliest)
    time.sleep(0.3)
    facts["list"] = [len(l.batch_receive()) for _ in range(5)]
    s.close()
    facts["closed"] = attempt(lambda: s.batch_receive())
    heard = []
    h = c.subscribe(env.topic("three"), "h", message_listener=lambda con, m: heard.append(1))
    facts["listener"] = attempt(lambda: len(h.batch_receive()))
    small = c.subscribe(env.topic("small"), "s", batch_receive_policy=B(10, -1, 300), receiver_queue_size=3)
    p = c.create_producer(env.topic("small"))
    for i in range(10):
        p.send(str(i).encode())
    time.sleep(0.3)
    facts["small queue"] = [len(small.batch_receive()) for _ in range(4)]
    b = c.create_producer(env.topic("b"), batching_enabled=True, batching_max_publish_delay_ms=300)
    s = c.subscribe(env.topic("b"), "s", batch_receive_policy=B(4, -1, 300))
    for i in range(6):
        b.send_async(str(i).encode(), None)
    b.flush()
    time.sleep(0.3)
    facts["batches"] = [[m.data().decode() for m in s.batch_receive()] for _ in range(3)]
    return facts
