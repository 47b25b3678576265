"""Names of topics and subscriptions: escapes, spaces, long, unicode, partitions by name."""

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
    for label, name in [("space", "a b"), ("percent", "a%20b"), ("unicode", "\u00e9t\u00e9"), ("colon", "a:b"), ("question", "a?b"), ("hash", "a#b"), ("star", "a*b"), ("long", "x" * 200), ("dots", ".."), ("plus", "a+b"), ("amp", "a&b"), ("comma", "a,b"), ("upper", "ABC"), ("dash partition", "t-partition-"), ("partition text", "t-partition-x"), ("partition 00", "t-partition-00"), ("partition", "-partition-1"), ("brackets", "a[b]"), ("at", "a@b"), ("tilde", "~a"), ("quote", "a'b"), ("DLQ", "t-DLQ"), ("retry", "t-RETRY"), ("under", "__x")]:
        topic = f"persistent://public/{env.ns}/{name}"
        def go():
            s = c.subscribe(topic, "s")
            p = c.create_producer(topic)
            i = p.send(b"x")
            m = s.receive(timeout_millis=3000)
            s.acknowledge(m)
            return [m.topic_name().replace(env.ns, "ns").split("/ns/")[-1], i.partition(), m.message_id().partition()]
        facts[label] = attempt(go)
    for label, topic in [("short", "just-name"), ("tenant only", "public/x"), ("no topic", f"persistent://public/{env.ns}/"), ("four parts", f"persistent://public/{env.ns}/a/b"), ("v1", f"persistent://public/standalone/{env.ns}/a"), ("other domain", f"other://public/{env.ns}/a"), ("no domain", f"public/{env.ns}/a"), ("one slash", f"persistent:/public/{env.ns}/a"), ("blank", " "), ("slash", "/"), ("three", "a/b/c/d")]:
        facts["form " + label] = made(lambda: c.create_producer(topic))
    facts["topics"] = sorted(env.rest("GET", f"/admin/v2/persistent/public/{env.ns}")["body"])
    return facts
