"""An administrator moves, skips, clears and deletes under consumers that work: Shared, Key_Shared with two, Exclusive, a reader."""

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
    c = env.client
    T = pulsar.ConsumerType
    t = env.topic_path("t")
    p = c.create_producer(env.topic("t"))
    cs = {"sh": c.subscribe(env.topic("t"), "sh", consumer_type=T.Shared, negative_ack_redelivery_delay_ms=300), "ex": c.subscribe(env.topic("t"), "ex"), "ks": c.subscribe(env.topic("t"), "ks", consumer_type=T.KeyShared, consumer_name="k1")}
    ks2 = c.subscribe(env.topic("t"), "ks", consumer_type=T.KeyShared, consumer_name="k2")
    r = c.create_reader(env.topic("t"), pulsar.MessageId.earliest)
    for i in range(6):
        p.send(b"%d" % i, partition_key=f"k{i}")
    got = {n: drain(x, 400, show=lambda m: m) for n, x in cs.items()}
    got["ks2"] = drain(ks2, 400, show=lambda m: m)
    facts["first"] = {n: [m.data().decode() for m in g] for n, g in got.items()}
    facts["skip"] = [env.rest("POST", t + f"/subscription/{n}/skip/2") for n in cs]
    time.sleep(0.2)
    facts["after skip"] = {n: sub(env, "t", n) for n in cs}
    for n, x in cs.items():
        x.redeliver_unacknowledged_messages()
    ks2.redeliver_unacknowledged_messages()
    facts["given back"] = {n: drain(x, 600, show=counted) for n, x in [*cs.items(), ("ks2", ks2)]}
    facts["reset"] = [env.rest("POST", t + f"/subscription/{n}/resetcursor/0") for n in cs]
    time.sleep(1.5)
    facts["after reset"] = {n: drain(x, 800, show=counted) for n, x in [*cs.items(), ("ks2", ks2)]}
    facts["connected"] = {n: x.is_connected() for n, x in [*cs.items(), ("ks2", ks2)]}
    facts["clear"] = [env.rest("POST", t + f"/subscription/{n}/skip_all") for n in cs]
    time.sleep(0.2)
    facts["after clear"] = {n: sub(env, "t", n) for n in cs}
    p.send(b"new", partition_key="k1")
    facts["new"] = {n: drain(x, 500, show=counted) for n, x in [*cs.items(), ("ks2", ks2)]}
    facts["delete without force"] = [env.rest("DELETE", t + f"/subscription/{n}") for n in cs]
    facts["reader"] = drain(r, 300)
    facts["reader skip"] = [env.rest("POST", t + "/subscription/" + [n for n in stats(env, "t")["subscriptions"] if n.startswith("reader")][0] + "/skip_all").get("status")]
    facts["peek"] = env.rest("GET", t + "/subscription/ex/position/1")
    facts["unload"] = env.rest("PUT", t + "/unload")
    time.sleep(2)
    facts["after unload"] = {n: drain(x, 600, show=counted) for n, x in [*cs.items(), ("ks2", ks2)]}
    facts["send"] = made(lambda: p.send(b"last", partition_key="k2"))
    facts["last"] = {n: drain(x, 600, show=counted) for n, x in [*cs.items(), ("ks2", ks2)]}
    facts["reader then"] = drain(r, 500)
    facts["subs"] = {n: sub(env, "t", n) for n in cs}
    return facts
