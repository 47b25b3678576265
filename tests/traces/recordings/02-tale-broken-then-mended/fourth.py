from pulsar import Function


class F(Function):
    def __init__(self):
        self.n = 0

    def process(self, input, context):
        self.n += 1
        return f'{input} {self.n}'
