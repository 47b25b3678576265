"""Texts for people say numbers and names as people do."""

import pytest

from pfemu.model.english import an, counted


@pytest.mark.parametrize(
    ("count", "words", "text"),
    [(0, ("key",), "0 keys"), (1, ("key",), "1 key"), (1200, ("key",), "1,200 keys"), (2, ("entry", "entries"), "2 entries")],
)
def test_a_number_has_its_noun(count, words, text):
    assert counted(count, *words) == text


@pytest.mark.parametrize(("kind", "text"), [("int", "an int"), ("dict", "a dict"), ("Order", "an Order")])
def test_a_class_has_its_article(kind, text):
    assert an(kind) == text
