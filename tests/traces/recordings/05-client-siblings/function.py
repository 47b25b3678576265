from pulsar import Function
import pulsar


from pulsar.schema import StringSchema


class F(Function):
    def process(self, input, context):
        base = f"persistent://public/{context.get_function_namespace()}/"
        client = context.pulsar_client
        lines = []

        def attempt(label, call):
            try:
                lines.append(f"{label}: {call()!r}")
            except BaseException as error:
                lines.append(f"{label}: {type(error).__module__}.{type(error).__name__} {str(error).splitlines()[0]}")
        def made(topic, **keywords):
            producer = client.create_producer(base + topic, **keywords)
            one = producer.send(b"x")
            producer.close()
            return type(one).__name__
        def read(topic, start):
            reader = client.create_reader(base + topic, start)
            found = []
            while reader.has_message_available():
                found.append(reader.read_next(2000).data())
            reader.close()
            return found
        def consume(topics, name, **keywords):
            consumer = client.subscribe(topics, name, **keywords)
            found = []
            try:
                while True:
                    message = consumer.receive(1500)
                    found.append((message.topic_name().split("/")[-1], message.data()))
                    consumer.acknowledge(message)
            except pulsar.Timeout:
                pass
            consumer.unsubscribe()
            consumer.close()
            return sorted(found)
        attempt("partitions", lambda: [one.split("/")[-1] for one in client.get_topic_partitions(base + "parts")])
        attempt("partitions of plain", lambda: [one.split("/")[-1] for one in client.get_topic_partitions(base + "plain")])
        attempt("producer", lambda: made("plain"))
        attempt("producer typed", lambda: made("typed", schema=StringSchema()))
        attempt("producer parts", lambda: made("parts"))
        attempt("read", lambda: read("plain", pulsar.MessageId.earliest))
        attempt("read latest", lambda: read("plain", pulsar.MessageId.latest))
        attempt("listed", lambda: consume([base + "plain", base + "parts"], "l", initial_position=pulsar.InitialPosition.Earliest))
        attempt("pattern", lambda: consume(__import__("re").compile(base + "p.*"), "p", initial_position=pulsar.InitialPosition.Earliest))
        attempt("empty name", lambda: consume(base + "plain", ""))
        attempt("exclusive", lambda: client.subscribe(base + "in", "public/" + context.get_function_namespace() + "/f"))
        attempt("shared", lambda: client.subscribe(base + "in", "public/" + context.get_function_namespace() + "/f", pulsar.ConsumerType.Failover))
        attempt("named", lambda: client.create_producer(base + "plain", producer_name="one").producer_name())
        attempt("named again", lambda: client.create_producer(base + "plain", producer_name="one").producer_name())
        attempt("exclusive producer", lambda: client.create_producer(base + "excl", access_mode=pulsar.ProducerAccessMode.Exclusive).topic().split("/")[-1])
        attempt("exclusive producer again", lambda: client.create_producer(base + "excl", access_mode=pulsar.ProducerAccessMode.Exclusive).topic())
        attempt("table view", lambda: type(client.create_table_view(base + "plain")).__name__)
        attempt("missing", lambda: client.create_producer("persistent://public/none-such/x"))
        attempt("service", lambda: type(client).__module__ + "." + type(client).__name__)
        return "\n".join(lines)
