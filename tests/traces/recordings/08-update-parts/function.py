from pulsar import Function


class F(Function):
    def process(self, item, context):
        if item == "fail":
            raise ValueError("no")
        context.incr_counter("seen", 1)
        return f"{item}!"
