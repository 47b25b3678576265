from pulsar import Function


class NoMethods:
    pass


class Raises:
    def serialize(self, value):
        raise ValueError("no serialize")

    def deserialize(self, data):
        raise ValueError("no deserialize")


class Text:
    def serialize(self, value):
        return str(value)


class ByteArray:
    def serialize(self, value):
        return bytearray(b"bytes")


class F(Function):
    def process(self, input, context):
        return input
