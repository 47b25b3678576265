
from pulsar import Function


class F(Function):
    def process(self, input, context):
        return input


class Big(Function):
    def process(self, input, context):
        import random
        return random.Random(1).randbytes(int(input))
