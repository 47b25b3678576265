from pulsar import Function


class F(Function):
    def process(self, item, context):
        values = context.get_user_config_map()
        return repr((item, sorted(values.items(), key=str) if isinstance(values, dict) else values, context.get_user_config_value("v"), context.get_user_config_value("nope")))
