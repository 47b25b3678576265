
from pulsar import Function


class Keep:
    def serialize(self, value):
        return value if isinstance(value, bytes) else str(value).encode()

    def deserialize(self, data):
        if data == b"bad":
            raise ValueError("bad")
        if data == b"exit":
            raise SystemExit(3)
        if data == b"none":
            return None
        return data


class Odd:
    def serialize(self, value):
        return {"text": "text", "array": bytearray(b"x"), "int": 5, "list": [1], "raise": None, "sub": type("B", (bytes,), {})(b"sub"), "empty": b"", "view": memoryview(b"v")}.get(value) if value != "raise" else 1 / 0

    def deserialize(self, data):
        return data.decode()


class NoInit:
    def __init__(self, x):
        pass


class Half:
    def deserialize(self, data):
        return data.decode()


class Static:
    @staticmethod
    def serialize(value):
        return b"static " + value.encode()

    @staticmethod
    def deserialize(data):
        return data.decode()


class ClassLevel:
    @classmethod
    def serialize(cls, value):
        return cls.__name__.encode()

    @classmethod
    def deserialize(cls, data):
        return data.decode()


def make():
    return Static()


class F(Function):
    def process(self, input, context):
        return input


class R(Function):
    def process(self, input, context):
        return repr(input)
