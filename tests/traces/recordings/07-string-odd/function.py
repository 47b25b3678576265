
from pulsar import Function


class F(Function):
    def process(self, input, context):
        return f"{type(input).__name__} {input!r}"


class G(Function):
    def process(self, input, context):
        return {"int": 5, "none": None, "bytes": b"x", "text": "text", "empty": "", "sur": "\ud800", "list": [1], "sub": type("S", (str,), {})("sub")}[input]
