
import time
from pulsar import Function


class F(Function):
    def process(self, input, context):
        return f"{context.get_current_message_topic_name().rsplit('/')[-1]} {input!r} {sorted(t.rsplit('/')[-1] for t in context.get_input_topics())} {context.get_instance_id()} {context.get_message_key()!r} {context.message.redelivery_count()}"


class Plain(Function):
    def process(self, input, context):
        return f"{context.get_current_message_topic_name().rsplit('/')[-1]} {input!r} {context.get_message_id()}"


class AckTopic(Function):
    def process(self, input, context):
        out = []
        for topic in [context.get_current_message_topic_name(), context.get_input_topics()[0], "in", "x"]:
            try:
                out.append(f"{topic.rsplit('/')[-1]} {context.ack(context.get_message_id(), topic)}")
            except Exception as error:
                out.append(f"{type(error).__name__} {error}")
        return " | ".join(out)


class Fail(Function):
    seen = {}

    def process(self, input, context):
        count = self.seen[input] = self.seen.get(input, 0) + 1
        context.publish("persistent://public/" + context.get_function_namespace() + "/side", f"{input} {count} {context.message.redelivery_count()} {context.get_message_id()}")
        if "fail" in str(input) and count < 3:
            raise ValueError(f"{input} {count}")
        return input


class Slow(Function):
    def process(self, input, context):
        time.sleep(0.3)
        return input
