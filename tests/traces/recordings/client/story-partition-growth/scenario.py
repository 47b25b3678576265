"""A partitioned topic grows under a consumer, a producer and a reader; stats, seeks and deletion of all of it."""

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
    path = env.topic_path("grow")
    facts["create"] = env.rest("PUT", path + "/partitions", 2)
    s = c.subscribe(env.topic("grow"), "s", consumer_type=pulsar.ConsumerType.Shared)
    f = c.subscribe(env.topic("grow"), "f", consumer_type=pulsar.ConsumerType.Failover)
    p = c.create_producer(env.topic("grow"))
    ids = [p.send(b"a%d" % i, partition_key=f"key{i}") for i in range(6)]
    facts["parts"] = [i.partition() for i in ids]
    time.sleep(1.2)
    facts["s first"] = sorted(drain(s, ack=True))
    facts["f first"] = sorted(drain(f, ack=True))
    facts["fewer"] = env.rest("POST", path + "/partitions", 1)
    facts["same"] = env.rest("POST", path + "/partitions", 2)
    facts["grow"] = env.rest("POST", path + "/partitions", 4)
    facts["partitions"] = env.rest("GET", path + "/partitions")
    facts["known by client"] = len(c.get_topic_partitions(env.topic("grow")))
    facts["subscriptions of new"] = sorted(env.rest("GET", env.topic_path("grow-partition-3") + "/subscriptions").get("body", []))
    q = c.create_producer(env.topic("grow"))
    ids = [q.send(b"b%d" % i, partition_key=f"key{i}") for i in range(8)]
    facts["parts then"] = [i.partition() for i in ids]
    n = c.subscribe(env.topic("grow"), "n", initial_position=pulsar.InitialPosition.Earliest)
    facts["new subscriber"] = sorted(drain(n, 600, show=lambda m: [m.data().decode(), m.message_id().partition(), m.topic_name().split("-")[-1]]))
    ps = env.rest("GET", path + "/partitioned-stats?getPreciseBacklog=true")["body"]
    facts["partitioned stats"] = [ps["metadata"], ps["msgInCounter"], sorted(ps["subscriptions"]), {k: v["msgBacklog"] for k, v in ps["subscriptions"].items()}, sorted(k[-1] for k in ps.get("partitions", {}))]
    facts["last ids"] = attempt(lambda: str(n.get_last_message_id()))
    facts["seek"] = made(lambda: n.seek(pulsar.MessageId.earliest))
    facts["from the start"] = sorted(drain(n, 600))
    facts["seek time"] = made(lambda: n.seek(int(time.time() * 1000) + 100000))
    facts["nothing"] = drain(n, 400)
    facts["seek id"] = made(lambda: n.seek(ids[0]))
    facts["delete one partition"] = env.rest("DELETE", env.topic_path("grow-partition-3"))
    facts["create plain of it"] = env.rest("PUT", path)
    facts["create partitioned again"] = env.rest("PUT", path + "/partitions", 3)
    facts["delete plain"] = env.rest("DELETE", path)
    facts["delete used"] = env.rest("DELETE", path + "/partitions")
    for x in (s, f, n, p, q):
        x.close()
    facts["list"] = sorted(env.rest("GET", f"/admin/v2/persistent/public/{env.ns}")["body"])
    facts["list partitioned"] = env.rest("GET", f"/admin/v2/persistent/public/{env.ns}/partitioned")
    facts["delete"] = env.rest("DELETE", path + "/partitions")
    facts["again"] = env.rest("DELETE", path + "/partitions")
    facts["gone"] = env.rest("GET", path + "/partitions")
    facts["list then"] = env.rest("GET", f"/admin/v2/persistent/public/{env.ns}")
    facts["missing"] = env.rest("POST", env.topic_path("nope") + "/partitions", 3)
    facts["zero"] = env.rest("PUT", env.topic_path("zero") + "/partitions", 0)
    facts["of a plain topic"] = [env.rest("PUT", env.topic_path("plain")), env.rest("POST", env.topic_path("plain") + "/partitions", 3), env.rest("PUT", env.topic_path("plain") + "/partitions", 3)]
    facts["name of a partition"] = [env.rest("PUT", env.topic_path("odd-partition-0")), env.rest("PUT", env.topic_path("odd") + "/partitions", 2)]
    facts["producer on partition name"] = made(lambda: c.create_producer(env.topic("other-partition-5")))
    return facts
