from pulsar import Function


class F(Function):
    def process(self, input, context):
        return f"{context.get_message_key()} {input} {context.get_message_partition_index()} {context.get_current_message_topic_name()[-12:]}"
