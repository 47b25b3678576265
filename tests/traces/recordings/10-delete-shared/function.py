from pulsar import Function
import pulsar



class F(Function):
    def process(self, input, context):
        context.incr_counter("n", 1)
        return f"{context.get_function_name()} {input} {context.get_counter('n')}"


class G(Function):
    def process(self, input, context):
        return f"G {input} {context.get_counter('n')}"
