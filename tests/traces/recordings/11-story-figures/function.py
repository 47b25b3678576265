
from pulsar import Function


class F(Function):
    def process(self, input, context):
        context.record_metric("lengths", len(input))
        context.record_metric("ones", 1)
        if input == "user":
            raise ValueError("user's")
        if input == "system":
            return [1]
        if input == "reset":
            context.reset_metrics()
        return input
