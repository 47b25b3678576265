from pulsar import Function


class F(Function):
    def process(self, item, context):
        try:
            return repr((item, context.get_secret(str(item))))
        except BaseException as error:
            return f"{type(error).__name__}: {error}"
