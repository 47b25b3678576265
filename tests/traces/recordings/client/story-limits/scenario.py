"""What is too large, too many or too odd: sizes, properties, keys, pending messages, policies of a namespace."""

import re
import time
from datetime import timedelta

import pulsar
from pulsar.schema import *


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
    return {k: v.get(k) for k in ["type", "msgBacklog", "unackedMessages", "msgInReplay", "msgDelayed", "msgBacklogNoDelayed"]}


def run(env):
    facts = {}
    c, rest = env.client, env.rest
    ns = f"/admin/v2/namespaces/public/{env.ns}"
    p = c.create_producer(env.topic("t"))
    mb = 1024 * 1024
    facts["5 MiB"] = made(lambda: p.send(b"x" * (5 * mb - 1000)))
    facts["more"] = made(lambda: p.send(b"x" * (5 * mb + 1)))
    facts["after"] = made(lambda: p.send(b"after"))
    facts["large property"] = made(lambda: p.send(b"x", properties={"a": "b" * 200000}))
    facts["large key"] = made(lambda: p.send(b"x", partition_key="k" * 100000))
    z = c.create_producer(env.topic("t"), compression_type=pulsar.CompressionType.LZ4)
    facts["compressed 6 MiB"] = made(lambda: z.send(b"x" * (6 * mb)))
    b = c.create_producer(env.topic("b"), batching_enabled=True, batching_max_messages=3, batching_max_allowed_size_in_bytes=100, batching_max_publish_delay_ms=500)
    ids = []
    for i in range(8):
        b.send_async(b"%d" % i, lambda r, m: ids.append([m.entry_id(), m.batch_index()]))
    b.flush()
    facts["by number"] = sorted(ids)
    ids.clear()
    for i in range(6):
        b.send_async(b"%d" % i * 45, lambda r, m: ids.append([m.entry_id(), m.batch_index()]))
    b.flush()
    facts["by size"] = sorted(ids)
    ids.clear()
    b.send_async(b"1", lambda r, m: ids.append([m.entry_id(), m.batch_index()]))
    b.send_async(b"2" * 500, lambda r, m: ids.append([m.entry_id(), m.batch_index()]))
    b.send_async(b"3", lambda r, m: ids.append([m.entry_id(), m.batch_index()]))
    b.flush()
    facts["one too large for a batch"] = sorted(ids)
    facts["max producers"] = rest("POST", ns + "/maxProducersPerTopic", text="2")
    facts["max consumers"] = rest("POST", ns + "/maxConsumersPerTopic", text="2")
    facts["max per subscription"] = rest("POST", ns + "/maxConsumersPerSubscription", text="1")
    facts["max subscriptions"] = rest("POST", ns + "/maxSubscriptionsPerTopic", text="3")
    time.sleep(1)
    S = pulsar.ConsumerType.Shared
    keep = [c.create_producer(env.topic("u")) for _ in range(2)]
    facts["third producer"] = made(lambda: c.create_producer(env.topic("u")))
    keep.append(c.subscribe(env.topic("u"), "a", consumer_type=S))
    facts["second of a"] = made(lambda: c.subscribe(env.topic("u"), "a", consumer_type=S))
    keep.append(c.subscribe(env.topic("u"), "b", consumer_type=S))
    facts["third consumer"] = made(lambda: c.subscribe(env.topic("u"), "c", consumer_type=S))
    facts["reader"] = made(lambda: c.create_reader(env.topic("u"), pulsar.MessageId.earliest))
    keep[2].close()
    facts["after one left"] = made(lambda: c.subscribe(env.topic("u"), "d", consumer_type=S))
    facts["subs"] = sorted(rest("GET", env.topic_path("u") + "/subscriptions")["body"])
    facts["fourth subscription by rest"] = rest("PUT", env.topic_path("u") + "/subscription/e", text='"latest"')
    facts["get"] = [rest("GET", ns + "/" + x) for x in ("maxProducersPerTopic", "maxConsumersPerTopic", "maxConsumersPerSubscription", "maxSubscriptionsPerTopic", "maxUnackedMessagesPerConsumer", "maxUnackedMessagesPerSubscription", "maxTopicsPerNamespace")]
    facts["negative"] = rest("POST", ns + "/maxProducersPerTopic", text="-1")
    facts["removed"] = [rest("DELETE", ns + "/" + x) for x in ("maxProducersPerTopic", "maxConsumersPerTopic", "maxConsumersPerSubscription", "maxSubscriptionsPerTopic")]
    facts["unacked"] = rest("POST", ns + "/maxUnackedMessagesPerConsumer", text="3")
    facts["unacked of subscription"] = rest("POST", ns + "/maxUnackedMessagesPerSubscription", text="5")
    time.sleep(1)
    s = [c.subscribe(env.topic("v"), "s", consumer_type=S, receiver_queue_size=1) for _ in range(2)]
    q = c.create_producer(env.topic("v"))
    for i in range(12):
        q.send(b"%d" % i)
    got = [drain(x, 500, show=lambda m: m) for x in s]
    facts["unacked each"] = [len(g) for g in got]
    v = stats(env, "v")["subscriptions"]["s"]
    facts["blocked"] = [v["blockedSubscriptionOnUnackedMsgs"], [x["blockedConsumerOnUnackedMsgs"] for x in v["consumers"]]]
    for x, g in zip(s, got):
        for m in g:
            x.acknowledge(m)
    facts["then"] = sum(len(drain(x, 500)) for x in s)
    return facts
