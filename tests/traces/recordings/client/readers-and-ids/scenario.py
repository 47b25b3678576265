"""Readers: has_message_available, start ids of all kinds, names, seeks, close, queue sizes."""

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
    topic = env.topic("t")
    c = env.client
    r = c.create_reader(topic, pulsar.MessageId.earliest)
    facts["empty earliest"] = [r.has_message_available(), r.is_connected()]
    l = c.create_reader(topic, pulsar.MessageId.latest)
    facts["empty latest"] = l.has_message_available()
    p = c.create_producer(topic)
    ids = [p.send(str(i).encode()) for i in range(5)]
    time.sleep(0.2)
    facts["then"] = [r.has_message_available(), l.has_message_available()]
    facts["latest reads"] = drain(l)
    facts["after reading"] = l.has_message_available()
    facts["earliest reads"] = drain(r)
    facts["r after"] = r.has_message_available()
    l2 = c.create_reader(topic, pulsar.MessageId.latest)
    facts["latest now"] = [l2.has_message_available(), drain(l2)]
    l3 = c.create_reader(topic, pulsar.MessageId.latest, start_message_id_inclusive=True)
    facts["latest inclusive"] = [l3.has_message_available(), drain(l3)]
    e = c.create_reader(topic, pulsar.MessageId.earliest, start_message_id_inclusive=True)
    facts["earliest inclusive"] = drain(e)
    for i in (0, 2, 4):
        for inc in (False, True):
            x = c.create_reader(topic, ids[i], start_message_id_inclusive=inc)
            facts[f"at {i} {inc}"] = [x.has_message_available(), drain(x)]
    facts["python id"] = drain(c.create_reader(topic, pulsar.MessageId.deserialize(ids[1].serialize())))
    facts["beyond"] = drain(c.create_reader(topic, pulsar.MessageId(-1, 99999999, 5, -1)))
    facts["before"] = drain(c.create_reader(topic, pulsar.MessageId(-1, 0, 5, -1)))
    facts["past the entry"] = drain(c.create_reader(topic, pulsar.MessageId(-1, ids[0].ledger_id(), 77, -1)))
    r.seek(ids[1])
    facts["seek 1"] = [r.has_message_available(), drain(r), r.has_message_available()]
    r.seek(pulsar.MessageId.latest)
    facts["seek latest"] = [r.has_message_available(), drain(r)]
    p.send(b"5")
    time.sleep(0.2)
    facts["after latest"] = [r.has_message_available(), drain(r)]
    r.seek(pulsar.MessageId.earliest)
    facts["seek earliest"] = [r.has_message_available(), len(drain(r))]
    r.seek(0)
    facts["seek 0"] = [r.has_message_available(), len(drain(r))]
    r.seek(int(time.time() * 1000) + 60000)
    facts["seek future"] = [r.has_message_available(), drain(r)]
    q = c.create_reader(topic, pulsar.MessageId.earliest, receiver_queue_size=1)
    facts["queue 1"] = drain(q)
    z = c.create_reader(topic, pulsar.MessageId.earliest, receiver_queue_size=0)
    facts["queue 0 timeout"] = attempt(lambda: z.read_next(timeout_millis=500).data().decode())
    facts["queue 0"] = attempt(lambda: [z.read_next().data().decode() for _ in range(3)])
    facts["queue 0 available"] = attempt(z.has_message_available)
    n = c.create_reader(topic, pulsar.MessageId.earliest, reader_name="named")
    n2 = made(lambda: c.create_reader(topic, pulsar.MessageId.earliest, reader_name="named"))
    facts["same name"] = n2
    m = n.read_next(timeout_millis=1000)
    facts["message"] = [m.topic_name() == topic, m.redelivery_count(), m.message_id() == ids[0]]
    n.close()
    facts["closed"] = [made(lambda: n.read_next(timeout_millis=10)), made(n.has_message_available), made(n.close), made(lambda: n.seek(0)), n.is_connected()]
    b = c.create_producer(env.topic("b"), batching_enabled=True, batching_max_publish_delay_ms=300)
    bids = []
    for i in range(4):
        b.send_async(str(i).encode(), lambda r, m: bids.append(m))
    b.flush()
    for i in range(4):
        x = c.create_reader(env.topic("b"), bids[i])
        facts[f"batch at {i}"] = [x.has_message_available(), drain(x), x.has_message_available()]
        x = c.create_reader(env.topic("b"), bids[i], start_message_id_inclusive=True)
        facts[f"batch at {i} inclusive"] = [x.has_message_available(), drain(x), x.has_message_available()]
    x = c.create_reader(env.topic("b"), pulsar.MessageId.latest, start_message_id_inclusive=True)
    facts["batch latest inclusive"] = [x.has_message_available(), drain(x)]
    x = c.create_reader(env.topic("b"), pulsar.MessageId.earliest)
    x.seek(bids[1])
    facts["batch seek 1"] = [x.has_message_available(), drain(x)]
    x.seek(bids[3])
    facts["batch seek 3"] = [x.has_message_available(), drain(x)]
    env.rest("PUT", env.topic_path("p") + "/partitions", 2)
    pr = c.create_reader(env.topic("p"), pulsar.MessageId.earliest)
    facts["partitioned empty"] = pr.has_message_available()
    pp = c.create_producer(env.topic("p"))
    for i in range(4):
        pp.send(str(i).encode(), partition_key=f"k{i}")
    facts["partitioned"] = [pr.has_message_available(), sorted(drain(pr)), pr.has_message_available()]
    facts["partitioned seek"] = made(lambda: pr.seek(pulsar.MessageId.earliest))
    facts["partitioned seek time"] = made(lambda: pr.seek(0))
    facts["partitioned again"] = sorted(drain(pr))
    facts["partitioned at id"] = made(lambda: c.create_reader(env.topic("p"), ids[1]))
    pl = c.create_reader(env.topic("p"), pulsar.MessageId.latest)
    facts["partitioned latest"] = [pl.has_message_available(), sorted(drain(pl))]
    return facts
