from pulsar import Function


class F(Function):
    def process(self, input, context):
        return f"{input} {context.get_current_message_topic_name().split('/')[-1]} {len(context.get_input_topics())}"
