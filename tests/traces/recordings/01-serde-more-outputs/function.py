import collections
import decimal
import datetime
from pulsar import Function


class Text(str):
    pass


VALUES = ["", b"", 0, -0.0, 10**30, float("nan"), float("-inf"), (1, 2), {1}, decimal.Decimal("1.5"), datetime.date(2026, 1, 2), Text("sub"), range(3), object, "\u00e9\u2603", 2.5e-10]


class F(Function):
    def process(self, input, context):
        return VALUES[input]
