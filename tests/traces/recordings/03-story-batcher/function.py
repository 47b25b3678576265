
from pulsar import Function


class Batch(Function):
    def __init__(self):
        self.kept = []

    def process(self, input, context):
        context.publish("persistent://public/" + context.get_function_namespace() + "/seen", f"{input} {context.message.redelivery_count()} {len(self.kept)}")
        if input in [k for k, _ in self.kept]:
            return "again " + input
        self.kept.append((input, context.get_message_id()))
        if len(self.kept) < int(context.get_user_config_value("size")):
            return None
        kept, self.kept = self.kept, []
        for _, identifier in kept:
            context.ack(identifier, context.get_current_message_topic_name())
        return ",".join(k for k, _ in kept)
