"""The flags of hot reload and debugging, and what they come to as one value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import click

from pfemu.cli.options.flags import Command, Switch, WordOfSwitch, option, with_options


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


_OPTIONS = (
    option(
        "reload/--no-reload",
        "reload",
        cls=Switch,
        word="process",
        counts_as=True,
        default=None,
        help="Take up each save while running; --reload=process: in a new process. [default: on a terminal]",
    ),
    option(
        "reload-process",
        cls=WordOfSwitch,
        switch="reload",
        word="process",
        value="true",
        is_flag=True,
        hidden=True,
        help="What --reload=process stands for.",
    ),
    option("reload-include", multiple=True, metavar="PATTERN", help="Further files that count, as data/*.json."),
    option("reload-exclude", multiple=True, metavar="PATTERN", help="Files that do not count."),
    option("reload-poll", is_flag=True, help="Look at the files again and again, as on a network's file system."),
    option("redeliver-on-reload/--no-redeliver-on-reload", default=True, help="Whether what failed comes again after a save."),
    option("replay", type=click.IntRange(0), default=0, metavar="N", help="After a save, show what it changes for the last N inputs."),
    option("replay-apply", is_flag=True, help="Send those inputs again, in place of showing what would come of it."),
    option("debug", is_flag=True, help="Wait for a debugger that speaks DAP (debugpy) before the function is loaded."),
    option("debug-port", type=click.IntRange(0, 65535), default=5678, metavar="PORT", help="Where it is waited for. [default: 5678]"),
)


def reload_options(command: Command) -> Command:
    """Add the flags to a command."""
    return with_options(command, _OPTIONS)


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
