"""The thread that a live client's listeners run on (``ExecutorService``; ``message_listener_threads`` is 1 unless asked otherwise).

A listener may take its time, wait for other messages or send and wait: the broker and other clients go on meanwhile. Listeners of one
client take turns, message by message.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import TYPE_CHECKING, cast

from pfemu.errors import SchedulerClosedError
from pfemu.ports import Scheduler
from pfemu.scheduling.stepping import SteppingScheduler

if TYPE_CHECKING:
    from pfemu.scheduling.live import LiveScheduler

Job = Callable[[], object]


class ListenerThread:
    """Runs what it is given, one after the other, on a thread that starts with the first.

    Differs: a client has one such thread, whatever ``message_listener_threads`` says; the native configuration does not tell.
    """

    def __init__(self, on_error: Callable[[BaseException], object]) -> None:
        self._on_error = on_error
        self._work: SimpleQueue[Job | None] = SimpleQueue()
        self._thread: threading.Thread | None = None

    def soon(self, run: Job) -> None:
        """Run it after what waits by now."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="pfemu-listener", daemon=True)
            self._thread.start()
        self._work.put(run)

    def _run(self) -> None:
        while (job := self._work.get()) is not None:
            try:
                job()
            except SchedulerClosedError:
                return
            except BaseException as error:  # noqa: BLE001 - handed to the one who started the scheduler
                self._on_error(error)

    def close(self) -> None:
        """End after what waits by now."""
        if self._thread is not None:
            self._work.put(None)


def new_listener_thread(scheduler: Scheduler) -> ListenerThread | None:
    """Return a thread for the listeners of one client, None where the caller's thread runs everything."""
    return None if isinstance(scheduler, SteppingScheduler) else ListenerThread(cast("LiveScheduler", scheduler).on_error)
