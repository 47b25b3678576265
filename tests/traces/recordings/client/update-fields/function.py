from pulsar import Function


class F(Function):
    def process(self, item, context):
        return f"{item}!"


G = F
