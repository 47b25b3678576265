"""Non-persistent topics with every kind of client."""

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
    def np(name):
        return f"non-persistent://public/{env.ns}/{name}"
    topic = np("t")
    p = c.create_producer(topic)
    i = p.send(b"nobody")
    facts["id"] = str(i)
    s = c.subscribe(topic, "s", initial_position=pulsar.InitialPosition.Earliest)
    ids = [p.send(str(i).encode()) for i in range(3)]
    got = drain(s, show=lambda m: m)
    facts["got"] = [[m.data().decode(), str(m.message_id()), m.redelivery_count()] for m in got]
    facts["ack"] = made(lambda: s.acknowledge(got[0]))
    facts["nack"] = made(lambda: s.negative_acknowledge(got[1]))
    facts["redeliver"] = made(s.redeliver_unacknowledged_messages)
    facts["after"] = drain(s)
    facts["seek"] = [made(lambda: s.seek(pulsar.MessageId.earliest)), made(lambda: s.seek(0))]
    facts["last id"] = attempt(lambda: str(s.get_last_message_id()))
    s.close()
    p.send(b"gone")
    s = c.subscribe(topic, "s")
    facts["after close"] = drain(s)
    s.close()
    facts["subscriptions"] = env.rest("GET", f"/admin/v2/non-persistent/public/{env.ns}/t/subscriptions")
    a, b = [c.subscribe(np("sh"), "s", consumer_type=pulsar.ConsumerType.Shared, receiver_queue_size=100) for _ in range(2)]
    q = c.create_producer(np("sh"))
    for i in range(6):
        q.send(str(i).encode())
    facts["shared"] = sorted([sorted(drain(a)), sorted(drain(b))])
    k = c.subscribe(np("ks"), "s", consumer_type=pulsar.ConsumerType.KeyShared)
    q = c.create_producer(np("ks"))
    for i in range(4):
        q.send(str(i).encode(), partition_key=f"k{i}")
    facts["key shared"] = drain(k)
    f, g = [c.subscribe(np("fo"), "s", consumer_type=pulsar.ConsumerType.Failover, consumer_name=n) for n in "ab"]
    q = c.create_producer(np("fo"))
    for i in range(4):
        q.send(str(i).encode())
    facts["failover"] = [drain(f), drain(g)]
    facts["exclusive twice"] = [made(lambda: c.subscribe(np("ex"), "s")) , made(lambda: [c.subscribe(np("ex2"), "s"), c.subscribe(np("ex2"), "s")])]
    r = attempt(lambda: c.create_reader(np("rd"), pulsar.MessageId.earliest))
    facts["reader"] = r if isinstance(r, str) else "ok"
    if not isinstance(r, str):
        q = c.create_producer(np("rd"))
        q.send(b"r")
        facts["reader reads"] = drain(r)
        facts["reader available"] = attempt(r.has_message_available)
    small = c.subscribe(np("small"), "s", receiver_queue_size=2)
    q = c.create_producer(np("small"))
    for i in range(6):
        q.send(str(i).encode())
    facts["small queue"] = drain(small)
    bt = c.subscribe(np("batch"), "s", consumer_type=pulsar.ConsumerType.Shared)
    q = c.create_producer(np("batch"), batching_enabled=True, batching_max_publish_delay_ms=200)
    bids = []
    for i in range(3):
        q.send_async(str(i).encode(), lambda r, m: bids.append(str(m)))
    q.flush()
    facts["batch"] = [bids, [[m.data().decode(), str(m.message_id())] for m in drain(bt, show=lambda m: m)]]
    env.rest("PUT", f"/admin/v2/non-persistent/public/{env.ns}/pp/partitions", 2)
    pc = c.subscribe(np("pp"), "s")
    q = c.create_producer(np("pp"))
    for i in range(4):
        q.send(str(i).encode(), partition_key=f"k{i}")
    facts["partitioned"] = sorted(drain(pc))
    d = c.subscribe(np("dl"), "s", consumer_type=pulsar.ConsumerType.Shared, dead_letter_policy=pulsar.ConsumerDeadLetterPolicy(1), negative_ack_redelivery_delay_ms=200)
    q = c.create_producer(np("dl"))
    from datetime import timedelta
    q.send(b"x", deliver_after=timedelta(seconds=2))
    m = attempt(lambda: d.receive(timeout_millis=500))
    facts["delayed"] = m if isinstance(m, str) else counted(m)
    if not isinstance(m, str):
        d.negative_acknowledge(m)
        facts["nacked"] = drain(d, 800, show=counted)
    tv = attempt(lambda: c.create_table_view(np("tv")))
    facts["table view"] = tv if isinstance(tv, str) else "ok"
    facts["terminate"] = env.rest("POST", f"/admin/v2/non-persistent/public/{env.ns}/t/terminate")
    facts["compacted"] = made(lambda: c.subscribe(np("cp"), "s", is_read_compacted=True))
    return facts
