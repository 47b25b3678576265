"""What state raises looks like the classes of the table service's client, and is them where user code has imported them."""

import sys
import traceback
from types import ModuleType

import pytest

from pfemu.errors import PfemuError
from pfemu.runtime.state.state_service import StateService


@pytest.fixture
def table():
    table = StateService().table("public", "default", "f")
    table.incr("counter", 1)
    return table


def test_a_traceback_names_the_class_of_the_package(table):
    with pytest.raises(PfemuError) as raised:
        table.put("counter", "text")
    lines = traceback.format_exception_only(raised.value)
    assert lines == [
        "bookkeeper.common.exceptions.BadRequest: grpc_status_code = StatusCode.FAILED_PRECONDITION, bk_status_code = 400 : \n",
    ]


def test_the_attributes_are_those_of_the_package(table):
    with pytest.raises(PfemuError) as raised:
        table.put("counter", "text")
    error = raised.value
    assert (error.message, error.bk_status_code, str(error.grpc_status_code)) == ("", 400, "StatusCode.FAILED_PRECONDITION")
    with pytest.raises(PfemuError) as raised:
        table.put("large", "x" * 2_000_000)
    assert type(raised.value.cause).__name__ == "InternalServerError"


def test_user_code_that_catches_the_packages_own_class_catches_it_here(table, monkeypatch):
    class BadRequest(Exception):  # noqa: N818 - the package's own name
        bk_status_code = None

    class RetryError(Exception):
        def __init__(self, message, cause):
            super().__init__(message)
            self.cause = cause

    package = ModuleType("bookkeeper.common.exceptions")
    package.BadRequest = BadRequest
    package.RetryError = RetryError
    monkeypatch.setitem(sys.modules, "bookkeeper.common.exceptions", package)
    with pytest.raises(BadRequest) as raised:
        table.put("counter", "text")
    assert raised.value.bk_status_code == 400
    with pytest.raises(RetryError) as raised:
        table.put("large", "x" * 2_000_000)
    assert "INTERNAL" in str(raised.value.cause)
