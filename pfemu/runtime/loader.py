"""Loading a function: from what the user named to something that can be called for each message.

* *With a class path* (``className``): resolved and constructed as Pulsar's Python instance does it. What a cluster would hide is
  said in :attr:`LoadedFunction.warnings`.
* *Without*: the function in the code is looked for, and what cannot work is refused at once.

Each load executes the user's modules anew (:mod:`pfemu.runtime.loading.module_space`). SerDes, schemas and records of a function
come from the same modules as the function: look them up in its :attr:`LoadedFunction.space`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, Protocol

from pfemu.errors import LoadError
from pfemu.runtime.figures.user_collectors import UserCollectors
from pfemu.runtime.loading.choice import Choice
from pfemu.runtime.loading.class_path import import_class
from pfemu.runtime.loading.construction import Construction, construct, construct_or_refuse
from pfemu.runtime.loading.contested_modules import asking_space
from pfemu.runtime.loading.explanations import lines
from pfemu.runtime.loading.invocation import Invocation
from pfemu.runtime.loading.module_space import ModuleSpace
from pfemu.runtime.loading.objects import choose_object, construct_object, file_of
from pfemu.runtime.loading.resolution import look_for, resolve, source_warnings
from pfemu.runtime.loading.sources import CodeLocation, locate
from pfemu.runtime.logs.user_streams import UserStreams

if TYPE_CHECKING:
    from pfemu.runtime.processes.function_process import FunctionProcess


class Code(Protocol):
    """A function's code, found; each :meth:`load` loads it anew."""

    @property
    def path(self) -> Path | None:
        """The file or archive."""
        ...

    @property
    def directory(self) -> Path:
        """The user's directory."""
        ...

    @property
    def requirements(self) -> tuple[str, ...]:
        """What an archive asks to be installed."""
        ...

    def load(self) -> LoadedFunction:
        """Load it; raises as :func:`load`."""
        ...


@dataclass(frozen=True, slots=True)
class LoadedFunction:
    """A function that can be called.

    Attributes:
        class_name: Pulsar's ``className``: ``module.Class``, or ``module`` for a module-level ``process``.
        target: The object it names, before it was constructed.
        receiver: What has ``process``. For each message ``receiver.process(...)`` is called, looked up anew as Pulsar does:
            a function may rebind ``self.process`` while it runs.
        instance: The receiver when it was constructed, None for a pure function.
        takes_context: Whether ``process`` gets ``(input, context)`` or ``(input,)``.
        process: Calls ``receiver.process`` with the arguments it is given.
        warnings: What a cluster would do otherwise, ignore or hide.
        code: What it was loaded from.
        space: Its modules.
        collectors: What its modules and its constructor registered with prometheus_client.
        streams: What its modules and its constructor found as ``sys.stdout`` and ``sys.stderr``.
        own_process: The process it is in, when that is not this one; then what else is here stands for what is there.
    """

    class_name: str
    target: object
    receiver: object
    instance: object | None
    takes_context: bool
    process: Callable[..., object]
    warnings: tuple[str, ...]
    code: Code = field(repr=False)
    space: ModuleSpace = field(repr=False)
    collectors: UserCollectors = field(repr=False)
    streams: UserStreams = field(default_factory=UserStreams, repr=False)
    own_process: FunctionProcess | None = field(default=None, repr=False)

    @property
    def directory(self) -> Path:
        """The user's directory, which went first on ``sys.path``."""
        return self.code.directory

    @property
    def path(self) -> Path | None:
        """The file or archive, None when there is none."""
        return self.code.path

    @property
    def requirements(self) -> tuple[str, ...]:
        """What an archive asks to be installed with pip; nothing is."""
        return self.code.requirements

    @property
    def modules(self) -> Mapping[str, ModuleType]:
        """The modules loaded from the user's directory, by name; read-only, and it grows with imports inside ``process``."""
        return self.space.modules

    def import_class(self, class_path: str) -> object | None:
        """Return what a class path names in this load, None when it cannot be had (``util.import_class``)."""
        return import_class(self.space, class_path)

    def fresh(self) -> LoadedFunction:
        """Load it again from the files as they are now: other module objects, another instance.

        What was handed over as an object keeps its module; a class gives another instance, an instance stays itself.

        Raises:
            LoadError: As :func:`load`.
        """
        return self.code.load()

    def unload(self) -> None:
        """Give up the names of its modules, when it processes no message any more."""
        self.space.unload()


