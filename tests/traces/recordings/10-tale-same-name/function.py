
from pulsar import Function


class F(Function):
    def process(self, input, context):
        context.incr_counter("n", 1)
        return f"F {input} {context.message.redelivery_count()} {context.get_counter('n')}"


class G(Function):
    def process(self, input, context):
        if input == "bad":
            raise KeyError("bad")
        return f"G {input} {context.message.redelivery_count()}"
