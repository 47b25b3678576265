
from pulsar import Function


class F(Function):
    def process(self, input, context):
        what, _, rest = str(input).partition(" ")
        key, _, value = rest.partition("=")
        try:
            if what == "put":
                answer = context.put_state(key, value)
            elif what == "incr":
                answer = context.incr_counter(key, int(value))
            elif what == "get":
                answer = context.get_state(key)
            elif what == "count":
                answer = context.get_counter(key)
            else:
                answer = context.del_counter(key)
        except Exception as error:
            answer = f"{type(error).__name__} {str(error).splitlines()[0]}"
        return f"{input} -> {answer!r}"
