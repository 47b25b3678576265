from pulsar import Function


class F(Function):
    def process(self, input, context):
        if input == "none":
            return None
        if input == "publish":
            context.publish(context.get_output_topic(), "published")
            return None
        return f"{input}!"
