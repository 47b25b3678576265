"""What a consumer refuses and takes."""

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
    topic = env.topic("t")
    c = env.client
    n = 0
    for label, kw in [("type text", {"consumer_type": "x"}), ("name number", {"consumer_name": 5}), ("queue text", {"receiver_queue_size": "x"}), ("timeout small", {"unacked_messages_timeout_ms": 5}), ("timeout 10000", {"unacked_messages_timeout_ms": 10000}), ("timeout 0", {"unacked_messages_timeout_ms": 0}), ("nack 0", {"negative_ack_redelivery_delay_ms": 0}), ("nack text", {"negative_ack_redelivery_delay_ms": "x"}),
                      ("compacted shared", {"is_read_compacted": True, "consumer_type": pulsar.ConsumerType.Shared}), ("compacted key shared", {"is_read_compacted": True, "consumer_type": pulsar.ConsumerType.KeyShared}), ("properties", {"properties": {"a": 1}}), ("properties none", {"properties": None}), ("position", {"initial_position": "x"}), ("batch policy", {"batch_receive_policy": 5}), ("keyshared policy on shared", {"key_shared_policy": pulsar.ConsumerKeySharedPolicy(), "consumer_type": pulsar.ConsumerType.Shared}),
                      ("dead letter on exclusive", {"dead_letter_policy": pulsar.ConsumerDeadLetterPolicy(1)}), ("regex mode on topic", {"regex_subscription_mode": pulsar.RegexSubscriptionMode.AllTopics}), ("chunks", {"max_pending_chunked_message": 0}), ("unknown", {"nope": 1}), ("discovery", {"pattern_auto_discovery_period": 0}), ("cache", {"broker_consumer_stats_cache_time_ms": 1}), ("listener", {"message_listener": 5}), ("total 0", {"max_total_receiver_queue_size_across_partitions": 0}), ("inclusive", {"start_message_id_inclusive": True}), ("index", {"batch_index_ack_enabled": True}), ("replicate", {"replicate_subscription_state_enabled": True}), ("schema", {"schema": 5}), ("crypto", {"crypto_key_reader": 5}), ("timeout 9999", {"unacked_messages_timeout_ms": 9999}), ("timeout negative", {"unacked_messages_timeout_ms": -1})]:
        n += 1
        facts[label] = made(lambda: c.subscribe(topic, f"s{n}", **kw))
    facts["name empty"] = made(lambda: c.subscribe(topic, ""))
    facts["name number"] = made(lambda: c.subscribe(topic, 5))
    facts["name slash"] = made(lambda: c.subscribe(topic, "a/b"))
    facts["name space"] = made(lambda: c.subscribe(topic, "a b"))
    facts["name odd"] = made(lambda: c.subscribe(topic, "\u00e9?#%"))
    facts["names"] = sorted(env.rest("GET", env.topic_path("t") + "/subscriptions")["body"])
    for label, args in [("max 0", (0,)), ("max -1", (-1,)), ("max text", ("x",)), ("topic number", (1, 5)), ("none", (None,))]:
        facts["dlq " + label] = made(lambda: pulsar.ConsumerDeadLetterPolicy(*args))
    for label, args in [("all -1", (-1, -1, -1)), ("zeros", (0, 0, 0)), ("text", ("x", 1, 1)), ("only time", (-1, -1, 10))]:
        facts["batch " + label] = made(lambda: pulsar.ConsumerBatchReceivePolicy(*args))
    ks = pulsar.ConsumerKeySharedPolicy
    for label, kw in [("auto with ranges", {"sticky_ranges": [(0, 5)]}), ("sticky reversed", {"key_shared_mode": pulsar.KeySharedMode.Sticky, "sticky_ranges": [(9, 5)]}), ("sticky overlapping", {"key_shared_mode": pulsar.KeySharedMode.Sticky, "sticky_ranges": [(0, 9), (5, 12)]}), ("sticky list", {"key_shared_mode": pulsar.KeySharedMode.Sticky, "sticky_ranges": (0, 5)}), ("sticky same", {"key_shared_mode": pulsar.KeySharedMode.Sticky, "sticky_ranges": [(5, 5)]}), ("sticky lists", {"key_shared_mode": pulsar.KeySharedMode.Sticky, "sticky_ranges": [[0, 5]]}), ("negative", {"key_shared_mode": pulsar.KeySharedMode.Sticky, "sticky_ranges": [(-1, 5)]}), ("empty", {"key_shared_mode": pulsar.KeySharedMode.Sticky, "sticky_ranges": []})]:
        facts["ks " + label] = made(lambda: ks(**kw))
    facts["ks empty subscribe"] = made(lambda: c.subscribe(env.topic("ks"), "s", consumer_type=pulsar.ConsumerType.KeyShared, key_shared_policy=ks(pulsar.KeySharedMode.Sticky, sticky_ranges=[])))
    for label, args in [("start none", (None,)), ("start text", ("x",)), ("start number", (5,))]:
        facts["reader " + label] = made(lambda: c.create_reader(topic, *args))
    for label, kw in [("name", {"reader_name": "r"}), ("prefix", {"subscription_role_prefix": "pre"}), ("listener", {"reader_listener": 5}), ("queue 0", {"receiver_queue_size": 0}), ("queue -1", {"receiver_queue_size": -1})]:
        facts["reader " + label] = made(lambda: c.create_reader(topic, pulsar.MessageId.earliest, **kw))
    facts["reader subs"] = sorted(re.sub("[0-9a-f]{10}$", "<hex>", n) for n in env.rest("GET", env.topic_path("t") + "/subscriptions")["body"] if n.startswith(("reader", "pre")))
    s = stats(env, "t")["subscriptions"]
    facts["reader stats"] = sorted([re.sub("[0-9a-f]{10}$", "<hex>", n), v["type"], v["isDurable"], [str(x["consumerName"] if x["consumerName"] == "r" else len(x["consumerName"])) for x in v["consumers"]]] for n, v in s.items() if n.startswith(("reader", "pre")))
    facts["stats of consumer"] = {k: v for k, v in s["s2"]["consumers"][0].items()} if s.get("s2") and s["s2"]["consumers"] else None
    return facts
