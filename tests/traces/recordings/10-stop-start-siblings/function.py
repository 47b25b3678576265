from pulsar import Function
import pulsar



class F(Function):
    def process(self, input, context):
        context.incr_counter("n", 1)
        if input == "raise":
            raise ValueError("x")
        return f"{input} {context.get_counter('n')} {context.message.redelivery_count()}"
