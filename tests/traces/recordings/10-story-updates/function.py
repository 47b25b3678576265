
from pulsar import Function


class F(Function):
    def process(self, input, context):
        return f"v1 {input} {context.get_user_config_map()} {context.get_function_version()[:0]} {context.get_instance_id() < 9}"


class G(Function):
    def process(self, input, context):
        return f"g {input} {sorted(t.split('/')[-1] for t in context.get_input_topics())} {context.get_output_topic().split('/')[-1]}"
