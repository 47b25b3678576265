"""Consumers of a list, of a pattern and of partitions; readers of partitions; unsubscribe; names."""

import re
import time

import pulsar


def drain(consumer, read=False):
    got = []
    while True:
        try:
            message = consumer.read_next(timeout_millis=600) if read else consumer.receive(timeout_millis=600)
        except pulsar.Timeout:
            return sorted(got)
        got.append([message.topic_name().split("/")[-1], message.data().decode(), message.message_id().partition()])
        if not read:
            consumer.acknowledge(message)


def attempt(call):
    try:
        return repr(call())
    except BaseException as error:
        return f"{type(error).__module__}.{type(error).__name__}: {str(error).splitlines()[0]}"


def run(env):
    facts = {}
    env.rest("PUT", env.topic_path("parts") + "/partitions", 2)
    listed = env.client.subscribe([env.topic("a"), env.topic("b"), env.topic("parts")], "list")
    pattern = env.client.subscribe(re.compile(f"persistent://public/{env.ns}/x-.*"), "pattern", pattern_auto_discovery_period=1)
    parts = env.client.subscribe(env.topic("parts"), "parts", consumer_type=pulsar.ConsumerType.Shared)
    producers = {name: env.client.create_producer(env.topic(name)) for name in ["a", "b", "x-1", "x-2", "y"]}
    time.sleep(2.5)
    for name, producer in producers.items():
        producer.send(name.encode())
    producer = env.client.create_producer(env.topic("parts"))
    for i in range(4):
        producer.send(str(i).encode(), partition_key=f"k{i}")
    facts["list"] = drain(listed)
    facts["pattern"] = drain(pattern)
    facts["parts"] = drain(parts)
    facts["reader of partitions"] = attempt(lambda: drain(env.client.create_reader(env.topic("parts"), pulsar.MessageId.earliest), True))
    facts["partitions of"] = env.client.get_topic_partitions(env.topic("parts")) and len(env.client.get_topic_partitions(env.topic("parts")))
    facts["partitions of plain"] = [name.split("/")[-1] for name in env.client.get_topic_partitions(env.topic("a"))]
    facts["unsubscribe list"] = attempt(listed.unsubscribe)
    facts["unsubscribe pattern"] = attempt(pattern.unsubscribe)
    facts["subscriptions of a"] = env.rest("GET", env.topic_path("a") + "/subscriptions")
    facts["subscription name"] = attempt(parts.subscription_name)
    facts["seek of partitions"] = attempt(lambda: parts.seek(pulsar.MessageId.earliest))
    facts["last id of partitions"] = attempt(lambda: type(parts.get_last_message_id()).__name__)
    facts["empty list"] = attempt(lambda: env.client.subscribe([], "s"))
    facts["list of other namespaces"] = attempt(lambda: env.client.subscribe([env.topic("a"), "persistent://no-tenant/x/y"], "s"))
    facts["number as topic"] = attempt(lambda: env.client.subscribe(5, "s"))
    return facts
