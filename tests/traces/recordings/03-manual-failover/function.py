from pulsar import Function
import pulsar


SIDE = "persistent://public/{}/side"


class F(Function):
    def process(self, input, context):
        context.publish(SIDE.format(context.get_function_namespace()), f"{input} {context.message.redelivery_count()} {context.get_partition_key()!r}")
        topic = context.get_current_message_topic_name()
        consumer = context.consumers[topic]
        what = str(input).partition(" ")[0]
        if what == "cumulative":
            consumer.acknowledge_cumulative(context.message)
        if what == "ack":
            context.ack(context.get_message_id(), topic)
        if what == "raise":
            raise ValueError(input)
        return f"{input} done"
