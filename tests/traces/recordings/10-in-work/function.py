
import time
from pulsar import Function


class F(Function):
    def process(self, input, context):
        base = "persistent://public/" + context.get_function_namespace() + "/"
        context.put_state("step", "one")
        context.incr_counter("n", 5)
        context.record_metric("m", 2)
        context.get_logger().info("step one")
        print("printed one")
        context.publish(base + "side", "one")
        if input == "slow":
            time.sleep(4)
        context.put_state("step", "two")
        context.incr_counter("n", 5)
        context.record_metric("m", 3)
        context.get_logger().info("step two")
        context.publish(base + "side", "two")
        if input == "bad":
            raise ValueError("bad")
        return input
