"""Loading a function into a process of its own; see :mod:`pfemu.runtime.loader`."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pfemu.errors import LoadError
from pfemu.runtime.loader import LoadedFunction
from pfemu.runtime.processes.function_process import FunctionProcess
from pfemu.runtime.processes.process_collectors import ProcessCollectors
from pfemu.runtime.processes.process_space import ProcessSpace

_STAND_IN = object()


@dataclass(frozen=True, slots=True)
class ProcessCode:
    """A function's code, found; each :meth:`load` starts a process and imports it there."""

    path: Path | None
    directory: Path
    requirements: tuple[str, ...]
    load_anew: Callable[[], LoadedFunction]

    def load(self) -> LoadedFunction:
        """Start a process with it; raises as :func:`load_in_process`."""
        return self.load_anew()


def load_in_process(source: object, class_name: str | None = None, *, config_directory: Path | None = None) -> LoadedFunction:
    """Load a function into a new process; the arguments are those of :func:`pfemu.runtime.loader.load`.

    Differs: an Avro schema reads with its own definition there, not with that of whoever has written the message.

    Raises:
        LoadError: It cannot be loaded, or is an object of this process.
    """
    if not isinstance(source, str | os.PathLike):
        raise LoadError(f"{source!r} is an object of this process: the process runtime takes a path or a dotted name.")
    text = os.fspath(source)
    process = FunctionProcess()
    try:
        answer = process.load(text, class_name, config_directory)
    except BaseException:
        process.close()
        raise

    def load_anew() -> LoadedFunction:
        return load_in_process(text, class_name, config_directory=config_directory)

    return _loaded(process, answer, load_anew)


def _loaded(process: FunctionProcess, answer: tuple[Any, ...], load_anew: Callable[[], LoadedFunction]) -> LoadedFunction:
    (class_name, is_class, is_constructed, takes_context), warnings, (path, directory, requirements), _ = answer
    code = ProcessCode(None if path is None else Path(path), Path(directory), tuple(requirements), load_anew)
    stand_in = _STAND_IN if is_constructed else None
    return LoadedFunction(
        class_name=class_name,
        target=type(class_name.rpartition(".")[2], (), {}) if is_class else None,
        receiver=stand_in,
        instance=stand_in,
        takes_context=takes_context,
        process=process.process,
        warnings=tuple(warnings),
        code=code,
        space=ProcessSpace(process),
        collectors=ProcessCollectors(process),
        own_process=process,
    )
