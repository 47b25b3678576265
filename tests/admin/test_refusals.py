"""Which status each refusal has."""

import json

import pytest

from pfemu.admin.answer import ErrorPage, refusal
from pfemu.broker import refusals
from pfemu.errors import BrokerError, EndlessLoopError


def every_subclass(kind):
    return [kind, *(each for child in kind.__subclasses__() for each in every_subclass(child))]


@pytest.mark.parametrize("kind", every_subclass(BrokerError), ids=lambda kind: kind.__name__)
def test_every_refusal_of_the_broker_has_a_status_and_its_words(kind):
    answer = refusal(kind("words"), "GET")
    assert 400 <= answer.status <= 500
    assert json.loads(answer.body) == {"reason": "words"}


def test_what_is_no_refusal_is_raised_as_it_is():
    with pytest.raises(EndlessLoopError):
        refusal(EndlessLoopError("x"), "GET")


@pytest.mark.parametrize(("method", "has_page"), [("GET", True), ("POST", True), ("PUT", False), ("DELETE", False)])
def test_the_server_writes_its_page_for_some_methods_only(method, has_page):
    assert bool(refusal(ErrorPage(404), method).body) is has_page


def test_refusals_by_kind_have_the_statuses_of_the_broker():
    statuses = {
        kind.__name__: refusal(kind("x"), "GET").status for kind in every_subclass(BrokerError) if kind.__module__ == refusals.__name__
    }
    assert all(400 <= status < 500 for status in statuses.values())
