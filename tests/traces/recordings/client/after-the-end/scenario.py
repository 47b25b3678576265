"""Every method of everything after closing, unsubscribing twice and the client's end"""

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
    t = env.topic("t")
    p = c.create_producer(t)
    s = c.subscribe(t, "s", initial_position=pulsar.InitialPosition.Earliest)
    p.send(b"one")
    p.send(b"two")
    m = s.receive(timeout_millis=2000)
    s.unsubscribe()
    def all_of(x):
        return {
            "connected": attempt(x.is_connected),
            "receive": made(lambda: x.receive(timeout_millis=300)),
            "ack": made(lambda: x.acknowledge(m)),
            "ack id": made(lambda: x.acknowledge(m.message_id())),
            "cumulative": made(lambda: x.acknowledge_cumulative(m)),
            "nack": made(lambda: x.negative_acknowledge(m)),
            "redeliver": made(x.redeliver_unacknowledged_messages),
            "last": made(x.get_last_message_id),
            "seek": made(lambda: x.seek(first)),
            "seek time": made(lambda: x.seek(0)),
            "pause": made(x.pause_message_listener),
            "batch": made(x.batch_receive),
            "names": [x.subscription_name(), x.topic() == t],
        }
    facts["unsubscribed"] = all_of(s)
    facts["unsubscribe again"] = made(s.unsubscribe)
    facts["unsubscribed twice"] = {k: v for k, v in all_of(s).items() if k != "batch"}
    facts["and again"] = [made(s.unsubscribe), made(s.close), made(s.close), made(s.unsubscribe)]
    facts["after that"] = {k: v for k, v in all_of(s).items() if k in ("connected", "receive", "ack", "seek")}
    x = c.subscribe(t, "x", initial_position=pulsar.InitialPosition.Earliest)
    m = x.receive(timeout_millis=2000)
    x.close()
    facts["closed"] = all_of(x)
    facts["closing closed"] = [made(x.close), made(x.unsubscribe)]
    facts["unsubscribe after close"] = {k: v for k, v in all_of(x).items() if k in ("connected", "receive", "ack", "seek", "last")}
    facts["kept"] = sub(env, "t", "x")
    r = c.create_reader(t, first)
    facts["read"] = r.read_next(timeout_millis=2000).data().decode()
    r.close()
    facts["reader"] = {"next": made(lambda: r.read_next(timeout_millis=100)), "available": made(r.has_message_available), "seek": made(lambda: r.seek(first)), "close": made(r.close), "connected": attempt(r.is_connected), "topic": r.topic() == t}
    p.close()
    heard = []
    facts["producer"] = {"send": made(lambda: p.send(b"x")), "async": made(lambda: p.send_async(b"x", lambda r, i: heard.append(str(r)))), "flush": made(p.flush), "close": made(p.close), "connected": attempt(p.is_connected), "last": p.last_sequence_id()}
    time.sleep(0.2)
    facts["heard"] = heard
    own = pulsar.Client(env.service, logger=pulsar.FileLogger(pulsar.LoggerLevel.Error, "/dev/null"))
    q = own.create_producer(t)
    y = own.subscribe([t, env.topic("u")], "y")
    z = own.create_reader(t, first)
    v = own.create_table_view(t)
    facts["client close"] = [made(own.close), made(own.close), made(own.shutdown), made(own.close)]
    facts["after the client"] = {
        "producer": [made(lambda: own.create_producer(t)), made(lambda: q.send(b"x")), made(q.close), attempt(q.is_connected), made(q.flush)],
        "consumer": [made(lambda: own.subscribe(t, "z")), made(lambda: y.receive(timeout_millis=100)), made(y.close), made(y.unsubscribe), attempt(y.is_connected), made(lambda: y.seek(first))],
        "reader": [made(lambda: own.create_reader(t, first)), made(lambda: z.read_next(timeout_millis=100)), made(z.close), attempt(z.is_connected)],
        "view": [made(lambda: own.create_table_view(t)), attempt(lambda: len(v)), made(v.close)],
        "partitions": made(lambda: own.get_topic_partitions(t)),
    }
    return facts
