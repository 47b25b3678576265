"""Values in words."""

import pytest
from pulsar.schema import Array, Float, JsonSchema, Record, String

from pfemu.runtime.values.value_text import value_text


class Line(Record):
    item = String()


class Order(Record):
    name = String(required=True)
    price = Float()
    lines = Array(Line())


class Plain:
    def __init__(self, name):
        self.name = name


class Told(Plain):
    def __repr__(self):
        return f"<{self.name}>"


class Bare:
    __slots__ = ()


def test_a_record_is_told_by_its_fields():
    order = Order(name="o1", price=2.5, lines=[Line(item="tea")])
    assert value_text(order) == "Order(name='o1', price=2.5, lines=[Line(item='tea')])"


def test_a_record_is_told_the_same_before_and_after_the_wire():
    schema = JsonSchema(Order)
    order = Order(name="o1")
    assert value_text(schema.decode(schema.encode(order))) == value_text(order)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Plain("tea"), "Plain(name='tea')"),
        (Told("tea"), "<tea>"),
        ([Plain("tea"), Told("milk"), "a"], "[Plain(name='tea'), <milk>, 'a']"),
        ((Plain(1),), "(Plain(name=1),)"),
        ((1, Plain(2)), "(1, Plain(name=2))"),
        ({"a": Plain(1), Told("b"): []}, "{'a': Plain(name=1), <b>: []}"),
        (Plain(Plain(None)), "Plain(name=Plain(name=None))"),
    ],
)
def test_what_has_no_repr_of_its_own_is_told_by_its_fields(value, text):
    assert value_text(value) == text


@pytest.mark.parametrize("value", [None, 1, 2.5, "tea", b"\xff", [1, [2]], (), {"a": (1, 2)}, {1}, Bare])
def test_what_python_tells_well_is_told_as_python_does(value):
    assert value_text(value) == repr(value)


def test_an_object_without_attributes_is_told_as_python_does():
    bare = Bare()
    assert value_text(bare) == repr(bare)


def test_what_holds_itself_comes_to_an_end():
    node = Plain("tea")
    node.name = [node]
    assert value_text(node) == "Plain(name=[...])"


def test_what_a_repr_raises_is_raised():
    class Broken:
        def __repr__(self):
            raise ValueError("no words")

    with pytest.raises(ValueError, match="no words"):
        value_text([Broken()])
