"""What policies do to clients: sizes, delays, encryption, limits of one topic."""

import time

import pulsar


def run(env):
    facts = {}
    n = f"/admin/v2/namespaces/public/{env.ns}"

    def what(name, call):
        try:
            result = call()
            facts[name] = "done" if not isinstance(result, (str, int, list)) else result
            return result
        except Exception as error:
            facts[name] = f"{type(error).__name__}: {error}"
            return None

    def post(path, text, method="POST"):
        facts[f"{method} {path.rpartition('/')[2]} {text}"] = env.rest(method, path, text=text).get("status")
        time.sleep(1)

    def producer(topic, **options):
        return env.client.create_producer(env.topic(topic), **{"batching_enabled": False, "send_timeout_millis": 4000, **options})

    t = env.topic_path("sizes")
    env.rest("PUT", t)
    before = producer("sizes")
    post(t + "/maxMessageSize", "100")
    what("10 bytes", lambda: before.send(b"x" * 10))
    what("50 bytes", lambda: before.send(b"x" * 50))
    d = env.topic_path("delays")
    env.rest("PUT", d)
    consumer = env.client.subscribe(env.topic("delays"), "s", consumer_type=pulsar.ConsumerType.Shared)
    sender = producer("delays")
    post(d + "/delayedDelivery", '{"tickTime":100,"active":true,"maxDeliveryDelayInMillis":5000}')
    what("4 s", lambda: sender.send(b"4", deliver_at=int(time.time() * 1000) + 4000))
    what("none", lambda: sender.send(b"none"))
    what("received at once", lambda: consumer.receive(1000).data().decode())
    what("received later", lambda: consumer.receive(7000).data().decode())
    post(d + "/delayedDelivery", '{"tickTime":100,"active":false}')
    what("off: 60 s", lambda: sender.send(b"off", deliver_at=int(time.time() * 1000) + 60000))
    what("off: received", lambda: consumer.receive(2000).data().decode())

    post(n + "/encryptionRequired", "true")
    what("a producer without keys", lambda: producer("secret"))
    what("one that is there", lambda: sender.send(b"plain"))
    what("a consumer", lambda: env.client.subscribe(env.topic("secret"), "s"))
    post(n + "/encryptionRequired", "false")
    what("a producer later", lambda: producer("secret"))

    m = env.topic_path("many")
    env.rest("PUT", m)
    post(m + "/maxProducers", "1")
    post(m + "/maxConsumers", "2")
    post(m + "/maxSubscriptionsPerTopic", "2")
    first = producer("many")
    what("second producer", lambda: producer("many"))
    consumers = [env.client.subscribe(env.topic("many"), "a", consumer_type=pulsar.ConsumerType.Shared)]
    post(m + "/maxConsumersPerSubscription", "1")
    what("second of a subscription", lambda: env.client.subscribe(env.topic("many"), "a", consumer_type=pulsar.ConsumerType.Shared))
    consumers.append(env.client.subscribe(env.topic("many"), "b"))
    what("third subscription", lambda: env.client.subscribe(env.topic("many"), "c"))
    post(m + "/subscriptionTypesEnabled", '["Exclusive"]')
    what("a type that is off", lambda: env.client.subscribe(env.topic("many"), "d", consumer_type=pulsar.ConsumerType.Failover))
    s = env.topic_path("made")
    env.rest("PUT", s)
    post(s + "/autoSubscriptionCreation", '{"allowAutoSubscriptionCreation":false}')
    what("a subscription by use", lambda: env.client.subscribe(env.topic("made"), "x"))
    u = env.topic_path("unacked")
    env.rest("PUT", u)
    post(u + "/maxUnackedMessagesOnConsumer", "3")
    taker = env.client.subscribe(env.topic("unacked"), "s", consumer_type=pulsar.ConsumerType.Shared)
    sender = producer("unacked")
    for i in range(6):
        sender.send(b"%d" % i)
    got = []
    try:
        while True:
            got.append(taker.receive(1500).data().decode())
    except Exception as error:
        got.append(type(error).__name__)
    facts["unacknowledged"] = got
    return facts
