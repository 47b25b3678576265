r"""A SerDe of one's own: the function works with `Order` objects, topics hold JSON.

A SerDe is a class with `serialize` and `deserialize`, made without arguments. Inputs and the output name theirs
separately. Without one, `process` would get the text of the JSON.

    pfemu run sample_functions/custom_serde.py --inputs orders --output discounted \
        --custom-serde-inputs '{"orders": "custom_serde.OrderSerDe"}' \
        --output-serde-classname custom_serde.OrderSerDe --input sample_functions/data/orders.jsonl
"""

import json
from dataclasses import asdict, dataclass, replace

from pulsar import Function, SerDe


@dataclass(frozen=True)
class Order:
    customer: str
    item: str
    amount: int


class OrderSerDe(SerDe):
    def serialize(self, input):
        return json.dumps(asdict(input), ensure_ascii=False).encode()

    def deserialize(self, input_bytes):
        return Order(**json.loads(input_bytes))


class Discount(Function):
    """Takes a tenth off every order of 100 or more."""

    def process(self, input, context):
        return replace(input, amount=input.amount * 9 // 10) if input.amount >= 100 else input
