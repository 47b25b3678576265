"""A function in a process of its own, from the emulator's side: started with its code loaded, called, watched, ended.

* The process is ended when the code is given up: at once if it waits, else when its message is done, and by force after
  ``STOP_TIMEOUT_S``. When the emulator's process is gone, however it went, the connection is closed and the user's process leaves.
* A process that ends by itself raises :class:`ProcessEnded` where it was being called, and is told to who watches it.
"""

from __future__ import annotations

import contextlib
import logging
import os
import pickle
import signal
import socket
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

from pfemu.errors import LoadError
from pfemu.runtime.instance import InstanceKilled
from pfemu.runtime.processes.failures import decoded
from pfemu.runtime.processes.peer import MAIN, Frame, Peer, PeerGone
from pfemu.runtime.processes.served_requests import ServedRequests
from pfemu.runtime.processes.values import KeptValue, is_scalar, kept_class

if TYPE_CHECKING:
    from pfemu.runtime.context import ContextImpl
    from pfemu.runtime.processes.process_collectors import Family

STOP_TIMEOUT_S = 10.0
"""How long a process may take to end, before it is made to (``ProcessRuntime``)."""

_KEPT, _PICKLED = "kept", "pickled"
_METRICS = -2
"""The conversation about metrics, which waits for no message."""
_EVENTS = -1
"""The conversation of what is told while another thread talks with the process."""


class ProcessEnded(InstanceKilled):
    """Why the process of a function is not there any more."""


