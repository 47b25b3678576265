
from pulsar import Function


class F(Function):
    def process(self, input, context):
        n = int(context.get_message_properties().get("n", "0"))
        if n >= 3:
            return f"done {input} {n}"
        context.publish(context.get_input_topics()[0], f"{input}.", message_conf={"properties": {"n": str(n + 1)}, "partition_key": "k"})


class Ping(Function):
    def process(self, input, context):
        return None if len(input) > 6 else input + context.get_function_name()[0]
