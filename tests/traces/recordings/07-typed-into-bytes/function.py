
import pulsar
from pulsar import Function
from pulsar.schema import AvroSchema, BytesSchema, Integer, JsonSchema, Record, String, StringSchema


class Item(Record):
    name = String()
    count = Integer()


made = {}


class Feeds(Function):
    def process(self, input, context):
        base = "persistent://public/" + context.get_function_namespace() + "/"
        schema = {"json": JsonSchema(Item), "avro": AvroSchema(Item), "string": StringSchema(), "bytes": BytesSchema()}[input]
        try:
            producer = context.get_pulsar_client().create_producer(base + "typed-" + input, schema=schema)
            value = Item(name="tea", count=3) if input in ("json", "avro") else b"7" if input == "bytes" else "7"
            producer.send(value, partition_key="k")
            producer.close()
            return f"{input} sent"
        except Exception as error:
            return f"{input} {type(error).__module__}.{type(error).__name__} {str(error).splitlines()[0]}"


class Reads(Function):
    def process(self, input, context):
        return f"{context.get_current_message_topic_name().split('-')[-1]} {type(input).__name__} {input!r} {context.message.schema_version()!r} {type(context.message.value()).__name__}"
