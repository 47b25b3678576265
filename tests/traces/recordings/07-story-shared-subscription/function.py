
from pulsar import Function


class F(Function):
    def process(self, input, context):
        return f"{context.get_function_name()} {input}"
