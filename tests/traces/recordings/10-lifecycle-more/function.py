from pulsar import Function


class F(Function):
    def process(self, input, context):
        return f"{input} {context.get_user_config_value('v')}"
