"""Null values, empty payloads, properties and keys of many kinds; table views; message getters."""

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
    consumer = env.client.subscribe(topic, "s")
    producer = env.client.create_producer(topic, producer_name="named", properties={"x": "y"})
    producer.send(b"")
    producer.send(b"x", partition_key="k", ordering_key="o", properties={"a": "1", "": "empty", "u": "\u00e9"}, event_timestamp=5)
    producer.send(b"y" * 10, partition_key="\u00e9", sequence_id=40)
    producer.send(b"z")
    got = [consumer.receive(timeout_millis=2000) for _ in range(4)]
    facts["messages"] = [[m.data().decode(), m.partition_key(), m.ordering_key(), dict(sorted(m.properties().items())), m.event_timestamp(), m.redelivery_count(), m.producer_name(), m.topic_name().replace(env.ns, "{ns}"), m.publish_timestamp() > 0, m.schema_version(), m.length() if hasattr(m, "length") else None] for m in got]
    facts["last sequence"] = producer.last_sequence_id()
    facts["value"] = [type(m.value()).__name__ for m in got]
    facts["null"] = attempt(lambda: hasattr(got[0], "has_null_value") and got[0].has_null_value())
    view_topic = env.topic("view")
    writer = env.client.create_producer(view_topic)
    for key, value in [("a", b"1"), ("b", b"1"), ("a", b"2"), ("c", b"")]:
        writer.send(value, partition_key=key)
    view = attempt(lambda: env.client.create_table_view(view_topic))
    if not isinstance(view, str):
        time.sleep(0.5)
        facts["size"] = len(view)
        facts["get"] = [view.get(key) for key in ["a", "b", "c", "d"]]
        writer.send(b"3", partition_key="b")
        time.sleep(0.5)
        facts["later"] = view.get("b")
        heard = []
        view.for_each(lambda key, value: heard.append([key, value.decode()]))
        facts["for each"] = sorted(heard)
        facts["close"] = attempt(view.close)
    else:
        facts["view"] = view
    facts["negative acknowledge id"] = attempt(lambda: consumer.negative_acknowledge(got[0].message_id()))
    facts["acknowledge text"] = attempt(lambda: consumer.acknowledge("x"))
    facts["acknowledge none"] = attempt(lambda: consumer.acknowledge(None))
    facts["consumer name"] = isinstance(consumer.consumer_name(), str)
    facts["is connected"] = consumer.is_connected()
    consumer.close()
    facts["close again"] = attempt(consumer.close)
    facts["receive closed"] = attempt(lambda: consumer.receive(timeout_millis=10))
    facts["unsubscribe closed"] = attempt(consumer.unsubscribe)
    facts["seek closed"] = attempt(lambda: consumer.seek(0))
    facts["negative closed"] = attempt(lambda: consumer.negative_acknowledge(got[1]))
    return facts
