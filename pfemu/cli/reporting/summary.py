"""What a run came to: the figures at its end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pfemu.metrics.page import metrics_page
from pfemu.runtime.traceback_text import error_line

if TYPE_CHECKING:
    from pfemu.broker.subscription import Subscription
    from pfemu.cli.reporting.reporters import Tally
    from pfemu.emulator import Emulator
    from pfemu.function_handle import FunctionHandle
    from pfemu.runtime.worker.runtime_spawner import RuntimeSpawner


@dataclass(frozen=True, slots=True)
class Summary:
    """Figures of one function. ``backlog`` maps topic to subscription to what it has not acknowledged; ``seconds`` is real time."""

    function: str
    received: int
    processed: int
    user_exceptions: int
    system_exceptions: int
    outputs: int
    unacked: int
    seconds: float
    ended_by: str | None = None
    """What ended an instance's thread, such as ``SystemExit: 1``; None while all of them can process."""
    died_of: str | None = None
    """What ended an instance's process, in sentences; None while all of them live."""
    interrupted: bool = False
    published: Mapping[str, int] = field(default_factory=dict)
    backlog: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    state: Mapping[str, str] = field(default_factory=dict)
    counters: Mapping[str, int] = field(default_factory=dict)
    metrics: str | None = None

    @property
    def failed(self) -> bool:
        """Whether the function failed on a message."""
        return bool(self.user_exceptions or self.system_exceptions or self.ended_by)


def summarise(emulator: Emulator, function: FunctionHandle, tally: Tally, *, seconds: float, interrupted: bool, metrics: bool) -> Summary:
    """Look at a function and its input topics."""
    instances = function.function.instances
    stats = [instance.stats for instance in instances]
    subscriptions = _subscriptions(emulator, function)
    return Summary(
        function=function.name,
        received=sum(each.received for each in stats),
        processed=sum(each.processed_successfully for each in stats),
        user_exceptions=sum(each.user_exceptions for each in stats),
        system_exceptions=sum(each.system_exceptions for each in stats),
        outputs=tally.outputs,
        unacked=sum(subscription.unacknowledged for subscription in subscriptions),
        seconds=seconds,
        ended_by=next((error_line(instance.ended_by) for instance in instances if instance.ended_by is not None), None),
        died_of=next((_death(spawner) for spawner in function.function.spawners if spawner.died_of is not None), None),
        interrupted=interrupted,
        published=tally.published,
        backlog=_backlog(emulator, subscriptions),
        state={key: value.decode(errors="backslashreplace") for key, value in sorted(function.state.items())},
        counters=dict(sorted(function.counters.items())),
        metrics=metrics_page(function) if metrics else None,
    )


def _death(spawner: RuntimeSpawner) -> str:
    return f"instance {spawner.instance.instance_id}: {spawner.died_of}. The worker looks every 30 s, and starts it again."


def _subscriptions(emulator: Emulator, function: FunctionHandle) -> list[Subscription]:
    """Return the function's subscriptions, one a topic or partition."""
    name = function.function.subscription_name
    return [found for topic in emulator.broker.topics.values() if (found := topic.subscriptions.get(name)) is not None]


def _backlog(emulator: Emulator, subscriptions: list[Subscription]) -> dict[str, dict[str, int]]:
    """Return the backlog by topic and subscription, the partitions of a topic together."""
    backlog: dict[str, dict[str, int]] = {}
    for subscription in subscriptions:
        counted = backlog.setdefault(emulator.broker.whole_of(subscription.topic.name).full, {})
        counted[subscription.name] = counted.get(subscription.name, 0) + subscription.backlog
    return backlog
