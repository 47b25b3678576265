
import pulsar
from pulsar import Function
kept = {}
calls = []


class Brackets:
    def serialize(self, value):
        return f"<{value}>".encode()

    def deserialize(self, data):
        return data


class NoneSerDe:
    def serialize(self, value):
        return None


class ListSerDe:
    def serialize(self, value):
        return [65, 66, 300] if value == "big" else [65, 66]


class TextSerDe:
    def serialize(self, value):
        return "text"


class ArgSerDe:
    def __init__(self, x):
        pass


class RaisingSerDe:
    def __init__(self):
        raise RuntimeError("no serde")


class F(Function):
    def process(self, input, context):
        c = context
        ns = "persistent://public/" + c.get_function_namespace() + "/"
        scope = {"c": c, "ns": ns, "pulsar": pulsar, "kept": kept, "calls": calls, "self": self, "input": input}
        try:
            exec("result = " + str(input), scope)
            return f"{input} -> {type(scope['result']).__name__} {scope['result']!r}"
        except BaseException as error:
            return f"{input} !! {type(error).__module__}.{type(error).__name__} {error}"
