
from pulsar import Function


class F(Function):
    def process(self, input, context):
        verb, _, rest = input.partition(" ")
        key, _, value = rest.partition("=")
        try:
            if verb == "put":
                return repr(context.put_state(key, value))
            if verb == "get":
                got = context.get_state(key)
                return f"{got!r}" if got is None or len(got) < 50 else f"{len(got)}"
            if verb == "incr":
                return repr(context.incr_counter(key, int(value)))
            if verb == "count":
                return repr(context.get_counter(key))
            if verb == "del":
                return repr(context.del_counter(key))
            if verb == "big":
                return repr(context.put_state(key, "x" * int(value)))
        except Exception as error:
            return f"{type(error).__module__}.{type(error).__name__} {str(error)[:60]!r}"
