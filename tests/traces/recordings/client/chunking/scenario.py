"""Messages above the limit with chunking."""

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
    c = env.client.subscribe(topic, "s")
    sh = env.client.subscribe(topic, "sh", consumer_type=pulsar.ConsumerType.Shared, negative_ack_redelivery_delay_ms=200)
    p = env.client.create_producer(topic, chunking_enabled=True)
    size = 5 * 1024 * 1024
    small = p.send(b"small")
    big = p.send(b"a" * size + b"b" * size + b"c" * 100, partition_key="k", properties={"x": "y"}, event_timestamp=7)
    after = p.send(b"after")
    facts["ids"] = [[i.entry_id(), i.batch_index(), i.partition()] for i in (small, big, after)]
    facts["repr"] = str(big)
    facts["last"] = p.last_sequence_id()
    got = [c.receive(timeout_millis=5000) for _ in range(3)]
    facts["got"] = [[len(m.data()), m.partition_key(), m.properties(), m.event_timestamp(), m.message_id().entry_id(), m.message_id().batch_index()] for m in got]
    facts["whole"] = got[1].data() == b"a" * size + b"b" * size + b"c" * 100
    facts["before ack"] = {k: stats(env, "t")["subscriptions"]["s"][k] for k in ["msgBacklog", "unackedMessages", "msgOutCounter"]}
    for m in got:
        c.acknowledge(m)
    time.sleep(0.5)
    facts["after ack"] = {k: stats(env, "t")["subscriptions"]["s"][k] for k in ["msgBacklog", "unackedMessages", "msgOutCounter"]}
    facts["in"] = stats(env, "t")["msgInCounter"]
    shared = [sh.receive(timeout_millis=5000) for _ in range(3)]
    facts["shared"] = [len(m.data()) for m in shared]
    facts["unacked"] = sub(env, "t", "sh")
    sh.negative_acknowledge(shared[1])
    facts["again"] = [[len(m.data()), m.redelivery_count()] for m in [attempt(lambda: sh.receive(timeout_millis=3000))] if not isinstance(m, str)]
    facts["last id"] = c.get_last_message_id().entry_id()
    r = env.client.create_reader(topic, big)
    facts["reader after big"] = drain(r, 1500, show=lambda m: len(m.data()))
    r = env.client.create_reader(topic, big, start_message_id_inclusive=True)
    facts["reader at big"] = drain(r, 1500, show=lambda m: len(m.data()))
    r = env.client.create_reader(topic, pulsar.MessageId.earliest)
    facts["reader"] = drain(r, 1500, show=lambda m: len(m.data()))
    c.seek(big)
    facts["seek big"] = drain(c, 1500, show=lambda m: len(m.data()))
    facts["id round trip"] = str(pulsar.MessageId.deserialize(big.serialize()))
    q = env.client.create_producer(env.topic("plain"))
    facts["plain refuses"] = made(lambda: q.send(b"x" * (size + 1)))
    heard = []
    q.send_async(b"x" * (size + 1), lambda r, i: heard.append([str(r), str(i)]))
    q.flush()
    facts["async refuses"] = heard
    facts["exactly"] = made(lambda: q.send(b"x" * size))
    facts["chunk exact"] = [p.send(b"x" * size).entry_id(), p.send(b"x" * (size - 1000)).entry_id()]
    facts["compressed"] = env.client.create_producer(env.topic("z"), chunking_enabled=True, compression_type=pulsar.CompressionType.ZLib).send(b"x" * (3 * size)).entry_id()
    return facts
