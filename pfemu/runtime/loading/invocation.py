"""How Pulsar calls what a class path names (``python_instance.py``), and what is wrong with it.

The object is called without arguments. Whatever that gives is the function: ``process(input, context)``. If it raises, no
matter what, the object itself is: ``process(input)``. Nobody is told, so most mistakes show only when messages fail.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import FunctionType, MethodType, ModuleType

from pfemu.runtime.loading.explanations import ImportFailure, nearest

SDK_MODULE = "pulsar.functions.function"
"""Where Pulsar's own ``Function`` is, whose ``process`` does nothing."""
_NEVER_RUN_FLAGS = inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR | inspect.CO_GENERATOR


@dataclass(frozen=True, slots=True)
class Invocation:
    """What is called for each message: ``receiver.process(input, context)``, or ``receiver.process(input)`` without context.

    ``instance`` is the receiver when it was constructed, None for a pure function; ``failure`` is what the construction raised.
    """

    receiver: object
    takes_context: bool
    instance: object | None = None
    failure: BaseException | None = None


class PlainFunction:
    """Gives any callable the method that Pulsar looks for.

    Differs: a cluster can only call ``process`` of an object or a module; here a function of any name will do, with a warning.
    """

    __slots__ = ("process",)

    def __init__(self, function: Callable[..., object]) -> None:
        self.process = function


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a function, and what a cluster does about it; ``fatal`` when no message can succeed."""

    text: str
    fatal: bool


def invocation_of(target: object) -> Invocation:
    """Construct the function as Pulsar does.

    Differs: Ctrl-C while the constructor runs is not taken for an error of the constructor's.
    """
    try:
        made = target()  # type: ignore[operator] # whatever it is, Pulsar calls it
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001 - a bare except in python_instance.py; SystemExit is hidden, too
        return Invocation(target, takes_context=False, failure=error)
    if made is None:
        return Invocation(None, takes_context=False)
    return Invocation(made, takes_context=True, instance=made)


def problems(name: str, target: object, invocation: Invocation, directories: tuple[str, ...]) -> Iterator[Problem]:
    """Yield what is wrong, most important first.

    Args:
        name: How the user knows the target: its class path.
        target: What was named.
        invocation: How it is called.
        directories: The user's, to name the place of a failed construction.
    """
    failing = _why_process_fails(name, invocation)
    if invocation.failure is not None and isinstance(target, type):
        yield Problem(_failed_construction(name, invocation.failure, directories, failing), fatal=failing is not None)
        return
    if failing is not None:
        yield Problem(failing, fatal=True)
        return
    yield from _never_runs(name, invocation.receiver)


def _failed_construction(name: str, failure: BaseException, directories: tuple[str, ...], failing: str | None) -> str:
    place = ImportFailure(failure, directories).place()
    happened = f"{name}() raised {type(failure).__name__}: {failure}{f' ({place})' if place else ''}."
    hidden = f"A cluster does not say so: it calls {name.rpartition('.')[2]}.process(input) on the class itself"
    if failing is None:
        return f"{happened} {hidden}, without a context."
    return f"{happened} {hidden}, and each message fails with a TypeError. {_advice(failure)}"


def _advice(failure: BaseException) -> str:
    if not isinstance(failure, TypeError):
        return "A constructor must not fail."
    return "Take @abstractmethod off." if " abstract " in str(failure) else "Give its arguments defaults."


def _why_process_fails(name: str, invocation: Invocation) -> str | None:
    """Return why each message fails, None when the call itself can succeed."""
    try:
        process = invocation.receiver.process  # type: ignore[attr-defined] # what Pulsar does
    except Exception as error:  # noqa: BLE001 - a property may raise anything; so it would for each message
        return _no_process(name, invocation.receiver, error)
    if not callable(process):
        return (
            f"The process of {name} cannot be called: each message fails with TypeError: {type(process).__name__!r} object is not callable."
        )
    arguments = ("input", "context") if invocation.takes_context else ("input",)
    if not accepts(process, len(arguments)):
        return _wrong_signature(name, invocation.receiver, process, arguments)
    if getattr(process, "__module__", None) == SDK_MODULE:
        return (
            f"{name} has no process of its own: Pulsar's Function.process returns None, so each message is acknowledged and"
            f" nothing comes of it. Define process(self, input, context). {nearest('process', _methods(invocation.receiver))}".rstrip()
        )
    return None


def _no_process(name: str, receiver: object, error: Exception) -> str:
    what = f"{name} has no process: each message fails with {type(error).__name__}: {error}."
    if inspect.isroutine(receiver):
        module = name.rpartition(".")[0]
        return f"{what} Pulsar runs classes and modules, not functions: name it process and use the class path {module}, or write a class."
    return f"{what} {nearest('process', _methods(receiver))}".rstrip()


def _wrong_signature(name: str, receiver: object, process: Callable[..., object], arguments: tuple[str, ...]) -> str:
    shown = f"{name}.process{inspect.signature(process, follow_wrapped=False)}"
    called = f"process({', '.join(arguments)})"
    if len(arguments) > 1:
        reason = "a class's process gets the input and the context"
    elif isinstance(receiver, ModuleType):
        reason = "a module's process gets no context; a class's does"
    else:
        reason = "only what Pulsar constructs itself gets a context; name the class"
    return f"{shown} is called as {called}, and each message fails with a TypeError: {reason}."


def accepts(process: Callable[..., object], arguments: int) -> bool:
    """Tell whether a callable can be called with that many positional arguments; True when it does not say."""
    plain = _plain_function(process)
    if plain is not None:
        return _takes(plain, arguments + isinstance(process, MethodType))
    try:
        signature = inspect.signature(process, follow_wrapped=False)
    except (TypeError, ValueError):
        return True  # written in C, without a signature
    try:
        signature.bind(*range(arguments))
    except TypeError:
        return False
    return True


def _plain_function(process: Callable[..., object]) -> FunctionType | None:
    """Return the function that a function or a method is, None where its code alone does not tell its signature."""
    function = process.__func__ if isinstance(process, MethodType) else process
    if type(function) is not FunctionType or function.__dict__:
        return None  # what decorators leave may show another signature than the code has
    has_no_self = isinstance(process, MethodType) and not function.__code__.co_argcount
    return None if has_no_self else function


def _takes(function: FunctionType, arguments: int) -> bool:
    """Tell by its code whether a function can be called with that many positional arguments."""
    code = function.__code__
    most = code.co_argcount
    if arguments < most - len(function.__defaults__ or ()) or (arguments > most and not code.co_flags & inspect.CO_VARARGS):
        return False
    by_name = code.co_varnames[most : most + code.co_kwonlyargcount]
    return all(name in (function.__kwdefaults__ or {}) for name in by_name)


def _never_runs(name: str, receiver: object) -> Iterator[Problem]:
    process = receiver.process  # type: ignore[attr-defined] # _why_process_fails has looked
    plain = _plain_function(process)
    if plain is not None and not plain.__code__.co_flags & _NEVER_RUN_FLAGS:
        return
    for is_kind, kind, how in (
        (inspect.iscoroutinefunction, "coroutine", "async"),
        (inspect.isasyncgenfunction, "async_generator", "an async generator"),
        (inspect.isgeneratorfunction, "generator", "a generator"),
    ):
        if is_kind(process):
            yield Problem(
                f"process of {name} is {how}: Pulsar calls it and never runs its body. With an output each message fails with"
                f" TypeError: IdentitySerde cannot serialize object of type <class '{kind}'> and comes back after a minute;"
                " without one it is acknowledged as if it had been processed. Return a value; publish several with context.publish.",
                fatal=False,
            )


def _methods(receiver: object) -> list[str]:
    names = dir(receiver) if isinstance(receiver, ModuleType | type) else dir(type(receiver))
    return [name for name in names if not name.startswith("__") and name != "process"]
