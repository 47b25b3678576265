"""An audit with readers, seeks by id and time, a compacted view, retention, and a subscription that comes and goes."""

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
    ns = f"/admin/v2/namespaces/public/{env.ns}"
    env.rest("POST", ns + "/retention", {"retentionTimeInMinutes": 60, "retentionSizeInMB": 10})
    t = env.topic("audit")
    p = c.create_producer(t)
    ids, times = [], []
    for i in range(10):
        times.append(int(time.time() * 1000))
        ids.append(p.send(b"%d" % i, partition_key=f"k{i % 3}", event_timestamp=i))
        time.sleep(0.05)
    s = c.subscribe(t, "s", initial_position=pulsar.InitialPosition.Earliest)
    facts["all"] = drain(s, show=lambda m: [m.data().decode(), m.partition_key()], ack=True)
    facts["backlog"] = sub(env, "audit")
    s.seek(times[4])
    facts["by time"] = drain(s)
    s.seek(ids[7])
    facts["by id"] = drain(s)
    facts["after seeks"] = sub(env, "audit")
    s.seek(pulsar.MessageId.latest)
    p.send(b"new")
    facts["by latest"] = drain(s, ack=True)
    other = c.subscribe(env.topic("other"), "s")
    facts["seek while partly acknowledged"] = [made(lambda: s.seek(ids[2]))]
    got = drain(s, show=lambda m: m)
    s.acknowledge(got[3])
    s.acknowledge(got[5])
    time.sleep(0.3)
    facts["acknowledged"] = [[m.data().decode() for m in got], sub(env, "audit")]
    s.redeliver_unacknowledged_messages()
    facts["given back"] = drain(s, show=counted)
    facts["reset by rest"] = env.rest("POST", env.topic_path("audit") + f"/subscription/s/resetcursor/{times[6]}")
    time.sleep(1.2)
    facts["after reset"] = drain(s, 800, show=counted)
    facts["connected"] = s.is_connected()
    facts["reset to id"] = env.rest("POST", env.topic_path("audit") + "/subscription/s/resetcursor", {"ledgerId": ids[8].ledger_id(), "entryId": 8, "partitionIndex": -1, "isExcluded": False})
    time.sleep(1.2)
    facts["after reset to id"] = drain(s, 800, show=counted)
    facts["reset excluded"] = env.rest("POST", env.topic_path("audit") + "/subscription/s/resetcursor", {"ledgerId": ids[8].ledger_id(), "entryId": 8, "partitionIndex": -1, "isExcluded": True})
    time.sleep(1.2)
    facts["after reset excluded"] = drain(s, 800, show=counted)
    r = c.create_reader(t, ids[3], reader_name="audit-reader")
    facts["reader"] = [m for m in drain(r)]
    x = stats(env, "audit")["subscriptions"]
    facts["reader sub"] = [[re.sub("[0-9a-f]{10}", "<hex>", k), v["type"], v["isDurable"], v["msgBacklog"], v["consumers"][0]["consumerName"]] for k, v in x.items() if k != "s"]
    r.seek(times[8])
    facts["reader by time"] = drain(r)
    r.seek(ids[9])
    facts["reader at the last"] = drain(r)
    r.close()
    time.sleep(0.2)
    facts["subs"] = env.rest("GET", env.topic_path("audit") + "/subscriptions")
    facts["unsubscribe"] = made(s.unsubscribe)
    s = c.subscribe(t, "s")
    facts["resubscribed at the end"] = [drain(s, 300), sub(env, "audit")]
    s.seek(pulsar.MessageId.earliest)
    facts["everything is kept"] = len(drain(s))
    s.close()
    s = c.subscribe(t, "s")
    facts["durable"] = len(drain(s, 500))
    facts["compact"] = env.rest("PUT", env.topic_path("audit") + "/compaction")
    for _ in range(40):
        state = env.rest("GET", env.topic_path("audit") + "/compaction")["body"]["status"]
        if state != "RUNNING":
            break
        time.sleep(0.25)
    facts["state"] = state
    k = c.create_reader(t, pulsar.MessageId.earliest, is_read_compacted=True)
    facts["compacted"] = drain(k, show=lambda m: [m.data().decode(), m.partition_key(), m.message_id().entry_id()])
    v = c.create_table_view(t)
    facts["view"] = [len(v), {n: v.get(n) for n in ("k0", "k1", "k2")}]
    p.send(b"11", partition_key="k1")
    p.send(b"", partition_key="k2")
    time.sleep(0.4)
    facts["view then"] = [len(v), {n: v.get(n) for n in ("k0", "k1", "k2")}]
    facts["compacted then"] = drain(k, show=lambda m: [m.data().decode(), m.partition_key()])
    facts["compacted durable"] = drain(c.subscribe(t, "comp", is_read_compacted=True, initial_position=pulsar.InitialPosition.Earliest), show=lambda m: [m.data().decode(), m.partition_key()])
    facts["truncate"] = env.rest("DELETE", env.topic_path("audit") + "/truncate")
    time.sleep(0.5)
    facts["after truncate"] = [sub(env, "audit"), drain(c.create_reader(t, pulsar.MessageId.earliest), 400)]
    return facts
