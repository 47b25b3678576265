from pulsar.schema import Array, Float, Integer, Map, Record, String
from pulsar import Function


class Size(Record):
    w = Float()


class Order(Record):
    name = String()
    count = Integer(default=3)
    size = Size()
    tags = Array(String())
    prices = Map(Float())


class Show(Function):
    def process(self, input, context):
        return f"{type(input).__name__} {input.name!r} {input.count!r} {input.size.w if input.size else None!r} {input.tags!r} {input.prices!r}"


class Make(Function):
    def process(self, input, context):
        if input == "good":
            return Order(name="tea", count=1, size=Size(w=2.0), tags=["x"], prices={"a": 1.5})
        if input == "dict":
            return {"name": "tea"}
        if input == "text":
            return "text"
        if input == "wrong":
            return Size(w=1.0)
        if input == "partial":
            return Order(name="only")
        return None
