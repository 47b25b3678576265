from pulsar import Function
import pulsar



class F(Function):
    def process(self, input, context):
        if str(input).startswith("raise"):
            raise ValueError(input)
        if str(input).startswith("ack"):
            context.ack(context.get_message_id(), context.get_current_message_topic_name())
        return f"{input} {context.message.redelivery_count()}"
