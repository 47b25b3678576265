
from pulsar import Function


class F(Function):
    def process(self, input, context):
        if str(input).startswith("bad"):
            raise ValueError(input)
        return f"{context.get_function_name()} {input} {context.message.redelivery_count()} {context.get_message_key()} {context.message.message_id().batch_index()}"
