"""Where a function's code runs: on a thread of this process, or in a process of its own for each instance.

Pulsar's functions worker has the same two for its own processes, ``ThreadRuntime`` and ``ProcessRuntime``; Python functions always run in
processes there. Here a thread is the default, because it starts at once and a debugger sees it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal, Protocol, TypeAlias

from pfemu.errors import ConfigError
from pfemu.runtime.loader import LoadedFunction, load

RuntimeName: TypeAlias = Literal["thread", "process"]
RUNTIMES: tuple[RuntimeName, ...] = ("thread", "process")


class Load(Protocol):
    """Loads a function; the arguments are those of :func:`pfemu.runtime.loader.load`."""

    def __call__(self, source: object, class_name: str | None = None, *, config_directory: Path | None = None) -> LoadedFunction:
        """Load it."""
        ...


def loader_of(runtime: RuntimeName) -> Load:
    """Return what loads functions into a runtime.

    Raises:
        ConfigError: there is no such runtime.
    """
    if runtime == "thread":
        return load
    if runtime == "process":
        from pfemu.runtime.processes.process_loader import load_in_process  # it starts processes, which most runs do not

        return load_in_process
    raise ConfigError(f"there is no runtime {runtime!r}: it is {' or '.join(RUNTIMES)}")
