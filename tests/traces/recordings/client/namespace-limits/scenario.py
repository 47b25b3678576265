"""Limits by namespace policies: producers, consumers, subscriptions, topics, unacknowledged messages."""

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
    ns = f"/admin/v2/namespaces/public/{env.ns}"
    c = env.client
    def policy(name, value=None, method="POST"):
        return env.rest(method, f"{ns}/{name}", value)
    facts["defaults"] = {n: policy(n, None, "GET") for n in ["maxProducersPerTopic", "maxConsumersPerTopic", "maxConsumersPerSubscription", "maxUnackedMessagesPerConsumer", "maxSubscriptionsPerTopic", "maxTopicsPerNamespace", "autoTopicCreation", "autoSubscriptionCreation", "subscriptionTypesEnabled"]}
    facts["set producers"] = policy("maxProducersPerTopic", 2)
    topic = env.topic("p")
    ps = [c.create_producer(topic) for _ in range(2)]
    facts["third producer"] = made(lambda: c.create_producer(topic))
    ps[0].close()
    facts["after one left"] = made(lambda: c.create_producer(topic))
    facts["get producers"] = policy("maxProducersPerTopic", None, "GET")
    facts["set consumers"] = policy("maxConsumersPerTopic", 2)
    topic = env.topic("c")
    cs = [c.subscribe(topic, f"s{i}") for i in range(2)]
    facts["third consumer"] = made(lambda: c.subscribe(topic, "s3"))
    facts["reader"] = made(lambda: c.create_reader(topic, pulsar.MessageId.earliest))
    facts["remove consumers"] = policy("maxConsumersPerTopic", None, "DELETE")
    facts["third now"] = made(lambda: c.subscribe(topic, "s3"))
    facts["set per subscription"] = policy("maxConsumersPerSubscription", 1)
    topic = env.topic("cs")
    one = c.subscribe(topic, "s", consumer_type=pulsar.ConsumerType.Shared)
    facts["second of subscription"] = made(lambda: c.subscribe(topic, "s", consumer_type=pulsar.ConsumerType.Shared))
    facts["other subscription"] = made(lambda: c.subscribe(topic, "t", consumer_type=pulsar.ConsumerType.Shared))
    policy("maxConsumersPerSubscription", None, "DELETE")
    facts["set subscriptions"] = policy("maxSubscriptionsPerTopic", 1)
    topic = env.topic("ss")
    one = c.subscribe(topic, "a")
    facts["second subscription"] = made(lambda: c.subscribe(topic, "b"))
    facts["by admin"] = env.rest("PUT", env.topic_path("ss") + "/subscription/z", text='"latest"')
    facts["reader is one"] = made(lambda: c.create_reader(topic, pulsar.MessageId.earliest))
    policy("maxSubscriptionsPerTopic", None, "DELETE")
    facts["set unacked consumer"] = policy("maxUnackedMessagesPerConsumer", 3)
    topic = env.topic("u")
    u = c.subscribe(topic, "s", consumer_type=pulsar.ConsumerType.Shared)
    p = c.create_producer(topic)
    for i in range(10):
        p.send(str(i).encode())
    m = drain(u, show=lambda m: m)
    facts["unacked"] = [x.data().decode() for x in m]
    facts["blocked"] = [stats(env, "u")["subscriptions"]["s"]["consumers"][0]["blockedConsumerOnUnackedMsgs"], sub(env, "u")]
    u.acknowledge(m[0])
    facts["after one ack"] = drain(u, 800, show=lambda m: m.data().decode())
    u.acknowledge(m[1])
    more = drain(u, 800, show=lambda m: m)
    facts["after two"] = [x.data().decode() for x in more]
    policy("maxUnackedMessagesPerConsumer", None, "DELETE")
    facts["types enabled"] = policy("subscriptionTypesEnabled", ["Exclusive", "Failover"])
    facts["types"] = policy("subscriptionTypesEnabled", None, "GET")
    topic = env.topic("ty")
    facts["by type"] = [made(lambda: c.subscribe(topic, f"s{k}", consumer_type=getattr(pulsar.ConsumerType, k))) for k in ["Exclusive", "Failover", "Shared", "KeyShared"]]
    facts["types removed"] = policy("subscriptionTypesEnabled", None, "DELETE")
    facts["by type again"] = [made(lambda: c.subscribe(topic, f"s{k}", consumer_type=getattr(pulsar.ConsumerType, k))) for k in ["Shared", "KeyShared"]]
    facts["auto off"] = policy("autoTopicCreation", {"allowAutoTopicCreation": False})
    facts["auto"] = policy("autoTopicCreation", None, "GET")
    facts["new topic"] = [made(lambda: c.create_producer(env.topic("new1"))), made(lambda: c.subscribe(env.topic("new2"), "s")), made(lambda: c.create_reader(env.topic("new3"), pulsar.MessageId.earliest)), made(lambda: c.get_topic_partitions(env.topic("new4")))]
    facts["by admin then"] = [env.rest("PUT", env.topic_path("new1")), made(lambda: c.create_producer(env.topic("new1")))]
    facts["auto partitioned"] = policy("autoTopicCreation", {"allowAutoTopicCreation": True, "topicType": "partitioned", "defaultNumPartitions": 3})
    facts["made partitioned"] = [made(lambda: c.create_producer(env.topic("new5"))), len(c.get_topic_partitions(env.topic("new5"))), env.rest("GET", env.topic_path("new5") + "/partitions"), made(lambda: c.subscribe(env.topic("new6"), "s")), len(c.get_topic_partitions(env.topic("new6"))), len(c.get_topic_partitions(env.topic("new7")))]
    facts["auto removed"] = policy("autoTopicCreation", None, "DELETE")
    facts["new again"] = [made(lambda: c.create_producer(env.topic("new8"))), len(c.get_topic_partitions(env.topic("new8")))]
    facts["subs off"] = policy("autoSubscriptionCreation", {"allowAutoSubscriptionCreation": False})
    facts["new subscription"] = [made(lambda: c.subscribe(env.topic("new8"), "s")), made(lambda: c.create_reader(env.topic("new8"), pulsar.MessageId.earliest)), env.rest("PUT", env.topic_path("new8") + "/subscription/s", text='"latest"'), made(lambda: c.subscribe(env.topic("new8"), "s"))]
    facts["subs removed"] = policy("autoSubscriptionCreation", None, "DELETE")
    facts["subs again"] = made(lambda: c.subscribe(env.topic("new8"), "t"))
    facts["max topics"] = policy("maxTopicsPerNamespace", 1)
    facts["one too many"] = [made(lambda: c.create_producer(env.topic("new9"))), env.rest("PUT", env.topic_path("new9")), env.rest("PUT", env.topic_path("new10") + "/partitions", 2)]
    policy("maxTopicsPerNamespace", None, "DELETE")
    facts["negative"] = [policy(n, -1) for n in ["maxProducersPerTopic", "maxConsumersPerTopic", "maxConsumersPerSubscription", "maxUnackedMessagesPerConsumer", "maxSubscriptionsPerTopic", "maxTopicsPerNamespace"]]
    return facts
