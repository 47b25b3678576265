"""Pattern consumers while topics and partitions come and go, with listeners, negative acknowledgements, ids"""

import re
import threading
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


def spot(i):
    return [i.entry_id(), i.partition(), i.batch_index()]


def placed(m):
    return [m.data().decode()[:20], *spot(m.message_id())]


def stats(env, name):
    return env.rest("GET", env.topic_path(name) + "/stats?getPreciseBacklog=true&subscriptionBacklogSize=true").get("body")


def sub(env, name, s="s"):
    v = stats(env, name)["subscriptions"].get(s)
    return v and {k: v.get(k) for k in ["type", "msgBacklog", "unackedMessages", "msgInReplay", "msgDelayed"]}


def topics(env):
    return sorted(x.split("/")[-1] for x in env.rest("GET", f"/admin/v2/persistent/public/{env.ns}")["body"])


def run(env):
    facts = {}
    c = env.client
    S, K, F, E = (getattr(pulsar.ConsumerType, n) for n in ("Shared", "KeyShared", "Failover", "Exclusive"))
    first = pulsar.MessageId.earliest
    ns = f"public/{env.ns}"
    for n in ("a-1", "a-2", "b-1"):
        c.create_producer(env.topic(n)).send(n.encode())
    x = c.subscribe(re.compile(f"persistent://{ns}/a-.*"), "s", initial_position=pulsar.InitialPosition.Earliest, pattern_auto_discovery_period=1, negative_ack_redelivery_delay_ms=300, consumer_type=S, consumer_name="me")
    facts["topic"] = x.topic().replace(env.ns, "NS")
    facts["first"] = sorted(drain(x, 600, show=placed))
    facts["names"] = [x.subscription_name(), x.consumer_name(), x.is_connected()]
    env.rest("PUT", env.topic_path("a-3") + "/partitions", 2)
    p = c.create_producer(env.topic("a-3"))
    for n in range(4):
        p.send(b"p%d" % n, partition_key=f"k{n}")
    time.sleep(2.5)
    facts["partitioned found"] = sorted(drain(x, 600, show=lambda m: [m.data().decode(), m.message_id().partition(), m.topic_name().split("/")[-1]]))
    env.rest("POST", env.topic_path("a-3") + "/partitions", 3)
    time.sleep(2.5)
    facts["subscriptions"] = [env.rest("GET", env.topic_path(f"a-3-partition-{i}") + "/subscriptions") for i in range(3)]
    fresh = c.create_producer(env.topic("a-3-partition-2"))
    fresh.send(b"grown")
    facts["grown"] = drain(x, 800)
    c.create_producer(env.topic("a-4")).send(b"new")
    time.sleep(2.5)
    m = attempt(lambda: x.receive(timeout_millis=5000))
    facts["new topic"] = m if isinstance(m, str) else placed(m)
    m = m if not isinstance(m, str) else None
    facts["nack made"] = made(lambda: x.negative_acknowledge(m)) if m else "nothing came"
    again = attempt(lambda: x.receive(timeout_millis=6000))
    facts["nack"] = again if isinstance(again, str) else counted(again)
    again = m if isinstance(again, str) else again
    facts["ack"] = [made(lambda: x.acknowledge(again)), made(lambda: x.acknowledge(again.message_id())), made(lambda: x.acknowledge(pulsar.MessageId.deserialize(again.message_id().serialize())))]
    facts["cumulative"] = made(lambda: x.acknowledge_cumulative(again))
    facts["last"] = made(x.get_last_message_id)
    facts["seek"] = [made(lambda: x.seek(again.message_id())), made(lambda: x.seek(first))]
    facts["after seek"] = sorted(set(drain(x, 800)))
    facts["redeliver"] = made(x.redeliver_unacknowledged_messages)
    facts["redelivered"] = sorted(drain(x, 800, ack=True))
    time.sleep(0.3)
    facts["backlog"] = {n: (sub(env, n) or {}).get("msgBacklog") for n in ("a-1", "a-2", "a-4")}
    facts["not b"] = stats(env, "b-1")["subscriptions"]
    facts["unsubscribe"] = [made(x.unsubscribe), made(x.unsubscribe), attempt(x.is_connected)]
    facts["subs after"] = [env.rest("GET", env.topic_path(n) + "/subscriptions").get("body") for n in ("a-1", "a-4", "a-3-partition-0")]
    none = c.subscribe(re.compile(f"persistent://{ns}/zz-.*"), "s", pattern_auto_discovery_period=1)
    facts["none"] = [none.topic().replace(env.ns, "NS"), none.is_connected(), made(lambda: none.receive(timeout_millis=100)), made(none.get_last_message_id)]
    c.create_producer(env.topic("zz-1"))
    time.sleep(2.5)
    c.create_producer(env.topic("zz-1")).send(b"z")
    facts["then"] = drain(none, 1000)
    facts["closing"] = [made(none.close), made(none.close)]
    for label, mode in (("all", pulsar.RegexSubscriptionMode.AllTopics), ("non", pulsar.RegexSubscriptionMode.NonPersistentOnly)):
        y = attempt(lambda: c.subscribe(re.compile(f"persistent://{ns}/b-.*"), f"m-{label}", regex_subscription_mode=mode, initial_position=pulsar.InitialPosition.Earliest))
        facts[label] = y if isinstance(y, str) else drain(y, 400)
    facts["wrong"] = [made(lambda: c.subscribe(re.compile("persistent://nope/nope/.*"), "s")), made(lambda: c.subscribe(re.compile("bad://a/b/c.*"), "s")), made(lambda: c.subscribe(re.compile(f"persistent://{ns}/a-.*"), ""))]
    return facts
