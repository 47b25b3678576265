
from pulsar import Function


class F(Function):
    def process(self, input, context):
        return f"{input} {context.get_instance_id()} {context.get_message_partition_index()} {context.get_current_message_topic_name().rsplit('/')[-1]} {context.get_message_id()} {len(context.get_function_id()) > 8}"
