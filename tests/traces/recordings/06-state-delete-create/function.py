from pulsar import Function
import pulsar



class F(Function):
    def process(self, input, context):
        before = (context.get_counter("n"), context.get_state("s"))
        context.incr_counter("n", 2)
        context.put_state("s", str(input))
        return f"{input} {before} {context.get_counter('n')} {context.get_state('s')}"
