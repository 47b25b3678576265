from pulsar import Function
import pulsar



class F(Function):
    def process(self, input, context):
        what, _, key = str(input).partition(" ")
        key, _, value = key.partition("=")
        try:
            if what == "incr":
                result = context.incr_counter(key, int(value))
            elif what == "put":
                result = context.put_state(key, value)
            elif what == "get":
                result = context.get_state(key)
            elif what == "count":
                result = context.get_counter(key)
            elif what == "del":
                result = context.del_counter(key)
        except BaseException as error:
            return f"{input}: {type(error).__name__} {str(error).splitlines()[0]}"
        return f"{input}: {result!r}"
