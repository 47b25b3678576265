from pulsar import Function
import pulsar



class Bad:
    def serialize(self, value):
        if value == "unserialisable":
            raise TypeError(value)
        return value.encode()

    def deserialize(self, data):
        if data.startswith(b"bad"):
            raise ValueError(data)
        return data.decode()


class F(Function):
    def process(self, input, context):
        context.record_metric("m", len(input))
        context.record_metric(input[:1], 2)
        if input.startswith("raise"):
            raise RuntimeError(input)
        if input == "return list":
            return "unserialisable"
        return input
