import json
from pulsar import Function


class F(Function):
    def process(self, input, context):
        name, *arguments = json.loads(input)
        try:
            value = getattr(context, name)(*arguments)
        except Exception as error:
            return f"{input} raised {type(error).__module__}.{type(error).__name__}: {error}"
        return f"{input} {type(value).__name__} {value!r}"
