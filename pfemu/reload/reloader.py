"""New code for a running function: loaded first, then exchanged between two messages.

1. Loading happens on the thread of :mod:`watching`, in fresh module objects, once an instance: as on a cluster, where each is a process.
2. Only when every instance's code is ready is any exchanged. What is being processed is finished by the code that began it.
3. Then, on the thread that owns the broker, what was negatively acknowledged is asked for again, and the report is given.
4. Old modules give up their names once the last message on them is done.
"""

from __future__ import annotations

import gc
import linecache
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from pfemu.errors import LoadError
from pfemu.ports import NackedAgain
from pfemu.reload.leftover_threads import threads_of
from pfemu.reload.reports import Reloaded, ReloadFailed
from pfemu.runtime.traceback_text import error_line, user_traceback
from pfemu.scheduling.clock import monotonic_ms

if TYPE_CHECKING:
    from pfemu.function_handle import FunctionHandle
    from pfemu.reload.failed_messages import FailedMessages
    from pfemu.reload.reload_host import ReloadHost
    from pfemu.runtime.instance import FunctionInstance
    from pfemu.runtime.loader import LoadedFunction
    from pfemu.runtime.replacement import Replacement


@dataclass(frozen=True, slots=True)
class _Exchange:
    """Code that is loaded, on its way to the instances; ``since_ms`` by :func:`monotonic_ms`."""

    instances: list[FunctionInstance]
    generation: int
    files: tuple[str, ...]
    since_ms: int
    threads: tuple[str, ...]
    """Names of threads that the code before has started, and that still run."""
    warnings: tuple[str, ...]


class Reloader:
    """Reloads one function.

    Args:
        host: hears of each reload.
        handle: the function.
        load: loads its code from the files as they are.
        failed: the messages that failed, to name those that come again.
        redeliver: whether they are asked for again after a successful reload.
    """

    def __init__(
        self,
        host: ReloadHost,
        handle: FunctionHandle,
        load: Callable[[], LoadedFunction],
        *,
        failed: FailedMessages | None = None,
        redeliver: bool = True,
    ) -> None:
        self._host = host
        self._handle = handle
        self._load = load
        self._failed = failed
        self._redeliver = redeliver
        self.generation = 1
        self._latest = [each.loaded for each in handle.function.instances if each.loaded is not None]

    def module_files(self) -> list[str]:
        """Return the files of all that is loaded, archives included."""
        running = [each.loaded for each in self._handle.function.instances if each.loaded is not None]
        found: list[str] = []
        for loaded in {id(each): each for each in (*running, *self._latest)}.values():
            found.extend(file for module in list(loaded.modules.values()) if (file := getattr(module, "__file__", None)))
            found.extend([str(loaded.path)] if loaded.path is not None else [])
        return found

    def reload(self, files: Iterable[str], since_ms: int) -> bool:
        """Load the code, and have it exchanged if that works; tell whether it did. ``since_ms`` by :func:`monotonic_ms`."""
        names = _shown(files)
        linecache.checkcache()
        try:
            ready = self._handle.function.load_replacements(self._load)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever the user's code raises is told, and the old code runs on
            self._host.report(failure(error, self.generation, names))
            return False
        self.generation += 1
        self._latest = [made.loaded for _, made in ready]
        threads = self._threads_of_old_code(ready)
        for instance, made in ready:
            instance.before_next_message(partial(self._exchange, made, instance))
        warnings = tuple(dict.fromkeys(text for _, made in ready for text in made.loaded.warnings))
        exchange = _Exchange([each for each, _ in ready], self.generation, names, since_ms, threads, warnings)
        self._host.on_owner(partial(self._finish, exchange))
        return True

    def _threads_of_old_code(self, ready: list[tuple[FunctionInstance, Replacement]]) -> tuple[str, ...]:
        spaces = {instance.loaded.space for instance, _ in ready if instance.loaded is not None}
        own = [f"{self._handle.function.fqfn}/{instance.instance_id}" for instance, _ in ready]
        return threads_of(spaces, [*own, "MainThread"])

    def _exchange(self, made: Replacement, instance: FunctionInstance) -> None:
        before = made.put_into(instance)
        if before is not None:
            self._host.retire(before.unload)
            self._host.retire(gc.collect)  # modules are cycles: without it the big ones pile up until the collector comes by itself

    def _finish(self, exchange: _Exchange) -> None:
        """Exchange what no message does, ask for what failed, and report; on the thread that owns the broker."""
        for instance in exchange.instances:
            if instance.thread is None:
                instance.replace_if_idle()
        self._host.emulator.forget_codecs()
        failed = () if self._failed is None else self._failed.take()
        count = sum(map(_ask_again, exchange.instances)) if self._redeliver else 0
        self._host.tell(
            Reloaded(
                generation=exchange.generation,
                ms=max(0, monotonic_ms() - exchange.since_ms),
                files=exchange.files,
                state_keys=len(self._handle.snapshot()),
                redelivered=count,
                failed=failed[-count:] if count else (),
                threads=exchange.threads,
                busy=any(instance.busy for instance in exchange.instances),
                warnings=exchange.warnings,
            )
        )


def _ask_again(instance: FunctionInstance) -> int:
    """Ask for what failed, at once; where user code has ended the thread, for all it held."""
    consumers = [source.consumer for source in instance.inputs]
    if instance.ended_by is not None:
        instance.revive()
        for consumer in consumers:
            consumer.redeliver_unacknowledged_messages()
        return 1
    nacked_again = [consumer for consumer in consumers if isinstance(consumer, NackedAgain)]
    return sum(each._redeliver_negatively_acknowledged() for each in nacked_again)  # noqa: SLF001 - user code must not see the method


def failure(error: BaseException, generation: int, names: tuple[str, ...]) -> ReloadFailed:
    """Return what to report of an exception that code raised while it was loaded."""
    if isinstance(error, LoadError):
        text, cause = str(error), error.__cause__
        if cause is None or isinstance(cause, SyntaxError) or not text.startswith("Traceback"):
            return ReloadFailed(text.partition("\n")[0], text, generation, names)
        return ReloadFailed(error_line(cause), text, generation, names)
    return ReloadFailed(error_line(error), user_traceback(error), generation, names)


def _shown(files: Iterable[str]) -> tuple[str, ...]:
    here = os.getcwd()  # noqa: PTH109 - compared as text
    return tuple(sorted(os.path.relpath(file) if file.startswith(here + os.sep) else file for file in files))
