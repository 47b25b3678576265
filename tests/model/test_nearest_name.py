"""What a refusal of an unknown name goes on with."""

import pytest

from pfemu.model.nearest_name import did_you_mean, nearest_name

KNOWN = ("inputs", "output", "parallelism")


@pytest.mark.parametrize(("written", "nearest"), [("imputs", "inputs"), ("outputs", "output"), ("zzz", None), ("", None)])
def test_the_nearest_name_is_the_one_most_alike_if_any_is(written, nearest):
    assert nearest_name(written, KNOWN) == nearest


def test_nothing_is_near_where_nothing_is_known():
    assert nearest_name("inputs", ()) is None


def test_a_refusal_goes_on_with_the_nearest_name_or_with_what_it_would_say_otherwise():
    assert did_you_mean("imputs", KNOWN) == "; did you mean 'inputs'?"
    assert did_you_mean("imputs", KNOWN, quoted=False) == "; did you mean inputs?"
    assert did_you_mean("zzz", KNOWN) == ""
    assert did_you_mean("zzz", KNOWN, otherwise=".") == "."
