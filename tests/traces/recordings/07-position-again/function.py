from pulsar import Function
import pulsar



class F(Function):
    def process(self, input, context):
        return f"{input}"
