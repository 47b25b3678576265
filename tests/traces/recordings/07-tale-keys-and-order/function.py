
import time
from pulsar import Function


class F(Function):
    def process(self, input, context):
        time.sleep(0.02)
        context.incr_counter("done-" + context.get_message_key(), 1)
        return f"{context.get_message_key()} {input}"
