from pulsar import Function
import pulsar


kept = []


class F(Function):
    def process(self, input, context):
        lines = [f"{input} {context.get_current_message_topic_name()!r} {context.get_message_id()!s} {context.get_message_id().partition()}", f"consumers {sorted(context.consumers)!r}"]
        ns = context.get_function_namespace()
        current = context.get_current_message_topic_name()
        tries = [("other", f"persistent://public/{ns}/in-partition-0"), ("whole", f"persistent://public/{ns}/in"), ("short", "in"), ("current", current)]
        for label, topic in tries:
            try:
                lines.append(f"{label}: {context.ack(context.get_message_id(), topic)!r}")
            except BaseException as error:
                lines.append(f"{label}: {type(error).__name__} {str(error).splitlines()[0]}")
        kept.append(context.get_message_id())
        if input == "last":
            for one in kept:
                try:
                    lines.append(f"again {one.partition()}: {context.ack(one, f'persistent://public/{ns}/in')!r}")
                except BaseException as error:
                    lines.append(f"again: {type(error).__name__} {str(error).splitlines()[0]}")
        return "\n".join(lines)