@dataclass(frozen=True, slots=True)
class FunctionCode:
    """A function's code, found; each :meth:`load` imports it anew.

    ``path`` is the file or archive; ``directory`` the user's directory; ``requirements`` what an archive asks to be installed.
    """

    path: Path | None
    directory: Path
    requirements: tuple[str, ...]
    _new_space: Callable[[], ModuleSpace] = field(repr=False)
    _choose: Callable[[ModuleSpace], Choice] = field(repr=False)
    _construct: Callable[[Choice, ModuleSpace], Construction] = field(repr=False)
    _warnings: Callable[[ModuleSpace], list[str]] = field(repr=False)

    def load(self) -> LoadedFunction:
        """Import and construct the function; raises as :func:`load`."""
        space = self._new_space()
        collectors, streams = UserCollectors(), UserStreams()
        try:
            with collectors.loading(), streams.loading():
                choice = self._choose(space)
                invocation, warnings = self._construct(choice, space)
        except BaseException:
            space.unload()
            raise
        return LoadedFunction(
            class_name=choice.class_name,
            target=choice.target,
            receiver=invocation.receiver,
            instance=invocation.instance,
            takes_context=invocation.takes_context,
            process=_process_of(invocation),
            warnings=(*warnings, *self._warnings(space)),
            code=self,
            space=space,
            collectors=collectors,
            streams=streams,
        )


def load(
    source: object,
    class_name: str | None = None,
    *,
    config_directory: Path | None = None,
) -> LoadedFunction:
    """Load a function.

    Args:
        source: A path (``function.py``, ``function.py:Exclaim``, ``function.zip``, ``function.whl``), a dotted name
            (``package.module.Class``, ``package.module``), or an object: a class, a callable, an instance, a module.
        class_name: Pulsar's ``className``; the code is then loaded exactly as a cluster does it.
        config_directory: Where a relative path or a dotted name is looked for first: the configuration file's directory.

    Raises:
        LoadError: It cannot be loaded. The text says what happened, what was expected, what is nearest and what to do; for a
            class path it begins with the words of the instance's ``NameError``.
    """
    if isinstance(source, str | os.PathLike):
        return _code_in(locate(source, config_directory), class_name).load()
    if class_name is not None:
        raise LoadError(f"A class path ({class_name}) goes with a file or an archive; {source!r} is the function already.")
    return _code_of(source).load()


def _code_in(source: CodeLocation, class_name: str | None) -> FunctionCode:
    def choose(space: ModuleSpace) -> Choice:
        _refuse_endless_load(source, space)
        return look_for(space, source) if class_name is None else resolve(space, source, class_name)

    return FunctionCode(
        path=source.path,
        directory=source.directory,
        requirements=source.archive.requirements if source.archive is not None else (),
        _new_space=lambda: ModuleSpace(source.search_path, source.only),
        _choose=choose,
        _construct=construct_or_refuse if class_name is None else construct,
        _warnings=lambda space: source_warnings(space, source),
    )


def _code_of(source: object) -> FunctionCode:
    path = file_of(source)
    directory = path.parent if path is not None else Path.cwd()
    return FunctionCode(
        path=path,
        directory=directory,
        requirements=(),
        _new_space=lambda: ModuleSpace((directory,), frozenset()),  # its module is imported already, and shared
        _choose=lambda _space: choose_object(source, directory),
        _construct=construct_object,
        _warnings=lambda _space: [],
    )


def _process_of(invocation: Invocation) -> Callable[..., object]:
    receiver: Any = invocation.receiver  # Any: it may lack the method, and then fails for each message
    if invocation.takes_context:
        return lambda value, context: receiver.process(value, context)  # noqa: PLW0108 - looked up for each message
    return lambda value: receiver.process(value)  # noqa: PLW0108 - as above


def _refuse_endless_load(source: CodeLocation, space: ModuleSpace) -> None:
    asking = asking_space()
    if asking is not None and asking.loading and asking.search_path == space.search_path:
        raise LoadError(
            lines(
                f"{source.label} loads a function of its own directory while it is imported, which would never end.",
                "Put what runs the function under: if __name__ == '__main__':",
            ),
        )
