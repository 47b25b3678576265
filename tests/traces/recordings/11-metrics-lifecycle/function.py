from pulsar import Function
import pulsar



class F(Function):
    def process(self, input, context):
        context.incr_counter("n", 1)
        context.record_metric("m", 1.5)
        if str(input).startswith("raise"):
            raise KeyError(input)
        if input == "list":
            return [1]
        if input == "none":
            return None
        return input


class Bad:
    def serialize(self, value):
        raise ValueError("bad serde")

    def deserialize(self, data):
        if data == b"bad":
            raise ValueError("cannot")
        return data.decode()
