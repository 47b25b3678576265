
from pulsar import Function


class F(Function):
    def process(self, input, context):
        name = context.get_current_message_topic_name().split("/")[-1]
        spelled = [t.split("/")[-1] for t in context.get_input_topics()]
        found = []
        for topic in (context.get_current_message_topic_name(), list(context.consumers)[0], "nope"):
            try:
                found.append(str(context.ack(context.get_message_id(), topic)))
            except Exception as error:
                found.append(type(error).__name__)
        return f"{input} {name} {spelled} {found} {context.get_message_partition_index()} {len(context.consumers)}"
