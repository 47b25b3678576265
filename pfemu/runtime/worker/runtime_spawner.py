"""One instance of a function as the worker sees it: a process that is started, watched, and started again (``RuntimeSpawner``).

Rules:

1. Each start is a new :class:`FunctionInstance`: counters, exceptions and metrics begin afresh.
2. Every 30 s, counted from the start, the worker looks; a dead process is started again and ``restarts`` rises.
3. A process that is dead answers no question: its figures are zero. Why it died the worker does not know.
4. Where time is real, the code is loaded on a thread of its own, because whoever owns the broker must not wait for an import.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pfemu.model.warnings.function_warning import FunctionWarning
from pfemu.model.warnings.happenings import DIES_AT_START, PROCESS_KILLED
from pfemu.runtime.instance import FunctionInstance, InstanceKilled
from pfemu.runtime.instance_start import Load, start_instance
from pfemu.runtime.traceback_text import error_line
from pfemu.runtime.worker.code_loading import CodeLoading
from pfemu.runtime.worker.stats_json import InstanceState

if TYPE_CHECKING:
    from pfemu.ports import Timer
    from pfemu.runtime.figures.stats import StatsSnapshot
    from pfemu.runtime.function import Function

LIVENESS_CHECK_MS = 30_000
"""``instanceLivenessCheckFreqMs``."""

WORKER_ID = "c-standalone-fw-localhost-8080"
NO_ANSWER = "UNAVAILABLE: io exception"
"""What a status says of a process that died and was not started again yet."""


class RuntimeSpawner:
    """Starts and watches one instance. ``died_of`` is what the instance died of, for people; None while it lives."""

    def __init__(self, function: Function, instance_id: int) -> None:
        self.function = function
        self._instance_id = instance_id
        self._instance: FunctionInstance | None = None
        self.restarts = 0
        self.stopped = True
        self.died_of: BaseException | None = None
        self.starting = False
        self.loading: CodeLoading | None = None
        self._started_ms = 0
        self._timer: Timer | None = None

    @property
    def instance(self) -> FunctionInstance:
        """The latest process; before the first, one that has done nothing."""
        if self._instance is None:
            self._instance = FunctionInstance(self._instance_id, self.function.services)
        return self._instance

    @property
    def alive(self) -> bool:
        """Whether its process runs; one whose thread has ended does."""
        return not self.stopped and not self.starting and self.died_of is None

    def start(self) -> None:
        """Start a process and watch it; one that dies at once is no error of the caller's."""
        self._begin()
        self.stopped = False
        self._start_later()

    def start_or_raise(self) -> None:
        """Start a process at once.

        Raises:
            BaseException: what it died of; it stays stopped then.
        """
        self._begin()
        self._start_process()
        self.stopped = False

    def _begin(self) -> None:
        self.restarts = 0
        self._started_ms = self.function.services.scheduler.now_ms()

    def _start_later(self) -> None:
        """Start a process, which takes its time."""
        services = self.function.services
        self.starting = True
        if services.start_delay_ms:
            self._timer = services.scheduler.at(services.scheduler.now_ms() + services.start_delay_ms, self._start_or_die)
        elif services.hand_over is not None:
            self.loading = CodeLoading(self.function, services.hand_over, self._start_or_die)
        else:
            self._start_or_die()

    def _start_or_die(self, load: Load | None = None) -> None:
        self.starting, self.loading, self._timer = False, None, None
        try:
            self._start_process(load)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - the process dies, whatever it is
            reason = error_line(error).partition("\n")[0]
            self.function.services.warn(DIES_AT_START.warning(f"a process that dies while it starts ({reason})"))
            self._die(error)

    def _start_process(self, load: Load | None = None) -> None:
        self.died_of = None
        self._instance = instance = FunctionInstance(self._instance_id, self.function.services)
        instance.died = lambda reason: self._ended_by_itself(instance, reason)
        start_instance(self.function, instance, load or self.function.load)

    def _ended_by_itself(self, instance: FunctionInstance, reason: InstanceKilled) -> None:
        if instance is self.instance and self.alive:
            self.function.services.warn(FunctionWarning("", f"instance {instance.instance_id}: {reason}", strict=False))
            self.kill(reason)

    def stop(self) -> None:
        """End the process for good."""
        self.stopped = True
        self.starting = False
        if self.loading is not None:
            self.loading.give_up()
            self.loading = None
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self.instance.stop()

    def kill(self, reason: BaseException) -> None:
        """End the process from outside; what it held goes back to the broker, and it is started again when the worker looks."""
        if self.alive:
            self.function.services.warn(PROCESS_KILLED.warning())
            self.instance.stop()
            self._die(reason)

    def _die(self, reason: BaseException) -> None:
        self.died_of = reason
        scheduler = self.function.services.scheduler
        elapsed_ms = scheduler.now_ms() - self._started_ms
        due_ms = self._started_ms + (elapsed_ms // LIVENESS_CHECK_MS + 1) * LIVENESS_CHECK_MS
        self._timer = scheduler.at(due_ms, self._restart)

    def _restart(self) -> None:
        self.restarts += 1
        self._start_later()

    def state(self) -> InstanceState:
        """Return what the worker knows of the process."""
        unanswered = (self.starting or self.died_of is not None) and not self.stopped and not self.restarts
        return InstanceState(
            running=self.alive,
            worker_id=WORKER_ID,
            error=NO_ANSWER if unanswered else "",
            restarts=0 if self.stopped else self.restarts,
            stopped=self.stopped,
        )

    def snapshot(self) -> StatsSnapshot | None:
        """Return its figures, None when nobody is there to ask."""
        return self.instance.stats.snapshot(self.function.services.scheduler.now_ms()) if self.alive else None
