"""Routing by content: `context.publish` sends to any topic, as often as it likes; nothing is returned.

What is published so carries the key and properties given here; it plays no part in when the input is acknowledged.

    pfemu run sample_functions/content_router.py --input sample_functions/data/orders.jsonl --json
"""

import json

from pulsar import Function

LARGE = 100
TOPICS = {"tea": "tea-orders", "coffee": "coffee-orders"}


class ContentRouter(Function):
    def process(self, input, context):
        order = json.loads(input)
        topic = TOPICS.get(order["item"], "other-orders")
        key = {"partition_key": order["customer"]}
        context.publish(topic, input, message_conf=key)
        if order["amount"] >= LARGE:
            # `properties` are added to `message_conf`; keys and values must be text.
            context.publish("large-orders", input, properties={"amount": str(order["amount"])}, message_conf=key)
