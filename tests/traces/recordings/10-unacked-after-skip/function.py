
from pulsar import Function


class F(Function):
    def process(self, input, context):
        if input == "bad":
            raise ValueError("bad")
        return f"{input} {context.message.redelivery_count()} {context.get_user_config_value('v')}"


class G(Function):
    def process(self, input, context):
        return f"g {input} {context.get_user_config_map()} {context.get_secret('s')} {context.get_output_serde_class_name()} {context.get_current_message_topic_name().split('/')[-1]}"
