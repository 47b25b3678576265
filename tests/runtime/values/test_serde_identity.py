"""The shortcut for IdentitySerDe, held to the packaged class."""

import enum
import sys
from collections import OrderedDict

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pulsar.functions.serde import IdentitySerDe

from pfemu.runtime.values.serde import identity_deserialize, identity_serialize

PACKAGED = IdentitySerDe()
SPACES = " \t\n\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2003\u2028\u2029\u3000"
DIGITS = "0179\u0663\u06f5\u096f\u0be7\uff10\uff19\U0001d7ce\U0001d7e1\U0001e950\xb2\xbd\u2167"
NUMBER_PARTS = [
    *"0123456789+-._eEjJ()xXoObB",
    "nan",
    "inf",
    "infinity",
    "NaN",
    "INF",
    "Infinity",
    *SPACES,
    *DIGITS,
    "\0",
    "\ufeff",
    "\u0131",  # looks like i, is none
    "\u0130",
    "\u017f",
]

numberlike = st.lists(st.sampled_from(NUMBER_PARTS), max_size=12).map("".join)
numbers = st.one_of(
    st.integers().map(str),
    st.floats().map(repr),
    st.complex_numbers().map(str),
    st.integers().map("{:_}".format),
    st.floats().map("{:e}".format),
)
decorated = st.tuples(st.sampled_from(["", *SPACES, "+", "-", "("]), numbers, st.sampled_from(["", *SPACES, "j", ")", ".", "f"])).map(
    "".join
)


class Text(str):
    __slots__ = ()


class Number(enum.IntEnum):
    ONE = 1


def same(ours: object, theirs: object) -> bool:
    return type(ours) is type(theirs) and repr(ours) == repr(theirs)


def outcome(serialize, value: object) -> tuple[object, ...]:
    try:
        payload = serialize(value)
    except (TypeError, ValueError) as error:
        return type(error), str(error)
    return type(payload), payload


def assert_same(payload: bytes) -> None:
    ours, theirs = identity_deserialize(payload), PACKAGED.deserialize(payload)
    assert same(ours, theirs), (payload, ours, theirs)


@settings(max_examples=500)
@given(st.one_of(numberlike, decorated, st.text(), numbers))
@example("j ")
@example("J\u3000")
@example(" inf")
@example("nanj")
@example("(1+2j)")
@example("( 1j )")
@example("1_0.0_1e1_0")
@example("infinity+infinityj")
@example("\u0131nf")
@example("\U0001d7e1")
def test_text_gives_the_value_and_type_that_the_packaged_class_gives(text):
    assert_same(text.encode("utf-8", "surrogatepass"))


@settings(max_examples=500)
@given(st.one_of(st.binary(), st.tuples(numberlike, st.binary(max_size=3)).map(lambda parts: parts[0].encode() + parts[1])))
@example(b"")
@example(b"\xff\xfe")
@example(b"1\xff")
@example(b"\xed\xa0\x80")
def test_bytes_give_the_value_and_type_that_the_packaged_class_gives(payload):
    assert_same(payload)


def test_every_first_byte_alone_and_before_a_digit_a_space_and_letters():
    for first in range(256):
        for rest in (b"", b"1", b" ", b"j", b"nf", b"an", b"a", b"\xa0", b"\xd9\xa3"):
            assert_same(bytes([first]) + rest)


def test_every_digit_and_space_of_unicode_alone_and_at_both_ends():
    for point in range(0x80, sys.maxunicode + 1):
        character = chr(point)
        if character.isnumeric() or character.isspace():
            for text in (character, f"{character}1", f"1{character}"):
                assert_same(text.encode())


@pytest.mark.parametrize("digits", [4299, 4300, 4301, 10_000])
def test_an_integer_beyond_pythons_limit_of_digits_becomes_a_float(digits):
    assert_same(b"1" * digits)


@settings(max_examples=200)
@given(
    st.one_of(
        st.text(),
        st.binary(),
        st.integers(),
        st.floats(),
        st.complex_numbers(),
        st.booleans(),
        st.none(),
        st.lists(st.integers()),
        st.dictionaries(st.text(), st.integers()),
        st.text(alphabet=st.characters(categories=["Cs"]), min_size=1),
    )
)
@example(Text("x"))
@example(Number.ONE)
@example(bytearray(b"x"))
@example(OrderedDict())
@example(str)
@example(10**4400)
def test_any_value_is_serialised_or_refused_as_the_packaged_class_does(value):
    assert outcome(identity_serialize, value) == outcome(PACKAGED.serialize, value)


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (True, "bool"),
        (None, "NoneType"),
        ([], "list"),
        ({}, "dict"),
        ((), "tuple"),
        (bytearray(), "bytearray"),
        (memoryview(b""), "memoryview"),
    ],
)
def test_a_refusal_has_the_recorded_words(value, kind):
    with pytest.raises(TypeError, match=f"^IdentitySerde cannot serialize object of type <class '{kind}'>$"):
        identity_serialize(value)


@pytest.mark.parametrize(
    ("payload", "value"),
    [
        (b"42", 42),
        (b" 5 ", 5),
        (b"\n42\n", 42),
        (b"007", 7),
        (b"+5", 5),
        (b"1_000", 1000),
        ("٣".encode(), 3),
        (b"3.14", 3.14),
        (b"1e3", 1000.0),
        (b".5", 0.5),
        (b"5.", 5.0),
        (b"1e400", float("inf")),
        (b"-inf", float("-inf")),
        (b"1j", 1j),
        (b"(1+2j)", 1 + 2j),
        (b"1 + 2j", "1 + 2j"),
        (b"True", "True"),
        (b"None", "None"),
        (b"0x10", "0x10"),
        (b"", ""),
        (b" ", " "),
        ("naïve ☕".encode(), "naïve ☕"),
        (b'{"a": 1}', '{"a": 1}'),
        (b"\xff\xfe", b"\xff\xfe"),
        (b"\x00\x01\x02", "\x00\x01\x02"),
        (b"1__0", "1__0"),
        (b"_1", "_1"),
        (b"-0", 0),
        (b"-0.0", -0.0),
    ],
)
def test_recorded_payloads_give_the_recorded_values(payload, value):
    assert same(identity_deserialize(payload), value)
