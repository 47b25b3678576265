from pulsar import Function
import pulsar



class F(Function):
    def process(self, input, context):
        if str(input).startswith("raise") and context.message.redelivery_count() < 1:
            raise ValueError(input)
        return f"{input} {context.get_message_key()} {context.message.redelivery_count()}"
