from pulsar import Function
import pulsar



class F(Function):
    def process(self, input, context):
        if input == "raise":
            raise ValueError("x")
        context.incr_counter("n", 1)
        return f"{input!r} {context.get_counter('n')} {context.get_message_key()!r} {context.get_message_properties()!r}"
