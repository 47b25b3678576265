"""What java.net.URI says of texts that are no addresses."""

import pytest

from pfemu.model.java_uri import uri_problem


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("://", "Expected scheme name at index 0"),
        ("1x://", "Illegal character in scheme name at index 0"),
        ("a b://", "Illegal character in scheme name at index 1"),
        ("file:", "Expected scheme-specific part at index 5"),
        ("http://", "Expected authority at index 7"),
        ("http://a b", "Illegal character in authority at index 7"),
        ("http://[x", "Expected closing bracket for IPv6 address at index 9"),
        ("http://host/a b", "Illegal character in path at index 13"),
        ("file:/a b", "Illegal character in path at index 7"),
        ("mailto:a b", "Illegal character in opaque part at index 8"),
        ("a b", "Illegal character in path at index 1"),
    ],
)
def test_what_is_no_address_is_told_with_the_place(text, problem):
    assert uri_problem(text) == f"{problem}: {text}"


@pytest.mark.parametrize("text", ["", "x", "/etc/hosts", "http://host/a.py", "file:///a.py", "file:/a.py", "http://[::1]/x", "data:,x"])
def test_addresses_of_any_kind_are_let_through(text):
    assert uri_problem(text) is None
