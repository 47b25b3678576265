from pulsar import Function


class F(Function):
    def process(self, item, context):
        kind, _, rest = item.partition(" ")
        key, _, value = rest.partition(" ")
        if kind == "incr":
            context.incr_counter(key, int(value))
        elif kind == "put":
            context.put_state(key, value)
        elif kind == "del":
            context.del_counter(key)
        return f"{kind} {key} {context.get_counter(key)} {context.get_state(key)}"
