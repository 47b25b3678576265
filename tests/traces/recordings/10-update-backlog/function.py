from pulsar import Function
import pulsar



class F(Function):
    def process(self, input, context):
        context.incr_counter("n", 1)
        context.get_logger().info(f"log {input}")
        return f"{context.get_user_config_value('tag')} {input} {context.get_counter('n')} {context.get_secret('s')}"


class G(Function):
    def process(self, input, context):
        context.incr_counter("n", 1)
        return f"G {input} {context.get_counter('n')}"
