"""Exceptions that cross between processes, with their classes and tracebacks as near as they can be had."""

from __future__ import annotations

import marshal
import sys
import traceback
from functools import cache
from types import CodeType, TracebackType
from typing import Any, TypeAlias, cast

from pfemu.runtime.traceback_text import user_frames, user_traceback

Encoded: TypeAlias = tuple[Any, ...]
_NO_POSITION = -1
_FRAMES = 200


def encoded(error: BaseException) -> Encoded:
    """Return an exception as plain values."""
    kind = type(error)
    frames = [
        (frame.filename, frame.lineno or 1, frame.name) for frame in traceback.extract_tb(user_frames(error.__traceback__), limit=_FRAMES)
    ]
    arguments = _arguments(error)
    return kind.__module__, kind.__qualname__, _builtin_base(kind), arguments, _text(error), user_traceback(error), frames


def _arguments(error: BaseException) -> tuple[object, ...] | None:
    """Return what its class is made with, where that can cross."""
    try:
        made = error.__reduce__()
    except Exception:  # noqa: BLE001 - a __reduce__ of the user's
        return None
    return made[1] if isinstance(made, tuple) and made[0] is type(error) and is_plain(made[1]) else None


def _builtin_base(kind: type[BaseException]) -> str:
    """Return what a stand-in derives from: no group, which cannot be made without its exceptions."""
    bases = (each for each in kind.__mro__ if each.__module__ == "builtins" and not issubclass(each, BaseExceptionGroup))
    return next(each.__name__ for each in bases)


def decoded(values: Encoded) -> BaseException:
    """Make an exception of them again: of the same class where this process has it, else of one that looks like it."""
    module, name, base, arguments, text, trace, frames = values
    error = _instance(_class(module, name, base), arguments, text)
    error.__traceback__ = _trace(frames)
    error.__pfemu_traceback__ = trace  # type: ignore[attr-defined] # see traceback_text
    return error


def is_plain(value: Any) -> bool:  # noqa: ANN401 - anything at all is asked about
    """Tell whether a value is made of Python's own plain types, and so can cross."""
    try:
        marshal.dumps(value)
    except ValueError:
        return False
    return not isinstance(value, CodeType)


def _text(error: BaseException) -> str:
    try:
        return str(error)
    except Exception as broken:  # noqa: BLE001 - a __str__ of the user's
        return f"<{type(error).__name__} without a text: {type(broken).__name__}>"


def _class(module: str, name: str, base: str) -> type[BaseException]:
    found = getattr(sys.modules.get(module), name, None)
    if found is KeyboardInterrupt:  # the user's own: in this process it would be Ctrl-C
        return _stand_in(module, name, "BaseException")
    if isinstance(found, type) and issubclass(found, BaseException):
        return found
    return _stand_in(module, name, base)


@cache
def _stand_in(module: str, name: str, base: str) -> type[BaseException]:
    parent = cast("type[BaseException]", getattr(sys.modules["builtins"], base))
    names = {
        "__module__": module,
        "__qualname__": name,
        "__init__": BaseException.__init__,
        "__str__": _first,
    }
    return type(name.rpartition(".")[2], (parent,), names)


def _first(error: BaseException) -> str:
    return str(error.args[0])


def _instance(kind: type[BaseException], arguments: tuple[object, ...] | None, text: str) -> BaseException:
    if kind.__str__ is not _first:
        try:
            made = kind(*(arguments or (text,)))
        except Exception:  # noqa: BLE001 - a constructor that takes something else
            made = BaseException()
        if str(made) == text:
            return made
        kind = _stand_in(kind.__module__, kind.__qualname__, _builtin_base(kind))
    return kind(text)


def _trace(frames: list[tuple[str, int, str]]) -> TracebackType | None:
    trace: TracebackType | None = None
    for file, line, name in reversed(frames):
        made = _frame_of(file, name)
        trace = TracebackType(trace, made, _NO_POSITION, line)
    return trace


def _frame_of(file: str, name: str) -> Any:  # noqa: ANN401 - a frame, which cannot be made but by running something
    code = compile("import sys; frame = sys._getframe()", file, "exec").replace(co_name=name, co_qualname=name)
    names: dict[str, Any] = {"__name__": "__other_process__"}
    exec(code, names)  # noqa: S102 - two statements of our own
    return names["frame"]
