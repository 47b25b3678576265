"""Pulsar's admin REST of a run (``--admin-port``), and what is told of the functions that come by it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from threading import Lock
from typing import TYPE_CHECKING

from pfemu.cli.reporting.events import listening_event, to_line
from pfemu.errors import InputError, SchedulerClosedError
from pfemu.function_handle import Recorder
from pfemu.scheduling.promises import fulfil

if TYPE_CHECKING:
    from pfemu.admin.answer import Answer, Later
    from pfemu.admin.api import OnOwner
    from pfemu.cli.reporting.reporters import Reporter
    from pfemu.cli.reporting.screen import Screen
    from pfemu.cli.running.streams import BufferedOutput
    from pfemu.emulator import Emulator
    from pfemu.scheduling.stepping import SteppingScheduler

_ENDED = "the input has ended: nothing is run any more"


class ReportedFunction(Recorder):
    """Hands on what a function does that was deployed by the admin REST, and keeps nothing: it may run for long."""

    def __init__(self, reporter: Reporter) -> None:
        super().__init__(reporter.warned)
        self.reporter = reporter
        self.watches_acknowledgements = reporter.watches_acknowledgements
        self.logged = reporter.logged  # type: ignore[method-assign] # one call less for each message
        self.failed = reporter.failed  # type: ignore[method-assign] # as above
        self.published = reporter.published  # type: ignore[method-assign] # as above
        self.acknowledged = reporter.acknowledged  # type: ignore[method-assign] # as above
        self.negatively_acknowledged = reporter.negatively_acknowledged  # type: ignore[method-assign] # as above
        self.metric_recorded = reporter.metric_recorded  # type: ignore[method-assign] # as above


class AdminEndpoint:
    """The admin REST, served until it is closed.

    ``port`` None: not at all; 0: any that is free. ``on_owner`` is as :class:`~pfemu.admin.api.AdminApi` takes it.

    Raises:
        InputError: the port is taken.
    """

    def __init__(
        self, emulator: Emulator, port: int | None, on_error: Callable[[BaseException], object], on_owner: OnOwner | None = None
    ) -> None:
        self.url: str | None = None
        self._close: Callable[[], object] | None = None
        if port is None:
            return
        from pfemu.admin.api import AdminApi  # both are for who asks for the port alone
        from pfemu.admin.http.http_server import AdminServer

        try:
            server = AdminServer(port, AdminApi(emulator, on_owner).answer, on_error)
        except OSError as error:
            raise InputError(f"--admin-port {port} cannot be listened to: {error.strerror}. 0 takes any port that is free.") from None
        self.url, self._close = server.url, server.close

    def close(self) -> None:
        """Serve no more."""
        if self._close is not None:
            self._close()


def tell_address(endpoint: AdminEndpoint, screen: Screen, events: BufferedOutput | None) -> None:
    """Say where it is, if it is served at all: as an event where everything is one, else as a line for a person."""
    if endpoint.url is None:
        return
    if events is None:
        screen.write(screen.styles.faint(f"admin: {endpoint.url}"))
    else:
        events.write(to_line(listening_event("admin", endpoint.url)).encode() + b"\n")
        events.flush()


class HandOver:
    """Has the thread that steps an emulator run what other threads ask for, while it waits for input and between two messages."""

    def __init__(self, scheduler: SteppingScheduler) -> None:
        self._scheduler = scheduler
        self._waiting: set[Future[Answer | Later]] = set()
        self._changing = Lock()
        self._closed = False

    def __call__(self, run: Callable[[], Answer | Later]) -> Answer | Later:
        """Have it run, and return or raise what it does.

        Raises:
            SchedulerClosedError: nothing is run any more.
        """
        future: Future[Answer | Later] = Future()
        with self._changing:
            if self._closed:
                raise SchedulerClosedError(_ENDED)
            self._waiting.add(future)
        self._scheduler.hand_over(lambda: self._settle(future, run))
        return future.result()

    def _settle(self, future: Future[Answer | Later], run: Callable[[], Answer | Later]) -> None:
        with self._changing:
            if future not in self._waiting:
                return
            self._waiting.remove(future)
        fulfil(future, run)

    def close(self) -> None:
        """Run nothing any more; who waits hears of it."""
        with self._changing:
            self._closed = True
            waiting, self._waiting = self._waiting, set()
        for future in waiting:
            future.set_exception(SchedulerClosedError(_ENDED))
