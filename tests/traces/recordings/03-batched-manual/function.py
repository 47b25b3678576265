from pulsar import Function


class F(Function):
    def process(self, input, context):
        if input == "raise":
            raise ValueError("x")
        if context.get_function_name() == "m":
            context.ack(context.get_message_id(), context.get_input_topics()[0])
        return f"{input} {context.message.redelivery_count()} {context.get_message_id().batch_index()}"
