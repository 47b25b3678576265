"""From the object to something that can be called, with everything said that a cluster would hide."""

from __future__ import annotations

import inspect
from collections.abc import Callable

from pfemu.errors import LoadError
from pfemu.runtime.loading.choice import Choice
from pfemu.runtime.loading.explanations import ImportFailure, lines
from pfemu.runtime.loading.invocation import Invocation, PlainFunction, accepts, invocation_of, problems
from pfemu.runtime.loading.module_space import ModuleSpace

Construction = tuple[Invocation, tuple[str, ...]]
"""What to call, and warnings."""


def construct(choice: Choice, space: ModuleSpace) -> Construction:
    """Construct it as a cluster does, whatever is wrong with it."""
    invocation = invocation_of(choice.target)
    found = problems(choice.class_name, choice.target, invocation, space.search_path)
    return invocation, tuple(problem.text for problem in found)


def construct_or_refuse(choice: Choice, space: ModuleSpace) -> Construction:
    """Construct it unless that, or every message, would fail.

    Raises:
        LoadError: It cannot work; with the user's own traceback when the constructor raised.
    """
    if choice.plain is not None:
        return _plain(choice.class_name, choice.plain)
    return refuse_problems(choice, invocation_of(choice.target), space)


def refuse_problems(choice: Choice, invocation: Invocation, space: ModuleSpace) -> Construction:
    """Return it with warnings, unless every message would fail.

    Raises:
        LoadError: Every message would fail.
    """
    found = list(problems(choice.class_name, choice.target, invocation, space.search_path))
    fatal = [problem.text for problem in found if problem.fatal]
    if fatal:
        failure = invocation.failure if isinstance(choice.target, type) else None
        trace = ImportFailure(failure, space.search_path).traceback_text() if failure is not None else ""
        raise LoadError(lines(*fatal, trace)) from failure
    return invocation, tuple(problem.text for problem in found)


def _plain(class_name: str, function: Callable[..., object]) -> Construction:
    name = class_name.rpartition(".")[2]
    takes_context = not accepts(function, 1)
    if takes_context and not accepts(function, 2):
        raise LoadError(
            lines(
                f"{name}{inspect.signature(function, follow_wrapped=False)} cannot be called with a message.",
                "Expected: process(input) in a module, or process(self, input, context) in a class.",
            ),
        )
    return Invocation(PlainFunction(function), takes_context), (_not_on_a_cluster(class_name, function, takes_context=takes_context),)


def _not_on_a_cluster(class_name: str, function: Callable[..., object], *, takes_context: bool) -> str:
    module_name, _, name = class_name.rpartition(".")
    if accepts(function, 0):
        fate = "it is called once, at start, and never with a message"
    else:
        fate = f"each message fails with AttributeError: '{type(function).__name__}' object has no attribute 'process'"
    if takes_context:
        mend = f"Only a class's method gets a context: def process(self, input, context): return {name}(input, context)."
    else:
        mend = f"Name it process and use the class path {module_name}."
    return f"{name} is a plain function: it runs here; on a cluster {fate}. {mend}"
