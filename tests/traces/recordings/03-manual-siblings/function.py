from pulsar import Function
import pulsar


import threading

SIDE = "persistent://public/{}/side"
kept = {}


class F(Function):
    def process(self, input, context):
        count = context.message.redelivery_count()
        side = SIDE.format(context.get_function_namespace())
        context.publish(side, f"{input} {count}")
        topic = context.get_current_message_topic_name()
        consumer = context.consumers[topic]
        what, _, rest = str(input).partition(" ")
        try:
            if what == "keep":
                kept[rest] = context.get_message_id()
            elif what == "ack":
                context.ack(kept.pop(rest), topic)
            elif what == "thread":
                one = context.get_message_id()
                thread = threading.Thread(target=lambda: context.ack(one, topic))
                thread.start()
                thread.join()
            elif what == "cumulative":
                consumer.acknowledge_cumulative(context.get_message_id())
            elif what == "nack":
                consumer.negative_acknowledge(context.get_message_id())
            elif what == "message":
                consumer.acknowledge(context.message)
            elif what == "nothing":
                pass
        except BaseException as error:
            return f"{input}: {type(error).__name__} {error}"
        return f"{input} done"
