from pulsar import Function


class F(Function):
    def __init__(self):
        raise RuntimeError('not yet')

    def process(self, input, context):
        return input
