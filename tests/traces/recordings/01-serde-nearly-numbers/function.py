
from pulsar import Function


class F(Function):
    def process(self, input, context):
        return f"{type(input).__name__} {input!r}"[:300]
