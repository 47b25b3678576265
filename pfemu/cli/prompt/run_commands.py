"""What the commands at the prompt of ``pfemu run`` do."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from pfemu.cli.prompt.commands_prompt import CommandRefusedError, PromptCommand
from pfemu.cli.reporting.summary_text import state_lines
from pfemu.cli.running.targets import named_target
from pfemu.errors import InputError
from pfemu.metrics.page import metrics_page

if TYPE_CHECKING:
    from pfemu.cli.reloading.run_reloading import Reloading
    from pfemu.cli.reporting.styles import Styles
    from pfemu.cli.running.pump import Sender
    from pfemu.cli.running.running_function import RunningFunction
    from pfemu.cli.running.session import Session
    from pfemu.emulator import Emulator
    from pfemu.scheduling.movable import MovableScheduler

_CLEAR = "\x1b[2J\x1b[H"


def run_commands(
    session: Session, scheduler: MovableScheduler, reloading: Reloading | None, sender: Sender, styles: Styles
) -> list[PromptCommand]:
    """Return the commands of a run; ``sender`` sends what is typed."""
    which = "[FUNCTION]" if session.several else ""

    def on_owner(look: Callable[[str], Iterable[str]]) -> Callable[[str], Iterable[str]]:
        return lambda argument: scheduler.call(lambda: list(look(argument)))

    return [
        PromptCommand("replay", "r", "What the last N inputs come to on the code as it is now", partial(_replay, reloading), "[N]"),
        PromptCommand(
            "topics",
            "t",
            "Topics, and what their subscriptions have not acknowledged",
            on_owner(lambda _argument: topic_lines(session.emulator)),
        ),
        PromptCommand("state", "s", "State and counters", on_owner(partial(_state, session, styles)), which),
        PromptCommand("metrics", "m", "Metrics, as Prometheus text", on_owner(partial(_metrics, session)), which),
        PromptCommand("to", "o", "Send what is typed to another topic", partial(_to, session, sender), "[TOPIC]"),
        PromptCommand("graph", "g", "Functions and their topics as a picture, with figures", on_owner(partial(_graph, session, styles))),
        PromptCommand("advance", "a", "Skip time, as 60 or 1.5 seconds", partial(_advance, scheduler), "SECONDS"),
        PromptCommand("reload", "l", "Load the code again", partial(_reload, reloading)),
        PromptCommand("clear", "c", "Clear the screen", lambda _argument: [_CLEAR]),
    ]


def _graph(session: Session, styles: Styles, _argument: str) -> Iterable[str]:
    from pfemu.cli.graph import paints
    from pfemu.cli.graphing import live_topology
    from pfemu.topology.terminal_picture import picture

    return picture(live_topology(session), shutil.get_terminal_size().columns, paints(styles))


def _state(session: Session, styles: Styles, argument: str) -> Iterator[str]:
    for function in _named(session, argument):
        yield from state_lines(function.handle.state, function.handle.counters, styles, function.name if session.several else "")


def _metrics(session: Session, argument: str) -> Iterator[str]:
    for function in _named(session, argument):
        yield from metrics_page(function.handle).splitlines()


def _named(session: Session, argument: str) -> list[RunningFunction]:
    """Return the function that is named, by its own name or in full; all of them where none is.

    Raises:
        CommandRefusedError: there is none of that name.
    """
    found = [each for each in session.functions if argument in {"", each.name, str(each.config.name)}]
    if not found:
        names = ", ".join(str(each.config.name) for each in session.functions)
        raise CommandRefusedError(f"there is no function {argument!r}; there are {names}")
    return found


def _to(session: Session, sender: Sender, argument: str) -> Iterable[str]:
    if argument:
        try:
            sender.target = named_target(argument, session.functions)
        except InputError as error:
            raise CommandRefusedError(str(error)) from None
    return [f"a line is a message to {'nobody' if sender.target is None else sender.target.full}"]


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
    if argument and not (argument.isdecimal() and int(argument)):
        raise CommandRefusedError(f"{argument!r} is no number of inputs; as in :replay 5")
    return _needed(reloading).replay(int(argument) if argument else None)


def _needed(reloading: Reloading | None) -> Reloading:
    if reloading is None:
        raise CommandRefusedError("reloading is off: start without --no-reload")
    return reloading
