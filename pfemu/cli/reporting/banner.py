"""What is said before the first message: which functions run, from where to where, and how to go on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pfemu.model.topic_name import short_name

if TYPE_CHECKING:
    from pfemu.cli.reporting.styles import Styles
    from pfemu.cli.running.running_function import RunningFunction
    from pfemu.model.topic_name import TopicName

IMITATED = "Pulsar 4.0"


def header(function: RunningFunction, styles: Styles) -> str:
    """Return a function's one line for a pipe."""
    return styles.faint(f"{function.name}: {_route(function)}")


def banner(version: str, functions: Sequence[RunningFunction], target: TopicName | None, styles: Styles) -> Iterator[str]:
    """Yield the lines for a terminal: six at most for one function, a line for each of several."""
    yield styles.strong(f"pfemu {version}") + styles.faint(f"  as {IMITATED}")
    if len(functions) == 1:
        yield from _in_full(functions[0], styles)
    else:
        width = max((len(str(function.config.name)) for function in functions), default=0)
        yield from (f"{styles.strong(str(each.config.name).ljust(width))}  {_route(each)}" for each in functions)
    to = "nobody" if target is None else short_name(target.full)
    yield styles.faint(f"A line is a message to {to}. Ctrl-D ends.")


def _in_full(function: RunningFunction, styles: Styles) -> Iterator[str]:
    yield f"{styles.strong(str(function.config.name))}  {_origin(function)}"
    yield _route(function)
    if function.config.log_topic:
        yield f"logs -> {function.config.log_topic}"


def _route(function: RunningFunction) -> str:
    return f"{', '.join(function.inputs)} -> {function.config.output or 'no output topic'}"


def _origin(function: RunningFunction) -> str:
    loaded, class_name = function.loaded, function.config.class_name
    if loaded is None or loaded.path is None:
        return str(class_name)
    path = loaded.path
    shown = path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
    return f"{class_name} from {shown}"
