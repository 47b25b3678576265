"""Cumulative and individual acknowledgement: backlog, what comes again after close, refusals by type."""

import pulsar


def drain(consumer):
    got = []
    while True:
        try:
            got.append(consumer.receive(timeout_millis=500))
        except pulsar.Timeout:
            return got


def attempt(call):
    try:
        call()
        return "ok"
    except BaseException as error:
        return f"{type(error).__module__}.{type(error).__name__}: {str(error).splitlines()[0]}"


def run(env):
    facts = {}
    for kind in ["Exclusive", "Failover", "Shared", "KeyShared"]:
        topic = env.topic("t-" + kind)
        options = {"consumer_type": getattr(pulsar.ConsumerType, kind)}
        consumer = env.client.subscribe(topic, "s", **options)
        producer = env.client.create_producer(topic)
        for i in range(5):
            producer.send(str(i).encode(), partition_key=f"k{i}")
        if kind == "Failover":
            import time
            time.sleep(1.5)
        messages = sorted(drain(consumer), key=lambda m: m.data())
        result = {"received": [m.data().decode() for m in messages]}
        result["cumulative 2"] = attempt(lambda: consumer.acknowledge_cumulative(messages[2]))
        result["individual 4"] = attempt(lambda: consumer.acknowledge(messages[4]))
        result["by id 4 again"] = attempt(lambda: consumer.acknowledge(messages[4].message_id()))
        consumer.close()
        result["after close"] = attempt(lambda: consumer.acknowledge(messages[3]))
        stats = env.rest("GET", env.topic_path("t-" + kind) + "/stats?getPreciseBacklog=true")["body"]["subscriptions"]["s"]
        result["backlog"] = stats["msgBacklog"]
        consumer = env.client.subscribe(topic, "s", **options)
        if kind == "Failover":
            time.sleep(1.5)
        result["again"] = sorted([m.data().decode(), m.redelivery_count()] for m in drain(consumer))
        facts[kind] = result
    return facts
