
from pulsar import Function


class F(Function):
    def process(self, input, context):
        space = "persistent://public/" + context.get_function_namespace() + "/"
        count = context.message.redelivery_count()
        context.incr_counter("try-" + input, 1)
        context.publish(space + "tries", f"{input} {count} {context.get_counter('try-' + input)}")
        if input.startswith("bad"):
            if count >= 1:
                context.publish(space + "dead", input, message_conf={"properties": {"error": "too bad", "tries": str(count + 1)}})
                context.get_logger().error("given up on %s", input)
                return None
            raise ValueError("bad one: " + input)
        return input.upper()
