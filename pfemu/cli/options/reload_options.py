"""The flags of hot reload and debugging, and what they come to as one value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import click

from pfemu.cli.options.flags import Command, Switch, WordOfSwitch, environment_variable


@dataclass(frozen=True, slots=True)
class ReloadSettings:
    """How saves are taken up. ``on`` None: on a terminal only."""

    on: bool | None = None
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    poll: bool = False
    redeliver: bool = True
    replay: int = 0
    replay_apply: bool = False
    debug_port: int | None = None

    def is_on(self, *, on_terminal: bool) -> bool:
        """Whether saves are watched for."""
        return on_terminal if self.on is None else self.on


def _option(*names: str, **settings: Any) -> Any:  # noqa: ANN401 - click.option's own
    return click.option(*names, envvar=environment_variable(names[0].partition("/")[0].removeprefix("--")), **settings)


_OPTIONS = (
    _option(
        "--reload/--no-reload",
        "reload",
        cls=Switch,
        word="process",
        counts_as=True,
        default=None,
        help="Take up each save while running; --reload=process: in a new process. [default: on a terminal]",
    ),
    _option(
        "--reload-process",
        cls=WordOfSwitch,
        switch="reload",
        word="process",
        value="true",
        is_flag=True,
        hidden=True,
        help="What --reload=process stands for.",
    ),
    _option("--reload-include", multiple=True, metavar="PATTERN", help="Further files that count, as data/*.json."),
    _option("--reload-exclude", multiple=True, metavar="PATTERN", help="Files that do not count."),
    _option("--reload-poll", is_flag=True, help="Look at the files again and again, as on a network's file system."),
    _option("--redeliver-on-reload/--no-redeliver-on-reload", default=True, help="Whether what failed comes again after a save."),
    _option("--replay", type=click.IntRange(0), default=0, metavar="N", help="After a save, show what it changes for the last N inputs."),
    _option("--replay-apply", is_flag=True, help="Send those inputs again, in place of showing what would come of it."),
    _option("--debug", is_flag=True, help="Wait for a debugger that speaks DAP (debugpy) before the function is loaded."),
    _option("--debug-port", type=click.IntRange(0, 65535), default=5678, metavar="PORT", help="Where it is waited for. [default: 5678]"),
)


def reload_options(command: Command) -> Command:
    """Add the flags to a command."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def reload_settings(arguments: Mapping[str, Any]) -> ReloadSettings:
    """Return what the flags say."""
    if arguments["replay_apply"] and not arguments["replay"]:
        raise click.UsageError("--replay-apply sends the last N inputs again: say how many with --replay N.")
    return ReloadSettings(
        on=arguments["reload"],
        include=arguments["reload_include"],
        exclude=arguments["reload_exclude"],
        poll=arguments["reload_poll"],
        redeliver=arguments["redeliver_on_reload"],
        replay=arguments["replay"],
        replay_apply=arguments["replay_apply"],
        debug_port=arguments["debug_port"] if arguments["debug"] else None,
    )
