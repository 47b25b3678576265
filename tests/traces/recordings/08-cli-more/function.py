from pulsar import Function


class F(Function):
    def process(self, input, context):
        return None if input == "none" else input
