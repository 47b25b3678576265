from pulsar import Function
import pulsar



class First(Function):
    def process(self, input, context):
        context.publish(context.get_output_topic(), f"own {input}", properties={"from": "first", "__pfn_input_topic__": "mine"}, message_conf={"partition_key": context.get_message_key() or "none"})
        return f"returned {input}"


class Second(Function):
    def process(self, input, context):
        if "raise" in str(input):
            raise ValueError(input)
        return f"{input} | {sorted(context.get_message_properties().items())} {context.get_message_key()!r}".replace(str(context.get_message_properties().get("__pfn_input_msg_id__")), "ID")
