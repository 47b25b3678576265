from pulsar import Function
import pulsar



class F(Function):
    def process(self, input, context):
        lines = [f"{input} {context.get_current_message_topic_name()!r} {context.get_input_topics()!r} {sorted(context.consumers)!r}"]
        ns = context.get_function_namespace()
        for topic in [f"persistent://public/{ns}/in-partition-1", f"persistent://public/{ns}/in", f"persistent://public/{ns}/s-.*", f"persistent://public/{ns}/s-1", "in-partition-1"]:
            try:
                lines.append(f"{topic}: {context.ack(context.get_message_id(), topic)!r}")
            except BaseException as error:
                lines.append(f"{topic}: {type(error).__name__} {str(error).splitlines()[0]}")
        return "\n".join(lines)
