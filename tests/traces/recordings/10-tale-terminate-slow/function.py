
import time
from pulsar import Function


class F(Function):
    def process(self, input, context):
        if input == "bad":
            raise ValueError("bad")
        if str(input).startswith("slow"):
            time.sleep(float(input.split()[1]))
        return f"{input} {context.message.redelivery_count()} {context.get_current_message_topic_name().split('/')[-1]}"
