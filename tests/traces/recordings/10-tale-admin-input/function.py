
from pulsar import Function


class F(Function):
    def process(self, input, context):
        if input == "bad":
            raise ValueError("bad")
        return f"{input} {context.message.redelivery_count()}"
