
import time
from pulsar import Function


class F(Function):
    def process(self, input, context):
        seconds = float(str(input).split()[-1]) if " " in str(input) else 0
        time.sleep(seconds)
        return f"{input} {context.message.redelivery_count()}"


class Manual(Function):
    def process(self, input, context):
        seconds = float(str(input).split()[-1]) if " " in str(input) else 0
        time.sleep(seconds)
        context.ack(context.get_message_id(), list(context.consumers)[0])
        return f"{input} {context.message.redelivery_count()}"


class Leaves(Function):
    def process(self, input, context):
        if input == "leave":
            raise SystemExit(2)
        return input
