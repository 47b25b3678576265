"""Key_Shared: sticky ranges, overlaps, out of order; ordering keys; messages without keys."""

import pulsar


def drain(consumer):
    got = []
    while True:
        try:
            message = consumer.receive(timeout_millis=500)
        except pulsar.Timeout:
            return got
        got.append(message.data().decode())
        consumer.acknowledge(message)


def attempt(call):
    try:
        return call()
    except BaseException as error:
        return f"{type(error).__module__}.{type(error).__name__}: {str(error).splitlines()[0]}"


def run(env):
    facts = {}
    mode = pulsar.KeySharedMode
    kind = pulsar.ConsumerType.KeyShared

    def sticky(*ranges, **more):
        return pulsar.ConsumerKeySharedPolicy(mode.Sticky, sticky_ranges=list(ranges), **more)

    topic = env.topic("sticky")
    low = env.client.subscribe(topic, "s", consumer_type=kind, key_shared_policy=sticky((0, 32767)))
    high = env.client.subscribe(topic, "s", consumer_type=kind, key_shared_policy=sticky((32768, 65535)))
    facts["overlap"] = attempt(lambda: env.client.subscribe(topic, "s", consumer_type=kind, key_shared_policy=sticky((100, 200))) and "ok")
    facts["auto split beside sticky"] = attempt(lambda: env.client.subscribe(topic, "s", consumer_type=kind) and "ok")
    producer = env.client.create_producer(topic)
    for i in range(20):
        producer.send(str(i).encode(), partition_key=f"key-{i}")
    facts["low"], facts["high"] = drain(low), drain(high)
    high.close()
    for i in range(6):
        producer.send(b"gap%d" % i, partition_key=f"key-{i}")
    facts["with a gap"] = drain(low)
    again = env.client.subscribe(topic, "s", consumer_type=kind, key_shared_policy=sticky((32768, 65535)))
    facts["after the gap"] = drain(again)
    facts["wrong ranges"] = attempt(lambda: sticky((5, 1)) and "ok")
    facts["range too large"] = attempt(lambda: sticky((0, 65536)) and "ok")
    facts["no ranges"] = attempt(lambda: env.client.subscribe(env.topic("none"), "s", consumer_type=kind, key_shared_policy=pulsar.ConsumerKeySharedPolicy(mode.Sticky)) and "ok")
    topic = env.topic("ordering")
    one = env.client.subscribe(topic, "s", consumer_type=kind, key_shared_policy=sticky((0, 32767)))
    two = env.client.subscribe(topic, "s", consumer_type=kind, key_shared_policy=sticky((32768, 65535)))
    producer = env.client.create_producer(topic)
    for i in range(8):
        producer.send(b"o%d" % i, partition_key=f"key-{i}", ordering_key=f"order-{i % 2}")
    facts["ordering keys go before keys"] = [drain(one), drain(two)]
    return facts
