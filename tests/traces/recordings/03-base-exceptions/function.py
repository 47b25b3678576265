from pulsar import Function


class Mine(BaseException):
    pass


class F(Function):
    def process(self, input, context):
        if input == "base":
            raise Mine("x") if context.get_function_name() == "f" else KeyboardInterrupt()
        return input
