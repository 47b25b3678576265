from pulsar import Function
import pulsar



class Upper:
    def serialize(self, value):
        return value.upper().encode()

    def deserialize(self, data):
        return "<" + data.decode() + ">"


class F(Function):
    def process(self, input, context):
        return f"{context.get_current_message_topic_name().split('/')[-1]} {input!r} {context.get_input_topics() and 1}"
