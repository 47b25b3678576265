
import pulsar
from pulsar import Function
from pulsar.schema import Schema, Record, String, BytesSchema


class Rec(Record):
    a = String()


class NoArg(Schema):
    def __init__(self):
        super().__init__(bytes, pulsar._pulsar.SchemaType.BYTES, None, "NOARG")

    def encode(self, obj):
        return ("noarg " + str(obj)).encode()

    def decode(self, data):
        return "noarg " + data.decode()


class OneArg(NoArg):
    def __init__(self, record):
        super().__init__()
        self.record = record

    def decode(self, data):
        return f"one {self.record!r} {data.decode()}"


class Picky(NoArg):
    def __init__(self, record):
        if record is None:
            raise TypeError("no record")
        super().__init__()
        self.record = dict(record)

    def decode(self, data):
        return f"picky {sorted(self.record.items())} {data.decode()}"


class TwoArgs(NoArg):
    def __init__(self, record, properties):
        super().__init__()
        self.record, self.properties = record, properties

    def decode(self, data):
        return f"two {self.record!r} {sorted(self.properties.items())} {data.decode()}"


class Typed(NoArg):
    def __init__(self):
        Schema.__init__(self, str, pulsar._pulsar.SchemaType.STRING, None, "STRING")


class DecodeRaises(NoArg):
    def decode(self, data):
        raise ValueError("cannot decode")


class EncodeNone(NoArg):
    def encode(self, obj):
        return None


class EncodeText(NoArg):
    def encode(self, obj):
        return "text"


class F(Function):
    def process(self, input, context):
        return f"{type(input).__name__} {input!r}"
