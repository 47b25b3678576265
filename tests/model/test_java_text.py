"""Text, numbers and maps are written as Java writes them; the rows were printed by Java itself."""

import pytest

from pfemu.errors import ConfigError
from pfemu.model.gson.gson_text import gson_text, gson_values
from pfemu.model.java_text import double_text, hash_map, is_blank, java_int, quoted_names, split, string_hash, trim


@pytest.mark.parametrize(
    ("text", "number"),
    [("0", 0), ("-1", -1), ("+1", 1), ("007", 7), ("٣", 3), ("2147483647", 2147483647), ("-2147483648", -2147483648)]
    + [(text, None) for text in ("", "+", "-", "+-1", "1.0", "1_0", " 1", "0x1", "1e0", "2147483648", "-2147483649")],
)
def test_a_whole_number_is_read_as_java_reads_it(text, number):
    assert java_int(text) == number


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0.0, "0.0"),
        (-0.0, "-0.0"),
        (1.5, "1.5"),
        (5.0, "5.0"),
        (1e7, "1.0E7"),
        (9999999.0, "9999999.0"),
        (123456789.125, "1.23456789125E8"),
        (-1e10, "-1.0E10"),
        (1e-3, "0.001"),
        (0.00012345, "1.2345E-4"),
        (1e300, "1.0E300"),
        (float(2**53), "9.007199254740992E15"),
        (float("inf"), "Infinity"),
        (float("-inf"), "-Infinity"),
        (float("nan"), "NaN"),
    ],
)
def test_a_double_is_written_as_java_writes_it(number, text):
    assert double_text(number) == text


@pytest.mark.parametrize(
    ("text", "code"), [("", 0), ("a", 97), ("hello", 99162322), ("é", 233), ("😀", 1772899), ("polygenelubricants", 2**31)]
)
def test_a_text_hashes_as_in_java(text, code):
    assert string_hash(text) == code


@pytest.mark.parametrize(
    ("names", "copied", "order"),
    [
        (["n", "f", "t"], True, ["t", "n", "f"]),
        (["n", "big", "text"], True, ["big", "text", "n"]),
        (["n", "big", "f", "null", "list"], True, ["big", "null", "list", "n", "f"]),
        (["persistent://public/ns/in", "a", "b"], False, None),
        ([], True, []),
    ],
)
def test_a_map_goes_through_its_entries_as_a_hash_map_does(names, copied, order):
    ordered = list(hash_map(dict.fromkeys(names), copied=copied))
    assert sorted(ordered) == sorted(names)
    assert order is None or ordered == order


@pytest.mark.parametrize(
    ("text", "parts"),
    [("a,b", ["a", "b"]), ("a,,b,,", ["a", "", "b"]), (",a", ["", "a"]), (",", []), ("", [""]), ("a", ["a"])],
)
def test_a_text_is_split_without_empty_parts_at_its_end(text, parts):
    assert split(text, ",") == parts


@pytest.mark.parametrize(
    ("text", "blank"), [(None, True), ("", True), (" \t\n", True), ("\u2003", True), ("\xa0", False), ("\x85", False), ("x", False)]
)
def test_blank_is_what_java_calls_white_space(text, blank):
    assert is_blank(text) is blank


def test_trimming_drops_blanks_and_control_characters_only():
    assert trim("\x00 \t5\u2003 ") == "5\u2003"


def test_names_stand_in_square_brackets():
    assert quoted_names(["Latest", "Earliest"]) == "[Latest, Earliest]"


def test_gson_drops_nulls_escapes_html_and_reads_numbers_as_doubles():
    text = gson_text({"h": "<a href='x'>&=\u2028é\x00", "n": 5, "x": None, "l": [1, None, {"q": None}], "b": True})
    assert text == ('{"h":"\\u003ca href\\u003d\\u0027x\\u0027\\u003e\\u0026\\u003d\\u2028é\\u0000","n":5,"l":[1,null,{}],"b":true}')
    assert gson_values(text) == {"h": "<a href='x'>&=\u2028é\x00", "n": 5.0, "l": [1.0, None, {}], "b": True}


def test_gson_writes_no_number_that_json_has_not():
    with pytest.raises(ConfigError, match=r"^Infinity is not a valid double value as per JSON specification"):
        gson_text({"a": [float("inf")]})
