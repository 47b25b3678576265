"""What is said before the first message: which function runs, from where to where, and how to go on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pfemu.cli.styles import Styles
    from pfemu.model.function_config import FunctionConfig
    from pfemu.runtime.loader import LoadedFunction

IMITATED = "Pulsar 4.0"


def header(config: FunctionConfig, inputs: list[str], styles: Styles) -> str:
    """Return the one line for a pipe."""
    return styles.faint(f"{config.tenant}/{config.namespace}/{config.name}: {_route(config, inputs)}")


def banner(version: str, config: FunctionConfig, inputs: list[str], loaded: LoadedFunction | None, styles: Styles) -> Iterator[str]:
    """Yield the lines for a terminal, six at most."""
    yield styles.strong(f"pfemu {version}") + styles.faint(f"  as {IMITATED}")
    yield f"{styles.strong(str(config.name))}  {_origin(loaded, config)}"
    yield _route(config, inputs)
    if config.log_topic:
        yield f"logs -> {config.log_topic}"
    yield styles.faint(f"A line is a message to {inputs[0] if inputs else 'nobody'}. Ctrl-D ends.")


def _route(config: FunctionConfig, inputs: list[str]) -> str:
    return f"{', '.join(inputs) or config.topics_pattern} -> {config.output or 'no output topic'}"


def _origin(loaded: LoadedFunction | None, config: FunctionConfig) -> str:
    if loaded is None or loaded.path is None:
        return str(config.class_name)
    path = loaded.path
    shown = path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
    return f"{config.class_name} from {shown}"
