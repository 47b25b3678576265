
from pulsar import Function

seen = {}


class F(Function):
    def process(self, input, context):
        count = context.message.redelivery_count()
        context.publish("persistent://public/" + context.get_function_namespace() + "/seen", f"{context.get_function_name()} {input} {count} {context.get_message_id()}")
        if input == "2" and count == 0:
            raise ValueError("two")
        return input


class M(F):
    def process(self, input, context):
        output = super().process(input, context)
        if input in "01":
            context.ack(context.get_message_id(), context.get_current_message_topic_name())
        return output
