"""Dead letters with names, from partitions, from batches, by acknowledgement timeout; counts and properties."""

import pulsar


def drain(consumer, timeout=1500, nack=True):
    got = []
    while True:
        try:
            message = consumer.receive(timeout_millis=timeout)
        except pulsar.Timeout:
            return got
        got.append([message.data().decode(), message.redelivery_count()])
        if nack:
            consumer.negative_acknowledge(message)


def letters(env, name):
    reader = env.client.create_reader(name, pulsar.MessageId.earliest)
    got = []
    while True:
        try:
            message = reader.read_next(timeout_millis=800)
        except pulsar.Timeout:
            return got
        got.append([message.data().decode(), message.partition_key(), {key: value for key, value in sorted(message.properties().items())}])


def run(env):
    facts = {}
    options = {"consumer_type": pulsar.ConsumerType.Shared, "negative_ack_redelivery_delay_ms": 200}
    named = env.client.subscribe(env.topic("a"), "s", dead_letter_policy=pulsar.ConsumerDeadLetterPolicy(1, dead_letter_topic=env.topic("dead"), initial_subscription_name="first"), **options)
    env.client.create_producer(env.topic("a")).send(b"x", partition_key="k", properties={"p": "1"})
    facts["named"] = drain(named)
    facts["letters"] = letters(env, env.topic("dead"))
    facts["subscriptions"] = [name for name in env.rest("GET", env.topic_path("dead") + "/subscriptions")["body"] if not name.startswith("reader")]
    batch = env.client.subscribe(env.topic("b"), "s", dead_letter_policy=pulsar.ConsumerDeadLetterPolicy(1, dead_letter_topic=env.topic("dead-b")), **options)
    producer = env.client.create_producer(env.topic("b"), batching_enabled=True, batching_max_publish_delay_ms=100)
    for i in range(2):
        producer.send_async(b"%d" % i, None)
    producer.flush()
    facts["batch"] = drain(batch)
    facts["letters of the batch"] = letters(env, env.topic("dead-b"))
    env.rest("PUT", env.topic_path("p") + "/partitions", 2)
    parts = env.client.subscribe(env.topic("p"), "s", dead_letter_policy=pulsar.ConsumerDeadLetterPolicy(1), **options)
    env.client.create_producer(env.topic("p")).send(b"p", partition_key="k1")
    facts["partitions"] = drain(parts)
    facts["topics"] = sorted(name for name in env.rest("GET", f"/admin/v2/persistent/public/{env.ns}")["body"] if "DLQ" in name)
    late = env.client.subscribe(env.topic("l"), "s", consumer_type=pulsar.ConsumerType.Shared, unacked_messages_timeout_ms=10000, dead_letter_policy=pulsar.ConsumerDeadLetterPolicy(1, dead_letter_topic=env.topic("dead-l")))
    env.client.create_producer(env.topic("l")).send(b"late")
    facts["by timeout"] = drain(late, 14000, nack=False)
    facts["letters by timeout"] = letters(env, env.topic("dead-l"))
    return facts
