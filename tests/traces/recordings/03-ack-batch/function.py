
import time
from pulsar import Function


class Loop(Function):
    def process(self, input, context):
        n = int(input)
        if n > 0:
            context.publish(context.get_input_topics()[0], str(n - 1))
        return f"{n} {context.message.redelivery_count()}"


class PublishRaise(Function):
    tries = 0

    def process(self, input, context):
        PublishRaise.tries += 1
        context.publish("persistent://public/" + context.get_function_namespace() + "/side", f"{input} try {PublishRaise.tries}")
        context.incr_counter("tries", 1)
        context.record_metric("tries", 1)
        context.get_logger().info("logged before %s", input)
        if "bad" in str(input):
            raise ValueError(f"after publishing {input}")
        return f"{input} {context.get_counter('tries')}"


class Slow(Function):
    def process(self, input, context):
        context.publish("persistent://public/" + context.get_function_namespace() + "/side", f"{input} {context.message.redelivery_count()}")
        if "slow" in str(input):
            time.sleep(12)
        return input


class Mutate(Function):
    def process(self, input, context):
        properties = context.get_message_properties()
        properties["added"] = "x"
        conf = {"properties": {"a": "1"}, "partition_key": "k"}
        context.publish("persistent://public/" + context.get_function_namespace() + "/side", "x", properties={"b": "2"}, message_conf=conf)
        return f"{sorted(context.get_message_properties().items())} {conf} {context.get_input_topics() is context.get_input_topics()}"


class NoOutput(Function):
    def process(self, input, context):
        context.publish(context.get_output_topic() or ("persistent://public/" + context.get_function_namespace() + "/side"), f"{context.get_output_topic()!r} {input}")
        return "ignored"


class AckLater(Function):
    kept = []

    def process(self, input, context):
        self.kept.append(context.get_message_id())
        topic = context.get_input_topics()[0]
        if input == "ack all":
            return repr([context.ack(i, topic) for i in self.kept])
        if input == "ack first":
            return repr(context.ack(self.kept[0], topic))
        return None
