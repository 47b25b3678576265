"""One consumer over a list, partitions and a pattern: later topics, acknowledgements by id, seeks, stats, closing a topic under it."""

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


def show(m):
    return [m.topic_name().split("/")[-1], m.data().decode(), m.redelivery_count()]


def run(env):
    facts = {}
    c = env.client
    S = pulsar.ConsumerType.Shared
    env.rest("PUT", env.topic_path("p") + "/partitions", 2)
    m = c.subscribe([env.topic("a"), env.topic("b"), env.topic("p")], "m", consumer_type=S, negative_ack_redelivery_delay_ms=300, consumer_name="multi", properties={"x": "y"})
    facts["topic"] = attempt(lambda: m.topic().replace(env.ns, "{ns}") if len(m.topic()) < 300 else "long")
    facts["name"] = [m.subscription_name(), attempt(m.consumer_name), m.is_connected()]
    ps = {n: c.create_producer(env.topic(n)) for n in ("a", "b", "p")}
    for i in range(3):
        for n, p in ps.items():
            p.send(f"{n}{i}".encode(), partition_key=f"k{i}")
    got = drain(m, show=lambda x: x)
    facts["got"] = sorted(show(x) for x in got)
    facts["unacked"] = [sub(env, n, "m")["unackedMessages"] for n in ("a", "b", "p-partition-0", "p-partition-1")]
    by = {x.data().decode(): x for x in got}
    facts["ack by id"] = made(lambda: m.acknowledge(by["a0"].message_id()))
    facts["ack message"] = made(lambda: m.acknowledge(by["b0"]))
    facts["ack python id"] = made(lambda: m.acknowledge(pulsar.MessageId.deserialize(by["a1"].message_id().serialize())))
    facts["cumulative"] = made(lambda: m.acknowledge_cumulative(by["p0"]))
    facts["nack id"] = made(lambda: m.negative_acknowledge(by["b1"].message_id()))
    facts["nack"] = made(lambda: m.negative_acknowledge(by["p2"]))
    time.sleep(0.2)
    facts["again"] = sorted(drain(m, 900, show=show))
    m.redeliver_unacknowledged_messages()
    facts["given back"] = sorted(drain(m, 700, show=show))
    facts["backlogs"] = [[sub(env, n, "m")[k] for k in ("msgBacklog", "unackedMessages")] for n in ("a", "b", "p-partition-0", "p-partition-1")]
    facts["consumer stats"] = [[x["consumerName"], x["metadata"]] for x in stats(env, "a")["subscriptions"]["m"]["consumers"]]
    facts["seek id"] = made(lambda: m.seek(by["a0"].message_id()))
    facts["seek earliest"] = made(lambda: m.seek(pulsar.MessageId.earliest))
    facts["after earliest"] = sorted(drain(m, 700, show=show))
    facts["seek time"] = made(lambda: m.seek(0))
    facts["after time"] = len(drain(m, 700, show=show))
    facts["last id"] = attempt(lambda: str(m.get_last_message_id()))
    facts["batch receive"] = attempt(lambda: len(m.batch_receive()))
    facts["twice the same"] = made(lambda: c.subscribe([env.topic("a"), env.topic("a")], "twice"))
    facts["exclusive second"] = [made(lambda: c.subscribe([env.topic("a"), env.topic("b")], "ex")), made(lambda: c.subscribe([env.topic("b"), env.topic("new")], "ex")), made(lambda: c.subscribe(env.topic("b"), "ex"))]
    facts["subs of new"] = env.rest("GET", env.topic_path("new") + "/subscriptions")
    facts["delete a"] = env.rest("DELETE", env.topic_path("a"))
    facts["unsubscribe"] = made(m.unsubscribe)
    facts["subs"] = [sorted(env.rest("GET", env.topic_path(n) + "/subscriptions")["body"]) for n in ("a", "b", "p")]
    facts["receive then"] = made(lambda: m.receive(timeout_millis=10))
    q = c.subscribe(re.compile(f"persistent://public/{env.ns}/r-.*"), "q", consumer_type=S, pattern_auto_discovery_period=1, initial_position=pulsar.InitialPosition.Earliest)
    facts["pattern topic"] = attempt(lambda: q.topic().replace(env.ns, "{ns}"))
    facts["pattern name"] = q.subscription_name()
    r1 = c.create_producer(env.topic("r-1"))
    r1.send(b"one")
    env.rest("PUT", env.topic_path("r-p") + "/partitions", 2)
    rp = c.create_producer(env.topic("r-p"))
    for i in range(4):
        rp.send(b"p%d" % i, partition_key=f"k{i}")
    c.create_producer(f"non-persistent://public/{env.ns}/r-np").send(b"np")
    time.sleep(3)
    facts["pattern"] = sorted(drain(q, 600, ack=True, show=show))
    r1.close()
    facts["delete one"] = env.rest("DELETE", env.topic_path("r-1") + "?force=true")
    time.sleep(3)
    facts["topics"] = sorted(env.rest("GET", f"/admin/v2/persistent/public/{env.ns}")["body"])
    rp.send(b"last", partition_key="k0")
    facts["pattern then"] = sorted(drain(q, 600, ack=True, show=show))
    facts["pattern unsubscribe"] = made(q.unsubscribe)
    facts["wrong pattern"] = made(lambda: c.subscribe(re.compile("r-.*"), "w"))
    facts["pattern text"] = made(lambda: c.subscribe(f"persistent://public/{env.ns}/r-.*", "w"))
    return facts
