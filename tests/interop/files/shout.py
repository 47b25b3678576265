from pulsar import Function


class Shout(Function):
    def process(self, input, context):
        context.incr_counter("shouted", 1)
        return f"{input}!"
