from pulsar import Function
import pulsar



NAMES = ["partition_key", "ordering_key", "properties", "event_timestamp", "redelivery_count", "topic_name", "schema_version", "data", "value", "int_schema_version"]
CONTEXT = ["get_message_key", "get_message_properties", "get_current_message_topic_name", "get_message_eventtime", "get_partition_key", "get_function_name", "get_instance_id", "get_output_topic", "get_output_serde_class_name", "get_user_config_map", "get_input_topics", "get_function_tenant"]


def ask(thing, name):
    try:
        value = getattr(thing, name)()
        return f"{name}: {type(value).__name__} {value!r}"
    except BaseException as error:
        return f"{name}: {type(error).__name__} {str(error).splitlines()[0]}"


class F(Function):
    def process(self, input, context):
        one = context.get_message_id()
        lines = [f"{input!r} {type(one).__module__}.{type(one).__name__} {one!s} {one.partition()} {one.batch_index()}", type(context.message).__module__ + "." + type(context.message).__name__]
        lines += [ask(context.message, name) for name in NAMES] + [ask(context, name) for name in CONTEXT]
        return "\n".join(lines)
