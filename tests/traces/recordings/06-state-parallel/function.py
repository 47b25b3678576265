from pulsar import Function


class F(Function):
    def process(self, input, context):
        context.incr_counter("n", input)
        context.incr_counter("calls", 1)
        return None
