"""Faults on request: what is to go wrong, when, and how often. All of it is deterministic.

A fault counts the moments it fits from its declaration on, and strikes from the ``nth`` on, ``times`` times. Faults are asked in
the order of their declaration; the first that strikes decides. Nothing is in the way of a function before the first is declared.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from pfemu.errors import PfemuError
from pfemu.model.topic_name import TopicName
from pfemu.runtime.fault_points import Ask, Moment, Verdict, Visit, arm
from pfemu.scheduling.stepping import SteppingScheduler

if TYPE_CHECKING:
    from pfemu.emulator import Emulator
    from pfemu.runtime.function import Function
    from pfemu.runtime.instance import FunctionInstance

_STATE = frozenset({Moment.BEFORE_STATE_READ, Moment.BEFORE_STATE_WRITE})
_SECOND_MS = 1000
_FOR_EVER = 2**63


class Fault:
    """One declared fault. ``seen`` counts the moments it fitted, ``struck`` how often it struck."""

    def __init__(
        self,
        text: str,
        verdict: Verdict,
        moments: frozenset[Moment],
        nth: int,
        times: int,
        fits: Callable[[Visit], bool],
        delay_ms: int = 0,
    ) -> None:
        for count in (nth, times):
            if not _is_count(count):
                raise PfemuError(f"{text}: nth and times count from 1, not {count!r}")
        self.text = text
        self.verdict = verdict
        self.delay_ms = delay_ms
        self.seen = 0
        self.struck = 0
        self._moments = moments
        self._nth = nth
        self._times = times
        self._fits = fits

    def strikes(self, visit: Visit) -> bool:
        """Count a moment; whether the fault strikes now."""
        if visit.moment not in self._moments or not self._fits(visit):
            return False
        self.seen += 1
        if not self._nth <= self.seen < self._nth + self._times:
            return False
        self.struck += 1
        return True

    def __repr__(self) -> str:
        return f"<fault: {self.text}; fitted {self.seen} times, struck {self.struck}>"


class Faults:
    """The faults of an emulator.

    Everywhere: ``function`` restricts a fault to the function of that name, short or ``tenant/namespace/name``; ``topic`` to a topic or
    partition.
    """

    def __init__(self, emulator: Emulator) -> None:
        if not isinstance(emulator.scheduler, SteppingScheduler):
            raise PfemuError("faults need an emulator that steps: a live one runs functions on threads of their own")
        self._scheduler = emulator.scheduler
        self._also_ask: list[Ask] = []
        self.declared: list[Fault] = []
        for handle in emulator.functions.values():
            for instance in handle.function.instances:
                if instance.running:
                    arm(handle.function, instance, self._ask)

    def arm(self, function: Function, instance: FunctionInstance) -> None:
        """Put the faults in the way of an instance."""
        arm(function, instance, self._ask)

    def also_ask(self, ask: Ask) -> None:
        """Have somebody else decide first, at every moment."""
        self._also_ask.append(ask)

    def _ask(self, visit: Visit) -> Verdict:
        for ask in self._also_ask:
            verdict = ask(visit)
            if verdict is not Verdict.GO_ON:
                return verdict
        for fault in self.declared:
            if fault.strikes(visit):
                self._scheduler.pass_time(fault.delay_ms)
                if fault.verdict is not Verdict.GO_ON:
                    return fault.verdict
        return Verdict.GO_ON

    # --------------------------------------------------------------------------------------------------- declarations

    def fail_publish(self, nth: int = 1, *, times: int = 1, topic: str | None = None, function: str | None = None) -> Fault:
        """Let the ``nth`` publish time out: an output is a system exception and its input comes again; ``context.publish`` calls back."""
        text = f"fail publish {_ordinal(nth)}{_on(topic)}{_of(function)}"
        fits = _both(_is_function(function), _publishes_to(topic))
        return self._declare(Fault(text, Verdict.FAIL, frozenset({Moment.BEFORE_PUBLISH}), nth, times, fits))

    def duplicate_delivery(self, nth: int = 1, *, times: int = 1, topic: str | None = None, function: str | None = None) -> Fault:
        """Deliver the ``nth`` message twice, as when an acknowledgement is lost on its way."""
        text = f"duplicate delivery {_ordinal(nth)}{_on(topic)}{_of(function)}"
        fits = _both(_is_function(function), _came_from(topic))
        return self._declare(Fault(text, Verdict.TWICE, frozenset({Moment.BEFORE_PROCESS}), nth, times, fits))

    def crash(self, when: str, nth: int = 1, *, times: int = 1, topic: str | None = None, function: str | None = None) -> Fault:
        """Kill the process of the instance at the ``nth`` moment of that name, for example ``"after publish"``.

        ``topic`` is the input the message came from. As on a cluster another process starts within 30 s: ``advance(seconds=30)``.

        Raises:
            PfemuError: there is no such moment; the text names them.
        """
        moments = {moment.value: moment for moment in Moment}
        if when not in moments:
            raise PfemuError(f"there is no moment {when!r} to crash at; there are: {', '.join(map(repr, moments))}")
        text = f"crash {when}, {_ordinal(nth)}{_on(topic)}{_of(function)}"
        fits = _both(_is_function(function), _came_from(topic))
        return self._declare(Fault(text, Verdict.KILL, frozenset({moments[when]}), nth, times, fits))

    def fail_state(self, nth: int = 1, *, times: int = 1, key: str | None = None, function: str | None = None) -> Fault:
        """Let the ``nth`` state call raise what the table service's client raises when the service does not answer."""
        text = f"fail state call {_ordinal(nth)}{'' if key is None else f' of {key!r}'}{_of(function)}"
        fits = _both(_is_function(function), lambda visit: key is None or visit.detail == key)
        return self._declare(Fault(text, Verdict.FAIL, _STATE, nth, times, fits))

    def slow_state(self, seconds: float, nth: int = 1, *, times: int = _FOR_EVER, function: str | None = None) -> Fault:
        """Let each state call from the ``nth`` on take that long, by the broker's time.

        Raises:
            PfemuError: it would take less than no time.
        """
        if seconds < 0:
            raise PfemuError(f"time only moves forward: no state call takes {seconds} s")
        delay_ms = round(seconds * _SECOND_MS)
        text = f"state calls take {seconds} s{_of(function)}"
        return self._declare(Fault(text, Verdict.GO_ON, _STATE, nth, times, _is_function(function), delay_ms))

    def clear(self) -> None:
        """Let nothing go wrong any more."""
        self.declared.clear()

    def _declare(self, fault: Fault) -> Fault:
        self.declared.append(fault)
        return fault


def _is_count(number: object) -> bool:
    return isinstance(number, int) and number >= 1


Fits = Callable[[Visit], bool]


def _both(one: Fits, other: Fits) -> Fits:
    return lambda visit: one(visit) and other(visit)


def _is_function(name: str | None) -> Fits:
    if name is None:
        return lambda _visit: True
    full = name if "/" in name else f"/{name}"
    return lambda visit: visit.function.endswith(full)


def _publishes_to(topic: str | None) -> Fits:
    if topic is None:
        return lambda _visit: True
    wanted = TopicName.parse(topic)
    return lambda visit: _is_same(visit.detail, wanted)


def _came_from(topic: str | None) -> Fits:
    if topic is None:
        return lambda _visit: True
    wanted = TopicName.parse(topic)
    return lambda visit: _is_same(visit.message.topic_name(), wanted)


def _is_same(text: str, wanted: TopicName) -> bool:
    name = TopicName.if_valid(text)
    return name is not None and wanted.holds(name)


def _ordinal(nth: int) -> str:
    return f"number {nth}"


def _on(topic: str | None) -> str:
    return "" if topic is None else f" on {topic!r}"


def _of(function: str | None) -> str:
    return "" if function is None else f" of {function}"
