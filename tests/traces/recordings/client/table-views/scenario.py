"""Table views: keys, removal, batches, partitions, listeners, schemas, compaction."""

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
    p = c.create_producer(topic, schema=pulsar.schema.StringSchema())
    for k, v in [("a", "1"), ("b", "1"), ("a", "2"), (None, "none"), ("", "empty")]:
        p.send(v, **({} if k is None else {"partition_key": k}))
    tv = c.create_table_view(topic, schema=pulsar.schema.StringSchema())
    facts["len"] = [len(tv), tv.get("a"), tv.get("b"), tv.get(""), tv.get("none")]
    facts["in"] = [attempt(lambda: "a" in tv), attempt(lambda: tv["a"]), attempt(lambda: list(tv))]
    heard = []
    tv.for_each_and_listen(lambda k, v: heard.append([k, v]))
    facts["heard"] = sorted(heard)
    p.send("3", partition_key="a")
    p.send("1", partition_key="c")
    time.sleep(0.5)
    facts["heard then"] = heard[len(facts["heard"]):]
    each = []
    tv.for_each(lambda k, v: each.append([k, v]))
    facts["each"] = sorted(each)
    facts["subscription"] = [re.sub("[0-9a-f]{8,}", "<hex>", n) for n in env.rest("GET", env.topic_path("t") + "/subscriptions")["body"]]
    named = attempt(lambda: c.create_table_view(topic, "my-view"))
    facts["named"] = sorted(re.sub("[0-9a-f]{8,}", "<hex>", n) for n in env.rest("GET", env.topic_path("t") + "/subscriptions")["body"])
    facts["bytes"] = attempt(lambda: named.get("a"))
    facts["closing"] = [attempt(tv.close), attempt(tv.close), attempt(lambda: tv.get("a")), attempt(lambda: len(tv))]
    facts["subscriptions after"] = sorted(re.sub("[0-9a-f]{8,}", "<hex>", n) for n in env.rest("GET", env.topic_path("t") + "/subscriptions")["body"])
    raw = c.create_producer(env.topic("r"))
    raw.send(b"1", partition_key="a")
    raw.send(b"", partition_key="a")
    raw.send(b"2", partition_key="b")
    v = c.create_table_view(env.topic("r"))
    facts["removed"] = [len(v), v.get("a"), v.get("b")]
    b = c.create_producer(env.topic("bt"), batching_enabled=True, batching_max_publish_delay_ms=200)
    for i in range(6):
        b.send_async(str(i).encode(), None, partition_key=f"k{i % 2}")
    b.flush()
    v = c.create_table_view(env.topic("bt"))
    facts["batch"] = [len(v), v.get("k0"), v.get("k1")]
    env.rest("PUT", env.topic_path("p") + "/partitions", 3)
    q = c.create_producer(env.topic("p"))
    for i in range(9):
        q.send(str(i).encode(), partition_key=f"k{i % 4}")
    v = attempt(lambda: c.create_table_view(env.topic("p")))
    facts["partitions"] = v if isinstance(v, str) else [len(v), [v.get(f"k{i}") for i in range(4)]]
    facts["empty topic"] = attempt(lambda: len(c.create_table_view(env.topic("new"))))
    facts["wrong topic"] = made(lambda: c.create_table_view("persistent://public/nope-x/t"))
    facts["wrong args"] = [made(lambda: c.create_table_view(5)), made(lambda: c.create_table_view(topic, 5)), made(lambda: c.create_table_view(topic, schema=5))]
    facts["get number"] = attempt(lambda: v.get(5))
    facts["schema mismatch"] = made(lambda: c.create_table_view(topic, schema=pulsar.schema.JsonSchema(dict)) )
    class R(pulsar.schema.Record):
        x = pulsar.schema.Integer()
    facts["record on string"] = made(lambda: c.create_table_view(topic, schema=pulsar.schema.JsonSchema(R)))
    return facts
