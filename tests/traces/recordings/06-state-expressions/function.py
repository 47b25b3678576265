
from pulsar import Function


class F(Function):
    def process(self, input, context):
        c = context
        try:
            value = eval(str(input), {"c": c})
        except BaseException as error:
            return f"{input} !! {type(error).__module__}.{type(error).__name__} {error}"
        return f"{input} -> {type(value).__name__} {value!r}"
