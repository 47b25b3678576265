
import json
import logging
from pulsar import Function

log = logging.getLogger(__name__)


class Check(Function):
    def process(self, input, context):
        order = json.loads(input) if isinstance(input, str) else input
        if not isinstance(order, dict) or "item" not in order:
            context.incr_counter("refused", 1)
            log.warning("refused %s", order)
            base = "persistent://public/" + context.get_function_namespace() + "/"
            context.publish(base + "refused", json.dumps(order), message_conf={"properties": {"why": "no item"}, "partition_key": context.get_message_key() or "none"})
            return None
        context.incr_counter("orders", 1)
        context.get_logger().info("order of %s", order["item"])
        return json.dumps({**order, "key": context.get_message_key()}, sort_keys=True)


class Price(Function):
    def process(self, input, context):
        order = json.loads(input)
        prices = context.get_user_config_value("prices") or {}
        price = prices[order["item"]] * order.get("count", 1)
        context.record_metric("price", price)
        context.put_state("last", order["item"])
        context.incr_counter("sold-" + order["item"], order.get("count", 1))
        return json.dumps({"item": order["item"], "price": price, "secret": context.get_secret("stamp")}, sort_keys=True)
