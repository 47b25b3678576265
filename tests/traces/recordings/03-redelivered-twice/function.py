from pulsar import Function


class F(Function):
    def process(self, input, context):
        if input == "bad":
            raise ValueError(f"count {context.message.redelivery_count()}")
        return f"{input} {context.message.redelivery_count()}"
