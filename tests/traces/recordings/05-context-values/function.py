from pulsar import Function


class F(Function):
    def process(self, input, context):
        c = context
        return repr([c.get_user_config_map(), c.get_user_config_value("l"), c.get_user_config_value("nope"), c.get_secret("a"), c.get_secret("n"), c.get_secret("m"), c.get_secret("nope"),
                     c.get_message_key(), c.get_partition_key(), c.get_ordering_key(), c.get_message_properties(), c.get_message_eventtime(), c.get_message_sequence_id() > 0, c.get_message_partition_index(),
                     str(c.get_message_id()), c.get_current_message_topic_name(), c.get_function_tenant(), c.get_function_name(), c.get_instance_id(), c.get_input_topics(), c.get_output_topic(), c.get_output_serde_class_name()])
