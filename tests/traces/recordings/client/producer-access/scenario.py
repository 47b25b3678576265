"""Exclusive producers, waiting ones, fencing ones; closing; sends after close."""

import pulsar


def attempt(call):
    try:
        return call() or "ok"
    except BaseException as error:
        return f"{type(error).__module__}.{type(error).__name__}: {str(error).splitlines()[0]}"


def run(env):
    facts = {}
    mode = pulsar.ProducerAccessMode
    topic = env.topic("t")
    first = env.client.create_producer(topic, access_mode=mode.Exclusive)
    facts["second exclusive"] = attempt(lambda: env.client.create_producer(topic, access_mode=mode.Exclusive) and None)
    facts["shared beside exclusive"] = attempt(lambda: env.client.create_producer(topic) and None)
    fencing = env.client.create_producer(topic, access_mode=mode.ExclusiveWithFencing)
    facts["fenced sends"] = attempt(lambda: first.send(b"x") and None)
    facts["fencing sends"] = attempt(lambda: fencing.send(b"y") and None)
    fencing.close()
    facts["after close"] = attempt(lambda: fencing.send(b"z") and None)
    facts["connected"] = [first.is_connected(), fencing.is_connected()]
    facts["close again"] = attempt(fencing.close)
    facts["flush after close"] = attempt(fencing.flush)
    plain = env.client.create_producer(topic)
    facts["exclusive beside shared"] = attempt(lambda: env.client.create_producer(topic, access_mode=mode.Exclusive) and None)
    facts["wrong mode"] = attempt(lambda: env.client.create_producer(env.topic("u"), access_mode="x") and None)
    got = []
    plain.send_async(b"a", lambda result, identifier: got.append([str(result), identifier.entry_id() >= 0]))
    plain.flush()
    facts["callback"] = got
    facts["text"] = attempt(lambda: plain.send("text") and None)
    facts["none"] = attempt(lambda: plain.send(None) and None)
    facts["bytearray"] = attempt(lambda: plain.send(bytearray(b"x")) and None)
    facts["properties"] = attempt(lambda: plain.send(b"x", properties={"a": 1}) and None)
    facts["key"] = attempt(lambda: plain.send(b"x", partition_key=5) and None)
    facts["sequence"] = attempt(lambda: plain.send(b"x", sequence_id=-1) and None)
    facts["deliver after"] = attempt(lambda: plain.send(b"x", deliver_after=5) and None)
    facts["topic"] = plain.topic().replace(env.ns, "{ns}")
    facts["last sequence"] = plain.last_sequence_id()
    return facts
