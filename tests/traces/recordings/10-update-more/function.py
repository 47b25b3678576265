from pulsar import Function


class Upper:
    def deserialize(self, data):
        return data.decode().upper()

    def serialize(self, value):
        return str(value).encode()


class F(Function):
    def process(self, input, context):
        context.get_logger().info(f"F {input}")
        return f"F {input!r}"


class G(Function):
    def process(self, input, context):
        context.get_logger().info(f"G {input}")
        return f"G {input!r}"
