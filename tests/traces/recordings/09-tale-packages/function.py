
from pulsar import Function


class F(Function):
    def process(self, input, context):
        context.incr_counter("n", 1)
        return f"file {input} {context.get_counter('n')}"
