from pulsar import Function


class F(Function):
    def process(self, input, context):
        if input == "raise":
            raise KeyError("gone")
        if input == "list":
            return [1]
        return None if input == "none" else input
