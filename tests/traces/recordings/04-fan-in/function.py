
from pulsar import Function


class F(Function):
    def process(self, input, context):
        if input == "fail" and context.get_function_name() == "second":
            raise ValueError("fails")
        return input


class Id(Function):
    def process(self, input, context):
        return f"{input} {context.get_message_id()} {context.message.redelivery_count()}"
