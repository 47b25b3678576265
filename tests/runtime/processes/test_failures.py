"""Exceptions on their way out of a process: class, text and traceback stay, whatever the class needs to be made."""

import pytest

from pfemu.runtime.processes.failures import decoded, encoded


class OwnGroup(ExceptionGroup):
    """A group of the user's own."""


class DemandingError(Exception):
    def __init__(self, needed, *, also):
        super().__init__(f"{needed} and {also}")


def crossed(error):
    with pytest.raises(type(error)) as caught:
        raise error
    return decoded(encoded(caught.value))


@pytest.mark.parametrize(
    "error",
    [
        ValueError("plain"),
        KeyError("key"),
        DemandingError("this", also="that"),
        ExceptionGroup("both", [ValueError(1), TypeError(2)]),
        OwnGroup("own", [ValueError(1)]),
        BaseExceptionGroup("all", [KeyboardInterrupt()]),
        UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_class_and_text_stay(error):
    found = crossed(error)
    assert (type(found).__name__, str(found)) == (type(error).__name__, str(error))


def test_what_a_group_holds_is_in_the_traceback_that_is_shown():
    found = crossed(ExceptionGroup("both", [ValueError("first"), TypeError("second")]))
    assert "| ValueError: first" in found.__pfemu_traceback__
    assert "| TypeError: second" in found.__pfemu_traceback__
