from pulsar import Function
import pulsar



class F(Function):
    def process(self, input, context):
        context.incr_counter("calls", 1)
        if input == "raise":
            raise ValueError("x")
        if input == "list":
            return [1]
        return f"{input} {context.get_output_topic()!r} {context.get_output_serde_class_name()!r} {context.get_counter('calls')}"
