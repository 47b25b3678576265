
from pulsar import Function
from pulsar.schema import Record, String, Integer


class R(Record):
    a = String()
    n = Integer()


class Plain(Function):
    def process(self, input, context):
        if input == "none":
            return None
        if input == "raise":
            raise ValueError("no")
        if input == "num":
            return 5
        if input == "bytes":
            return b"\xff\x00x"
        return f"{input!r} {context.get_message_key()!r} {context.get_message_properties()} {context.get_current_message_topic_name().split('/')[-1]}"


class Rec(Function):
    def process(self, r, context):
        return R(a=r.a + "!", n=(r.n or 0) + 1)


class Str(Function):
    def process(self, s, context):
        return s.upper()
