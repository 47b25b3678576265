
from pulsar import Function


class F(Function):
    def process(self, input, context):
        if int(input) % 50 == 49 and context.message.redelivery_count() == 0:
            raise ValueError(f"no {input}")
        context.incr_counter("sum", int(input))
        return None


class G(Function):
    def process(self, input, context):
        return str(input)
