from pulsar import Function


class F(Function):
    def process(self, item, context):
        return f"{item} {context.get_user_config_map()}"
