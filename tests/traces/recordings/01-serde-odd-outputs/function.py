
import array, collections, dataclasses, datetime, decimal, enum, fractions, io, pathlib, sys, types, uuid
from pulsar import Function


class Color(enum.Enum):
    RED = 1


class Level(enum.IntEnum):
    LOW = 1


class Flag(enum.Flag):
    A = 1


class MyInt(int):
    pass


class MyBytes(bytes):
    pass


class MyStr(str):
    def __repr__(self):
        return "boo"


class Weird:
    def __repr__(self):
        raise RuntimeError("no repr")

    def __class_getitem__(cls, item):
        return 5


@dataclasses.dataclass
class Data:
    a: int = 1


P = collections.namedtuple("P", "x y")


class Falsy:
    def __bool__(self):
        return False

    def __eq__(self, other):
        return True


VALUES = [10**5000, 10**4299, -10**20, 1e300*10, -0.0, 1e16, 1e15, 1e-5, 0.1+0.2, complex(-0.0, -0.0), complex("nan+infj"), 1-1j, 3+0j, True, False, "\ud800", "\x00", "a"*6000, b"\x80\x81", bytearray(b"x"), memoryview(b"x"), array.array("b", b"x"), [], {}, (), frozenset(), ..., NotImplemented, int, len, Color.RED, Level.LOW, Flag.A, MyInt(5), MyBytes(b"x"), MyStr("x"), Weird(), Data(), P(1, 2), Falsy(), decimal.Decimal(1), fractions.Fraction(1, 2), datetime.datetime(2026, 1, 1), datetime.timedelta(1), uuid.UUID(int=5), pathlib.Path("x"), io.BytesIO(b"x"), types.SimpleNamespace(a=1), ValueError("x"), (i for i in [1]), iter([1]), range(2), slice(1), map(str, [1]), sys, sys.float_info, collections.OrderedDict(a=1), collections.Counter("a"), object]


class F(Function):
    def process(self, input, context):
        return VALUES[input]


class G(Function):
    def process(self, input, context):
        return context if input == 0 else context.message if input == 1 else context.get_message_id() if input == 2 else self.process if input == 3 else context.get_message_properties() if input == 4 else context.get_pulsar_client() if input == 5 else context.get_user_config_map()
