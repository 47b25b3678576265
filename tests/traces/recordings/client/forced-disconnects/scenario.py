"""What clients see of unloading, forced deletion and subscriptions taken away."""

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
    s = c.subscribe(topic, "s", consumer_type=pulsar.ConsumerType.Shared, negative_ack_redelivery_delay_ms=300)
    e = c.subscribe(topic, "e")
    r = c.create_reader(topic, pulsar.MessageId.earliest)
    p = c.create_producer(topic)
    for i in range(4):
        p.send(str(i).encode())
    got = [s.receive(timeout_millis=2000) for _ in range(4)]
    s.acknowledge(got[0])
    s.negative_acknowledge(got[1])
    x = [e.receive(timeout_millis=2000) for _ in range(2)]
    e.acknowledge(x[0])
    facts["reader before"] = drain(r, limit=2)
    time.sleep(0.3)
    facts["unload"] = env.rest("PUT", env.topic_path("t") + "/unload")
    time.sleep(2)
    facts["shared after"] = sorted(drain(s, 1000, show=counted))
    facts["exclusive after"] = drain(e, 1000, show=counted)
    facts["reader after"] = drain(r, 1000)
    facts["send after"] = made(lambda: p.send(b"4"))
    facts["connected"] = [p.is_connected(), s.is_connected(), e.is_connected(), r.is_connected()]
    facts["stats"] = sub(env, "t")
    time.sleep(0.5)
    facts["shared more"] = sorted(drain(s, 1000, show=counted))
    facts["ack old"] = made(lambda: s.acknowledge(got[2]))
    facts["delete subscription"] = env.rest("DELETE", env.topic_path("t") + "/subscription/e?force=true")
    time.sleep(2)
    facts["subscriptions"] = sorted(n for n in env.rest("GET", env.topic_path("t") + "/subscriptions")["body"] if not n.startswith("reader"))
    p.send(b"5")
    facts["e after deletion"] = drain(e, 1000, show=counted)
    facts["e connected"] = e.is_connected()
    facts["delete topic"] = env.rest("DELETE", env.topic_path("t"))
    facts["delete by force"] = env.rest("DELETE", env.topic_path("t") + "?force=true")
    time.sleep(2)
    facts["topics"] = env.rest("GET", f"/admin/v2/persistent/public/{env.ns}")
    facts["send then"] = made(lambda: p.send(b"6"))
    time.sleep(1)
    facts["connected then"] = [p.is_connected(), s.is_connected(), e.is_connected(), r.is_connected()]
    facts["s then"] = drain(s, 1000, show=counted)
    facts["e then"] = drain(e, 1000, show=counted)
    facts["subscriptions then"] = sorted(n for n in env.rest("GET", env.topic_path("t") + "/subscriptions").get("body", []) if not n.startswith("reader"))
    return facts