class FunctionProcess:
    """One process."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - this very Python
                [sys.executable, "-P", "-m", "pfemu.runtime.processes.child", str(theirs.fileno()), os.environ.get("PYTHONPATH", "")],
                stdin=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
            )
        self._connection = ours
        self._foreign: SimpleQueue[Frame | None] = SimpleQueue()
        self._requests = ServedRequests(self.value, self._call_back)
        self._peer = Peer(ours, self._serve, self._take_foreign, self._hung_up, own_thread=False)
        self._turn = threading.RLock()
        self._telling = threading.Lock()
        self._asking_metrics = threading.Lock()
        self._dropped: deque[int] = deque()
        self._closing = False
        self._ended: Callable[[ProcessEnded], object] | None = None
        self._foreign_thread: threading.Thread | None = None
        self.modules: list[tuple[str, str]] = []
        self._peer.start()
        threading.Thread(target=self._watch, name="pfemu-process-watch", daemon=True).start()

    def _watch(self) -> None:
        self._process.wait()
        self._peer.close()  # what it has forked may hold the other end open

    @property
    def process_id(self) -> int:
        """The process's id."""
        return self._process.pid

    def wait_for_end(self, timeout_s: float) -> int | None:
        """Return its exit code (below zero: the signal that ended it), None if it has not ended within that time."""
        try:
            return self._process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            return None

    def watch(self, ended: Callable[[ProcessEnded], object]) -> None:
        """Have it told when the process ends by itself, on whatever thread."""
        self._ended = ended

    # ---------------------------------------------------------------------------------------------------------- calling

    def load(self, source: str, class_name: str | None, directory: Path | None) -> tuple[Any, ...]:
        """Load the code there; return what is to be known of it.

        Raises:
            LoadError: it cannot be loaded, or the process ended over it.
        """
        try:
            answer = self._call("load", source, class_name, None if directory is None else str(directory), logging.root.level)
        except ProcessEnded as ended:
            raise LoadError(f"{source} cannot be loaded: {ended}.") from ended
        if answer[0] == "refused":
            raise LoadError(answer[1]) from (None if answer[2] is None else decoded(answer[2]))
        self.modules = answer[4]
        return answer[1:]  # type: ignore[no-any-return] # a tuple, as Child._load gives it

    def process(self, value: object, context: ContextImpl | None = None) -> object:
        """Call the function; its context asks ``context`` meanwhile, and later if its threads do.

        Raises:
            ProcessEnded: the process did.
            BaseException: what the function raised.
        """
        if context is not None:
            self._requests.context = context
        asked = self._requests.context
        level = logging.INFO if asked is None else asked.log.level
        return self.value(self._call("process", self._crossing(value), level))

    def metrics(self) -> list[Family]:
        """Return what user code has registered with prometheus_client there; any thread may ask, also while a message is processed."""
        with self._asking_metrics:
            try:
                families: list[Family] = self._peer.call_in(_METRICS, "metrics")
            except PeerGone:
                return []  # as the page of a process that has ended
            return families

    def _serve(self, name: str, arguments: tuple[Any, ...]) -> object:
        if name == "modules":
            [self.modules] = arguments
            return None
        return self._requests.serve(name, arguments)

    def ask(self, name: str, *arguments: object) -> Any:  # noqa: ANN401 - whatever the other side answers
        """Have something done in the process; raises as :meth:`process`."""
        return self._call(name, *(self._crossing(each) if isinstance(each, KeptValue) else each for each in arguments))

    def encode(self, number: int, value: object) -> Any:  # noqa: ANN401 - bytes, or None of a SerDe that returns it
        """Encode with a SerDe or schema that was made there.

        A value of a class of this process goes there pickled.

        Raises:
            BaseException: what it raised; or what pickling raises.
        """
        return self._call("encode", number, self._crossing(value))

    def value(self, crossed: tuple[Any, ...]) -> object:
        """Return a value that came, or a stand-in for one that stayed."""
        if len(crossed) == 1:
            return crossed[0]
        number, name, shown, plain = crossed
        return kept_class(name)(self, number, shown, plain)

    def drop(self, number: int) -> None:
        """Let the process forget a value, with the next call."""
        self._dropped.append(number)

    def attribute(self, number: int, name: str) -> object:
        """Return an attribute of a value that stayed."""
        return self.value(self._call("attribute", number, name))

    def encoded_by_default(self, number: int) -> Any:  # noqa: ANN401 - bytes
        """Return what the default SerDe makes of a value that stayed."""
        return self._call("encode_by_default", number)

    def _crossing(self, value: object) -> tuple[Any, ...]:
        if isinstance(value, KeptValue):
            return value.pfemu_number, _KEPT
        return (value,) if is_scalar(value) else (pickle.dumps(value), _PICKLED)

    def _call(self, name: str, *arguments: object) -> Any:  # noqa: ANN401 - whatever the other side answers
        with self._turn if self._peer.conversation == MAIN else contextlib.nullcontext():
            try:
                self._drop_unused()
                return self._peer.call(name, *arguments)
            except PeerGone:
                raise self._tell_end() from None

    def _drop_unused(self) -> None:
        if self._dropped:
            numbers = [self._dropped.popleft() for _ in range(len(self._dropped))]
            self._peer.note("drop", tuple(numbers))

    # ---------------------------------------------------------------------------------------------------------- serving

    def _call_back(self, number: int, result: Any, message_id: Any) -> None:  # noqa: ANN401 - pulsar's own, without stubs
        arguments = (number, result.name, None if message_id is None else message_id.serialize())
        if self._turn.acquire(blocking=False):
            try:
                self._call("call_back", *arguments)
            finally:
                self._turn.release()
        else:  # another thread talks with the process: it does not wait for this
            self._peer.note_in(_EVENTS, "call_back", *arguments)

    def _take_foreign(self, frame: Frame) -> None:
        """Take what a thread of the user's asks for; a thread of its own does it, because it may wait for the broker."""
        if self._foreign_thread is None:
            self._foreign_thread = threading.Thread(target=self._serve_foreign, name="pfemu-process-threads", daemon=True)
            self._foreign_thread.start()
        self._foreign.put(frame)

    def _serve_foreign(self) -> None:
        while (frame := self._foreign.get()) is not None:
            with contextlib.suppress(PeerGone):  # whoever asked has ended
                self._peer.answer(frame)

    # ----------------------------------------------------------------------------------------------------------- ending

    def close(self) -> None:
        """End the process: now if it waits for work, else when its message is done, or after STOP_TIMEOUT_S."""
        if self._closing:
            return
        self._closing = True
        if self._turn.acquire(blocking=False):
            self._turn.release()
            self._end(patient=False)
        else:
            threading.Thread(target=self._end, name="pfemu-process-end", kwargs={"patient": True}, daemon=True).start()

    def _end(self, *, patient: bool) -> None:
        if patient and self._turn.acquire(timeout=STOP_TIMEOUT_S):
            self._turn.release()
        self._peer.close()
        try:
            self._process.wait(0 if patient and self._turn_is_taken() else STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _turn_is_taken(self) -> bool:
        free = self._turn.acquire(blocking=False)
        if free:
            self._turn.release()
        return not free

    def _hung_up(self) -> None:
        self._foreign.put(None)
        self._connection.close()
        self._tell_end()

    def _tell_end(self) -> ProcessEnded:
        """Tell, once, who watches; on the thread that was calling, or on the one that listens."""
        reason = ProcessEnded(self._how_it_ended())
        with self._telling:
            ended, self._ended = self._ended, None
        if ended is not None and not self._closing:
            ended(reason)
        return reason

    def _how_it_ended(self) -> str:
        if self._closing:
            return "the function was stopped"
        try:
            code = self._process.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:  # it has closed the connection and lives on
            self._process.kill()
            code = self._process.wait()
        if code < 0:
            names = {each.value: each.name for each in signal.Signals}
            return f"its process ({self.process_id}) was ended by {names.get(-code, f'signal {-code}')}"
        return f"its process ({self.process_id}) has ended with exit code {code}"
