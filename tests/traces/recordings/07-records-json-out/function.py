
import enum
from pulsar.schema import *
from pulsar import Function


class Color(enum.Enum):
    RED = 1
    GREEN = 2


class Inner(Record):
    w = Float()
    name = String(default="inner")


class Order(Record):
    name = String()
    count = Integer(default=3)
    big = Long()
    ratio = Double()
    flag = Boolean(default=True)
    raw = Bytes()
    color = CustomEnum(Color)
    inner = Inner()
    tags = Array(String())
    inners = Array(Inner())
    prices = Map(Float())
    nested = Map(Array(Integer()))
    needed = String(required=True, default="needed")


class Small(Record):
    a = String()
    b = Integer()


class Strict(Record):
    a = String(required=True)
    b = Integer(required=True, required_default=True, default=7)


class Evolved(Record):
    a = String()
    b = Integer()
    c = Integer(default=5)


class Narrow(Record):
    a = String()


class Retyped(Record):
    a = Integer()
    b = String()


class Spaced(Record):
    _avro_namespace = "my.space"
    a = String()
    b = Integer()


class Show(Function):
    def process(self, input, context):
        def show(value):
            if isinstance(value, Record):
                return type(value).__name__ + str({k: show(v) for k, v in sorted(value.__dict__.items()) if not k.startswith("_")})
            if isinstance(value, dict):
                return str({k: show(v) for k, v in value.items()})
            if isinstance(value, list):
                return str([show(v) for v in value])
            return f"{type(value).__name__}:{value!r}"
        return show(input)


MADE = {
    "full": lambda: Order(name="tea", count=1, big=2**40, ratio=1.5, flag=False, raw=b"ab", color=Color.GREEN, inner=Inner(w=2.0), tags=["x", "y"], inners=[Inner(w=1.0)], prices={"a": 1.5}, nested={"n": [1, 2]}, needed="yes"),
    "defaults": lambda: Order(),
    "dict": lambda: {"name": "tea"},
    "text": lambda: "text",
    "bytes": lambda: b"bytes",
    "int": lambda: 5,
    "small": lambda: Small(a="x", b=1),
    "wrong type": lambda: Order(count="x"),
    "wrong kind": lambda: Order(nope=1),
    "none field": lambda: Order(name=None),
    "float for int": lambda: Order(count=1.5),
    "bool for int": lambda: Order(count=True),
    "int for float": lambda: Order(ratio=1),
    "long for int": lambda: Order(count=2**40),
    "enum text": lambda: Order(color="RED"),
    "unicode": lambda: Order(name="\u00e9\u2603"),
    "needed none": lambda: Order(needed=None),
    "dict inner": lambda: Order(inner={"w": 1.0}),
    "wrong inner": lambda: Order(inner=Small(a="x")),
    "wrong item": lambda: Order(tags=[1]),
    "wrong map": lambda: Order(prices={"a": "x"}),
    "set later": lambda: later(),
    "attribute": lambda: other(),
    "sub": lambda: type("Sub", (Order,), {})(name="sub"),
    "none": lambda: None,
    "class": lambda: Order,
}


def later():
    order = Order(name="a")
    order.count = "not checked"
    return order


def other():
    order = Order(name="a")
    order.extra = 5
    return order


class Make(Function):
    def process(self, input, context):
        return MADE[input]()
