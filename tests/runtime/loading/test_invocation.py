"""Whether a callable takes so many arguments is told as ``inspect.signature`` tells it."""

import functools
import inspect

import pytest

from pfemu.runtime.loading.invocation import accepts


def _bare(): ...
def _one(input): ...
def _two(input, context): ...
def _defaults(input, context=None, other=None): ...
def _any_number(*args): ...
def _one_and_more(input, *others): ...
def _by_position(input, context, /): ...
def _by_name(input, context, *, mode): ...
def _by_name_or_not(input, context, *, mode="x"): ...
def _by_any_name(input, **settings): ...
def _two_by_name(input, *, mode="x", other): ...


def _showing(function, *parameters):
    function.__signature__ = inspect.Signature([inspect.Parameter(name, inspect.Parameter.POSITIONAL_OR_KEYWORD) for name in parameters])
    return function


@_showing
def _showing_nothing(input): ...


@functools.wraps(_one)
def _wrapping(*args): ...


class _Methods:
    def no_self(): ...
    def own(self, input, context): ...
    def any_number(*args): ...

    @classmethod
    def of_class(cls, input): ...

    @staticmethod
    def static(input, context): ...

    half = functools.partialmethod(own, "input")


class _Callable:
    def __call__(self, input, context): ...


FUNCTIONS = [
    *(_bare, _one, _two, _defaults, _any_number, _one_and_more, _by_position, _by_name, _by_name_or_not, _by_any_name, _two_by_name),
    *(_showing_nothing, _wrapping, functools.partial(_two, 1), _Callable(), _Callable, len, str, min, lambda one, two: (one, two)),
    *(_Methods().no_self, _Methods().own, _Methods().any_number, _Methods().of_class, _Methods().static, _Methods().half),
    *(_Methods.no_self, _Methods.own, _Methods.any_number, _Methods.of_class, _Methods.static, _Methods.half),
]


def _as_inspect_tells(function, arguments):
    try:
        signature = inspect.signature(function, follow_wrapped=False)
    except (TypeError, ValueError):
        return True
    try:
        signature.bind(*range(arguments))
    except TypeError:
        return False
    return True


@pytest.mark.parametrize("function", FUNCTIONS, ids=map(str, range(len(FUNCTIONS))))
def test_a_callable_accepts_what_its_signature_says(function):
    for arguments in range(5):
        assert accepts(function, arguments) == _as_inspect_tells(function, arguments), arguments
