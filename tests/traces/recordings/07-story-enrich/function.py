
import json
from pulsar import Function
from pulsar.schema import Record, String, Integer, Float, Array, Boolean


class Order(Record):
    id = Integer()
    sku = String()
    price = Float(default=1.5)


class Priced(Record):
    id = Integer(required=True)
    sku = String()
    total = Float()
    tags = Array(String())
    checked = Boolean(default=True)


class Enrich(Function):
    def process(self, order, context):
        context.get_logger().info("%s %s", type(order).__name__, order.sku)
        if order.sku == "fail":
            raise KeyError("sku")
        return Priced(id=order.id, sku=(order.sku or "?").upper(), total=(order.price or 0) * 2, tags=["a", context.get_message_key() or "-"])
