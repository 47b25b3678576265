"""Ways to acknowledge: ids, others' messages, twice, closed; what comes back."""

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
    for kind in ["Exclusive", "Shared"]:
        topic = env.topic(kind)
        c = env.client.subscribe(topic, "s", consumer_type=getattr(pulsar.ConsumerType, kind))
        o = env.client.subscribe(topic, "other")
        p = env.client.create_producer(topic)
        for i in range(6):
            p.send(str(i).encode())
        got = [c.receive(timeout_millis=2000) for _ in range(6)]
        oth = [o.receive(timeout_millis=2000) for _ in range(6)]
        facts[kind + " twice"] = [made(lambda: c.acknowledge(got[0])), made(lambda: c.acknowledge(got[0]))]
        facts[kind + " other's"] = made(lambda: c.acknowledge(oth[1]))
        facts[kind + " python id"] = made(lambda: c.acknowledge(pulsar.MessageId.deserialize(got[2].message_id().serialize())))
        facts[kind + " native id"] = made(lambda: c.acknowledge(got[3].message_id()))
        facts[kind + " earliest"] = made(lambda: c.acknowledge(pulsar.MessageId.earliest))
        facts[kind + " latest"] = made(lambda: c.acknowledge(pulsar.MessageId.latest))
        facts[kind + " not there"] = made(lambda: c.acknowledge(pulsar.MessageId(-1, 999999, 5, -1)))
        facts[kind + " number"] = made(lambda: c.acknowledge(5))
        facts[kind + " list"] = made(lambda: c.acknowledge([got[4]]))
        facts[kind + " cumulative python id"] = made(lambda: c.acknowledge_cumulative(pulsar.MessageId.deserialize(got[4].message_id().serialize()))) if kind == "Exclusive" else None
        facts[kind + " cumulative latest"] = made(lambda: c.acknowledge_cumulative(pulsar.MessageId.latest)) if kind != "Exclusive" else None
        facts[kind + " nack python id"] = made(lambda: c.negative_acknowledge(pulsar.MessageId.deserialize(got[4].message_id().serialize())))
        facts[kind + " nack number"] = made(lambda: c.negative_acknowledge(5))
        time.sleep(0.4)
        facts[kind + " stats"] = sub(env, kind)
        c.close()
        facts[kind + " closed"] = [made(lambda: c.acknowledge(got[5])), made(lambda: c.acknowledge(got[5].message_id())), made(lambda: c.acknowledge_cumulative(got[5])), made(lambda: c.negative_acknowledge(got[5])), made(c.redeliver_unacknowledged_messages)]
        c = env.client.subscribe(topic, "s", consumer_type=getattr(pulsar.ConsumerType, kind))
        facts[kind + " again"] = drain(c, show=counted)
        facts[kind + " old message on new consumer"] = made(lambda: c.acknowledge(got[5]))
        time.sleep(0.4)
        facts[kind + " stats at the end"] = sub(env, kind)
    return facts
