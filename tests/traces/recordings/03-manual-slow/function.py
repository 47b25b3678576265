
import time
from pulsar import Function
kept = []


class F(Function):
    def process(self, input, context):
        topic = list(context.consumers)[0]
        kept.append(context.get_message_id())
        if input == "before":
            context.ack(context.get_message_id(), topic)
        if input in ("before", "after", "never"):
            time.sleep(3)
        if input in ("after", "quick"):
            context.ack(context.get_message_id(), topic)
        if input == "all":
            for one in kept:
                context.ack(one, topic)
        return f"{input} {len(kept)} {context.message.redelivery_count()}"
