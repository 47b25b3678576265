"""Listeners: order, errors, pausing, closing inside, acknowledging, partitions, queue sizes."""

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
    topic = env.topic("t")
    heard = []
    def listener(consumer, message):
        heard.append([message.data().decode(), message.redelivery_count()])
        if message.data() == b"1":
            raise ValueError("one")
        consumer.acknowledge(message)
    s = c.subscribe(topic, "s", consumer_type=pulsar.ConsumerType.Shared, message_listener=listener)
    p = c.create_producer(topic)
    for i in range(4):
        p.send(str(i).encode())
    time.sleep(0.5)
    facts["heard"] = list(heard)
    facts["stats"] = sub(env, "t")
    s.redeliver_unacknowledged_messages()
    time.sleep(0.5)
    facts["again"] = heard[4:]
    facts["receive"] = [made(lambda: s.receive()), made(lambda: s.receive(timeout_millis=5)), attempt(lambda: len(s.batch_receive()))]
    s.pause_message_listener()
    facts["pause twice"] = made(s.pause_message_listener)
    for i in range(3):
        p.send(b"p%d" % i)
    time.sleep(0.4)
    facts["paused"] = heard[5:]
    s.resume_message_listener()
    facts["resume twice"] = made(s.resume_message_listener)
    time.sleep(0.4)
    facts["resumed"] = heard[5:]
    s.close()
    facts["closed"] = [made(s.pause_message_listener), made(s.resume_message_listener)]
    plain = c.subscribe(topic, "plain")
    facts["pause without"] = [made(plain.pause_message_listener), made(plain.resume_message_listener)]
    inside = []
    def closing(consumer, message):
        inside.append(message.data().decode())
        inside.append(made(consumer.close))
    k = c.subscribe(env.topic("close"), "s", message_listener=closing)
    q = c.create_producer(env.topic("close"))
    q.send(b"a")
    q.send(b"b")
    time.sleep(0.6)
    facts["closing inside"] = list(inside)
    env.rest("PUT", env.topic_path("p") + "/partitions", 3)
    got = []
    m = c.subscribe(env.topic("p"), "s", message_listener=lambda con, msg: (got.append(msg.data().decode()), con.acknowledge(msg)))
    pp = c.create_producer(env.topic("p"))
    for i in range(9):
        pp.send(str(i).encode(), partition_key=f"k{i}")
    time.sleep(0.5)
    facts["partitions"] = sorted(got)
    for size in (0, 1):
        seen = []
        z = made(lambda: c.subscribe(env.topic(f"z{size}"), "s", receiver_queue_size=size, message_listener=lambda con, msg: (seen.append(msg.data().decode()), con.acknowledge(msg))))
        zp = c.create_producer(env.topic(f"z{size}"))
        for i in range(3):
            zp.send(str(i).encode())
        time.sleep(0.5)
        facts[f"queue {size}"] = [z, seen]
    nested = []
    def sender(consumer, message):
        nested.append(message.data().decode())
        consumer.acknowledge(message)
        if len(nested) < 3:
            n.send(b"again %d" % len(nested))
    ns = c.subscribe(env.topic("n"), "s", message_listener=sender)
    n = c.create_producer(env.topic("n"))
    n.send(b"first")
    time.sleep(0.6)
    facts["nested"] = nested
    kind = []
    w = c.subscribe(env.topic("w"), "s", message_listener=lambda con, msg: kind.append([type(con).__module__, type(con).__name__, type(msg).__module__, type(msg).__name__, con.topic() == env.topic("w"), con.subscription_name()]))
    c.create_producer(env.topic("w")).send(b"x")
    time.sleep(0.4)
    facts["types"] = kind
    rk = []
    rr = c.create_reader(env.topic("w"), pulsar.MessageId.earliest, reader_listener=lambda rd, msg: rk.append([type(rd).__name__, type(msg).__name__, rd.topic() == env.topic("w")]))
    time.sleep(0.4)
    facts["reader types"] = rk
    return facts
