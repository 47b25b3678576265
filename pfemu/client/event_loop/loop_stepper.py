"""Who runs a stepping emulator while coroutines wait for it.

* In a turn of the event loop after the calls of the turn before: so what tasks send in one go shares a batch.
* What the broker answers within a tenth of a second (a batch's delay of 10 ms) is there at once, in virtual time.
* For what takes longer, a message that nobody has sent yet, a longer delay, to be a topic's only producer, virtual time goes by as the
  event loop's own: ``asyncio.wait_for(consumer.receive(), 1)`` is over after a second, and a message that was negatively acknowledged
  does not come before its delay. ``Emulator.advance`` moves it on at once.
* Who asks for more than a thousand things in one turn has the first of them answered meanwhile, once: a broker is about as quick, and a
  producer's queue of a thousand takes 1,500 messages that are sent in one go, but not 5,000.
* What goes wrong in a turn is told to the loop's exception handler, and whoever waits hears ``UnknownError``.

A live emulator runs by itself, and needs nothing of this.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

import pulsar

from pfemu.client.waiting import Callback
from pfemu.scheduling.stepping import SteppingScheduler

AT_ONCE_MS = 100
"""How far time is moved on for an answer."""

ANSWERED_MEANWHILE = 1000

LOOK_AGAIN_S = 0.01
"""How often it looks, while somebody waits, for what others made ready."""


class Call:
    """A call that waits for its answer, and its callback."""

    __slots__ = ("_callback", "_stepper", "waits_for_others")

    def __init__(self, stepper: LoopStepper, callback: Callback, *, waits_for_others: bool) -> None:
        self._stepper = stepper
        self._callback = callback
        self.waits_for_others = waits_for_others

    def __call__(self, *answer: object) -> None:
        """Answer it, once."""
        if self._stepper.forget(self):
            self._callback(*answer)


class LoopStepper:
    """Steps a scheduler as long as an event loop's coroutines wait for answers or messages."""

    def __init__(self, scheduler: SteppingScheduler) -> None:
        self._scheduler = scheduler
        self._loop: asyncio.AbstractEventLoop | None = None
        self._next_turn: asyncio.Handle | None = None
        self._unanswered: set[Call] = set()
        self._answered_meanwhile = False
        self._waiting = 0
        self._followed_to_s = 0.0

    def noting(self, callback: Callback, *, waits_for_others: bool) -> Call:
        """Return a callback to hand on: until it is called, the emulator is stepped."""
        self.wake()
        if len(self._unanswered) >= ANSWERED_MEANWHILE and not self._answered_meanwhile:
            self._answered_meanwhile = True
            self._scheduler.run_until_idle()
        call = Call(self, callback, waits_for_others=waits_for_others)
        self._unanswered.add(call)
        return call

    def forget(self, call: Call) -> bool:
        """Step no more for a call; False when it was not noted any more."""
        noted = call in self._unanswered
        self._unanswered.discard(call)
        return noted

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Let time go by with the event loop's."""
        self.wake()
        self._waiting += 1
        try:
            yield
        finally:
            self._waiting -= 1

    def wake(self) -> None:
        """Have the emulator stepped in the event loop's next turn."""
        loop = self._running_loop()
        if self._next_turn is None:
            self._followed_to_s = loop.time()
        else:
            self._next_turn.cancel()
        self._next_turn = loop.call_soon(self._turn)

    def _running_loop(self) -> asyncio.AbstractEventLoop:
        """Return the running loop; what was asked on another one is nobody's any more."""
        loop = asyncio.get_running_loop()
        if loop is not self._loop:
            self._loop, self._next_turn = loop, None
            self._unanswered.clear()
        return loop

    def _turn(self) -> None:
        self._next_turn = None
        self._answered_meanwhile = False
        try:
            self._bring_answers()
            if self._waiting or not self._is_answered():
                self._follow()
        except Exception as error:  # noqa: BLE001 - a turn has no caller: it goes to the loop's handler, as from any callback
            self._give_up(error)

    def _bring_answers(self) -> None:
        scheduler = self._scheduler
        scheduler.run_until_idle()
        latest_ms = scheduler.now_ms() + AT_ONCE_MS
        while not self._is_answered():
            due_ms = scheduler.next_due_ms()
            if due_ms is None or due_ms > latest_ms:
                return
            scheduler.advance(max(0, due_ms - scheduler.now_ms()))

    def _is_answered(self) -> bool:
        """Whether nobody waits for what the broker does by itself."""
        return all(call.waits_for_others for call in self._unanswered)

    def _follow(self) -> None:
        loop = self._running_loop()
        passed_ms = int((loop.time() - self._followed_to_s) * 1000)
        self._followed_to_s += passed_ms / 1000
        self._scheduler.advance(passed_ms)
        if self._next_turn is None:
            self._next_turn = loop.call_later(LOOK_AGAIN_S, self._turn)

    def _give_up(self, error: Exception) -> None:
        self._running_loop().call_exception_handler({"message": "the emulator cannot go on", "exception": error})
        for call in list(self._unanswered):
            call(pulsar.Result.UnknownError, None)


class Stepped:
    """Stands for a native half whose calls with a callback step the emulator until they are answered."""

    _WAIT_FOR_OTHERS = frozenset({"receive_async", "read_next_async"})

    def __init__(self, target: object, stepper: LoopStepper) -> None:
        self._target = target
        self._stepper = stepper

    def __getattr__(self, name: str) -> Callable[..., object]:
        method: Callable[..., object] = getattr(self._target, name)
        return partial(self._ask, name, method) if name.endswith("_async") else method

    def _ask(self, name: str, method: Callable[..., object], *arguments: object) -> None:
        *given, callback = arguments
        noting = self._stepper.noting(callback, waits_for_others=name in self._WAIT_FOR_OTHERS)  # type: ignore[arg-type] # all of them end with a callback
        try:
            method(*given, noting)
        except BaseException:
            self._stepper.forget(noting)
            raise
