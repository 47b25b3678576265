"""Readers: partitions, start by time, inclusive ids of batches, listeners, seeking, topic ends."""

import time

import pulsar


def read(reader, limit=20):
    got = []
    while len(got) < limit:
        try:
            got.append(reader.read_next(timeout_millis=500).data().decode())
        except pulsar.Timeout:
            return got
    return got


def attempt(call):
    try:
        return call()
    except BaseException as error:
        return f"{type(error).__module__}.{type(error).__name__}: {str(error).splitlines()[0]}"


def run(env):
    facts = {}
    topic = env.topic("t")
    producer = env.client.create_producer(topic)
    ids, times = [], []
    for i in range(4):
        times.append(int(time.time() * 1000))
        ids.append(producer.send(b"%d" % i))
        time.sleep(0.05)
    batcher = env.client.create_producer(topic, batching_enabled=True, batching_max_publish_delay_ms=100)
    for i in range(3):
        batcher.send_async(b"b%d" % i, None)
    batcher.flush()
    reader = env.client.create_reader(topic, pulsar.MessageId.earliest)
    everything = []
    while reader.has_message_available():
        everything.append(reader.read_next(timeout_millis=1000))
    facts["all"] = [m.data().decode() for m in everything]
    inside = everything[5].message_id()
    facts["from inside a batch"] = read(env.client.create_reader(topic, inside))
    facts["from inside a batch, inclusive"] = read(env.client.create_reader(topic, inside, start_message_id_inclusive=True))
    reader.seek(times[2])
    facts["by time"] = read(reader)
    reader.seek(ids[3])
    facts["by id"] = read(reader)
    facts["at the end"] = reader.has_message_available()
    heard = []
    listener = env.client.create_reader(topic, ids[1], reader_listener=lambda r, m: heard.append(m.data().decode()))
    time.sleep(0.5)
    facts["listener"] = list(heard)
    facts["connected"] = [reader.is_connected(), listener.is_connected()]
    listener.close()
    facts["closed"] = listener.is_connected()
    facts["topic"] = reader.topic().replace(env.ns, "{ns}")
    facts["names"] = len([name for name in env.rest("GET", env.topic_path("t") + "/subscriptions")["body"] if name.startswith("reader-")])
    facts["terminate"] = "ledgerId" in env.rest("POST", env.topic_path("t") + "/terminate").get("body", {})
    facts["send after"] = attempt(lambda: producer.send(b"x") and "sent")
    facts["new producer"] = attempt(lambda: env.client.create_producer(topic) and "made")
    facts["read after"] = read(env.client.create_reader(topic, pulsar.MessageId.earliest), 3)
    return facts
