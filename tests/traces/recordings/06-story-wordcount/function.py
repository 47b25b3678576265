
from pulsar import Function


class Count(Function):
    def process(self, input, context):
        for word in input.split():
            context.incr_counter(word, 1)
        return None


class Ask(Function):
    def process(self, input, context):
        return f"{input} {context.get_counter(input)}"
