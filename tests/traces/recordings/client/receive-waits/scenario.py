"""Timeouts, batch receive, pause of listeners, closed clients."""

import time

import pulsar


def attempt(call):
    try:
        return call()
    except BaseException as error:
        return f"{type(error).__module__}.{type(error).__name__}: {str(error).splitlines()[0]}"


def run(env):
    facts = {}
    topic = env.topic("t")
    consumer = env.client.subscribe(topic, "s", batch_receive_policy=pulsar.ConsumerBatchReceivePolicy(3, -1, 300))
    producer = env.client.create_producer(topic)
    facts["timeout"] = attempt(lambda: consumer.receive(timeout_millis=100))
    facts["timeout 0"] = attempt(lambda: consumer.receive(timeout_millis=0))
    facts["batch of nothing"] = attempt(lambda: len(consumer.batch_receive()))
    for i in range(5):
        producer.send(str(i).encode())
    time.sleep(0.3)
    facts["batches"] = [[m.data().decode() for m in consumer.batch_receive()] for _ in range(3)]
    facts["last id"] = consumer.get_last_message_id().entry_id()
    heard = []
    listener = env.client.subscribe(topic, "l", message_listener=lambda c, m: (heard.append(m.data().decode()), c.acknowledge(m)), initial_position=pulsar.InitialPosition.Earliest)
    time.sleep(0.5)
    listener.pause_message_listener()
    producer.send(b"paused")
    time.sleep(0.4)
    facts["paused"] = list(heard)
    listener.resume_message_listener()
    time.sleep(0.4)
    facts["resumed"] = list(heard)
    facts["receive with a listener"] = attempt(lambda: listener.receive(timeout_millis=100))
    consumer.redeliver_unacknowledged_messages()
    facts["redelivered"] = [[m.data().decode(), m.redelivery_count()] for m in consumer.batch_receive()]
    facts["unsubscribe"] = attempt(consumer.unsubscribe)
    facts["receive after"] = attempt(lambda: consumer.receive(timeout_millis=100))
    facts["names"] = sorted(env.rest("GET", env.topic_path("t") + "/subscriptions")["body"])
    facts["zero queue"] = attempt(lambda: env.client.subscribe(env.topic("z"), "s", receiver_queue_size=0, consumer_type=pulsar.ConsumerType.Shared) and "ok")
    facts["negative queue"] = attempt(lambda: env.client.subscribe(env.topic("z"), "s2", receiver_queue_size=-1) and "ok")
    return facts
