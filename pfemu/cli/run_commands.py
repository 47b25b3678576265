"""What the commands at the prompt of ``pfemu run`` do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from pfemu.cli.commands_prompt import CommandRefusedError, PromptCommand
from pfemu.cli.summary import exported_metrics
from pfemu.cli.summary_text import state_lines

if TYPE_CHECKING:
    from pfemu.cli.reloading import Reloading
    from pfemu.cli.session import Session
    from pfemu.cli.styles import Styles
    from pfemu.emulator import Emulator
    from pfemu.scheduling.movable import MovableScheduler

_CLEAR = "\x1b[2J\x1b[H"


def run_commands(session: Session, scheduler: MovableScheduler, reloading: Reloading | None, styles: Styles) -> list[PromptCommand]:
    """Return the commands of a run."""
    function = session.function

    def on_owner(look: Callable[[], Iterable[str]]) -> Callable[[str], Iterable[str]]:
        return lambda _argument: scheduler.call(lambda: list(look()))

    return [
        PromptCommand("replay", "r", "What the last N inputs come to on the code as it is now", partial(_replay, reloading), "[N]"),
        PromptCommand(
            "topics", "t", "Topics, and what their subscriptions have not acknowledged", on_owner(lambda: topic_lines(session.emulator))
        ),
        PromptCommand("state", "s", "State and counters", on_owner(lambda: state_lines(function.state, function.counters, styles))),
        PromptCommand(
            "metrics", "m", "Metrics, as Prometheus text", on_owner(lambda: exported_metrics(session.emulator, function).splitlines())
        ),
        PromptCommand("advance", "a", "Skip time, as 60 or 1.5 seconds", partial(_advance, scheduler), "SECONDS"),
        PromptCommand("reload", "l", "Load the code again", partial(_reload, reloading)),
        PromptCommand("clear", "c", "Clear the screen", lambda _argument: [_CLEAR]),
    ]


def topic_lines(emulator: Emulator) -> Iterator[str]:
    """Yield the topics with their backlogs."""
    for name, topic in sorted(emulator.broker.topics.items()):
        named = {each.name: each.backlog for each in topic.subscriptions.values() if not each.name.startswith("reader-")}
        backlogs = ", ".join(f"{subscription} {backlog:,}" for subscription, backlog in named.items())
        yield f"{name}{f'  backlog: {backlogs}' if backlogs else ''}"


def _advance(scheduler: MovableScheduler, argument: str) -> Iterable[str]:
    try:
        seconds = float(argument)
        scheduler.advance(round(seconds * 1000))
    except (ValueError, OverflowError):
        raise CommandRefusedError(f"{argument!r} is no number of seconds, 0 or more; as in :advance 60") from None
    return [f"{seconds:g} s later"]


def _reload(reloading: Reloading | None, _argument: str) -> Iterable[str]:
    _needed(reloading).reload()
    return []


def _replay(reloading: Reloading | None, argument: str) -> Iterable[str]:
    try:
        count = int(argument) if argument else None
    except ValueError:
        raise CommandRefusedError(f"{argument!r} is no number of inputs; as in :replay 5") from None
    return _needed(reloading).replay(count)


def _needed(reloading: Reloading | None) -> Reloading:
    if reloading is None:
        raise CommandRefusedError("reloading is off: start without --no-reload")
    return reloading
