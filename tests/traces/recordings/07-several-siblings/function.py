from pulsar import Function
import pulsar



class F(Function):
    def process(self, input, context):
        return f"{context.get_current_message_topic_name()} {input} {sorted(context.get_input_topics())}"
