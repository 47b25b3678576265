from pulsar import Function


class F(Function):
    def process(self, input, context):
        topic = context.get_input_topics()[0]
        if input in ("ack", "twice", "then raise"):
            context.ack(context.get_message_id(), topic)
        if input == "twice":
            context.ack(context.get_message_id(), topic)
        if "raise" in input:
            raise RuntimeError(input)
        return f"{input} {context.message.redelivery_count()}"
