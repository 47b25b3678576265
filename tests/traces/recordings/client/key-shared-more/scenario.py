"""Key_Shared with several consumers: redelivery, joining, leaving, batches, out of order, ordering keys."""

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
    KS = pulsar.ConsumerType.KeyShared
    P = pulsar.ConsumerKeySharedPolicy
    def three(name, n=3, **kw):
        return [c.subscribe(env.topic(name), "s", consumer_type=KS, consumer_name=f"c{i}", negative_ack_redelivery_delay_ms=300, **kw) for i in range(n)]
    cs = three("a")
    p = c.create_producer(env.topic("a"))
    for i in range(30):
        p.send(str(i).encode(), partition_key=f"key{i % 10}")
    got = [drain(x, 400, show=lambda m: m) for x in cs]
    facts["owners"] = [sorted({m.partition_key() for m in g}) for g in got]
    facts["order"] = [[m.data().decode() for m in g] for g in got]
    for g, x in zip(got, cs):
        for m in g[:3]:
            x.negative_acknowledge(m)
        for m in g[3:]:
            x.acknowledge(m)
    facts["again"] = [drain(x, 900, show=counted) for x in cs]
    facts["stats"] = sub(env, "a")
    cs[0].close()
    time.sleep(0.3)
    facts["after leaving"] = [drain(x, 600, show=counted) for x in cs[1:]]
    new = c.subscribe(env.topic("a"), "s", consumer_type=KS, consumer_name="c0")
    for i in range(10):
        p.send(b"n%d" % i, partition_key=f"key{i}")
    facts["after coming back"] = [drain(x, 600) for x in [new, *cs[1:]]]
    cs[1].redeliver_unacknowledged_messages()
    time.sleep(0.3)
    facts["after giving back"] = [sorted(drain(x, 600)) for x in [new, *cs[1:]]]
    facts["hashes"] = [[k.get("consumerName"), k.get("unackedMessages"), k.get("drainingHashesCount")] for k in stats(env, "a")["subscriptions"]["s"]["consumers"]]
    b = c.create_producer(env.topic("b"), batching_enabled=True, batching_type=pulsar.BatchingType.KeyBased, batching_max_publish_delay_ms=300)
    bs = three("b", 2)
    for i in range(12):
        b.send_async(str(i).encode(), None, partition_key=f"key{i % 4}")
    b.flush()
    facts["key batches"] = [drain(x, 400, show=placed) for x in bs]
    d = c.create_producer(env.topic("d"), batching_enabled=True, batching_max_publish_delay_ms=300)
    ds = three("d", 2)
    for i in range(8):
        d.send_async(str(i).encode(), None, partition_key=f"key{i % 4}")
    d.flush()
    facts["default batches"] = [drain(x, 400, show=placed) for x in ds]
    o = three("o", 1, key_shared_policy=P(allow_out_of_order_delivery=True))
    facts["other policy joins"] = made(lambda: c.subscribe(env.topic("o"), "s", consumer_type=KS))
    facts["same policy joins"] = made(lambda: c.subscribe(env.topic("o"), "s", consumer_type=KS, key_shared_policy=P(allow_out_of_order_delivery=True)))
    facts["shared joins"] = made(lambda: c.subscribe(env.topic("o"), "s", consumer_type=pulsar.ConsumerType.Shared))
    nk = three("nk", 2)
    q = c.create_producer(env.topic("nk"), producer_name="fixed")
    for i in range(10):
        q.send(str(i).encode())
    facts["no keys"] = [drain(x, 400) for x in nk]
    q2 = c.create_producer(env.topic("nk2"), producer_name="fixed")
    n2 = three("nk2", 2)
    for i in range(6):
        q2.send(str(i).encode(), ordering_key=f"o{i}")
    facts["ordering"] = [drain(x, 400) for x in n2]
    small = [c.subscribe(env.topic("small"), "s", consumer_type=KS, consumer_name=f"c{i}", receiver_queue_size=2) for i in range(2)]
    sp = c.create_producer(env.topic("small"))
    for i in range(20):
        sp.send(str(i).encode(), partition_key=f"key{i % 5}")
    facts["small queues"] = [drain(small[0], 400, ack=True), drain(small[1], 400, ack=True)]
    st = stats(env, "a")["subscriptions"]["s"]
    facts["mode"] = [st.get("keySharedMode"), st.get("allowOutOfOrderDelivery"), st.get("type")]
    return facts
