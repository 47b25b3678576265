
import pulsar
from pulsar import Function
from pulsar.schema import Record, String


class R(Record):
    a = String()


class F(Function):
    def process(self, input, context):
        return "result " + str(input) * 20


class Rec(Function):
    def process(self, input, context):
        return R(a="record " + str(input))


class Pub(Function):
    def process(self, input, context):
        ns = "persistent://public/" + context.get_function_namespace() + "/"
        if input == "many":
            for i in range(5):
                context.publish(ns + "many", f"message {i}", properties={"n": str(i)})
        if input == "keys":
            for i in range(4):
                context.publish(ns + "keys", f"message {i}", message_conf={"partition_key": f"k{i % 2}", "ordering_key": "o", "event_timestamp": 1600000000000 + i})
        if input == "lz4":
            context.publish(ns + "lz4", "x" * 500, compression_type=pulsar.CompressionType.LZ4)
        if input == "zlib":
            context.publish(ns + "zlib", "x" * 500, compression_type=pulsar.CompressionType.ZLib)
        if input == "delayed":
            context.publish(ns + "many", "now")
            context.publish(ns + "many", "later", message_conf={"deliver_at": 1})
        if input == "big":
            context.publish(ns + "lz4", "".join(str(i) for i in range(3000)))
        return input
