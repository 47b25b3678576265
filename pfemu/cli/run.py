"""The ``run`` command: its arguments, and which kind of run they ask for."""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from pfemu.cli.options.cluster_options import ClusterCommand, cluster_settings, service_options, strictness_options
from pfemu.cli.options.flags import Command, Switch, admin_options, given_flags, option, with_options
from pfemu.cli.options.reload_options import reload_options, reload_settings
from pfemu.cli.options.settings import FunctionRequest, RunSettings
from pfemu.cli.planning import project_in
from pfemu.cli.running.standard_input import kept_from_functions

if TYPE_CHECKING:
    from pfemu.cli.reporting.screen import Screen

_EXAMPLES = """
Runs each TARGET, a function, between topics of an emulated Pulsar, in this process. What one writes another may read.

A TARGET is function.py, function.py:Class, package.module.Class, a .zip or .whl as a cluster takes it, or a function's YAML file;
or, alone, a project file, which has functions, topics and seeds of data, or a directory. Without a TARGET it is ./pfemu.yaml.

Without either but with --admin-port it waits for functions that `pfemu functions create` brings, until Ctrl-C.

On a terminal every line you type is a message. From a pipe or a file every line is one; outputs go to stdout, all else to stderr.

\b
Examples:
  pfemu run exclamation.py
  cat words.txt | pfemu run exclamation.py
  pfemu run word_count.py --input words.txt --state
  pfemu run router.py --input orders.jsonl --json | jq .event
  pfemu run greet.py --user-config '{"greeting": "Good morning"}'
  pfemu run functions.py:Greet --inputs a,b --output c --parallelism 2
  pfemu run function.yaml
  pfemu run --admin-port 8080
  pfemu run split.py count.yaml report.py:Report
  pfemu run pfemu.yaml

\b
Exit codes: 0 all is well, 1 the function failed on a message, 2 something cannot be
loaded or read, 3 the configuration is refused, 130 interrupted.

Every option is also an environment variable: --log-topic is PFEMU_LOG_TOPIC. The command line goes before the environment, the
environment before the configuration file.
"""
_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_INPUT = click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path)


_FUNCTION_OPTIONS = (
    click.argument("targets", nargs=-1, metavar="[TARGET]..."),
    option("py", metavar="FILE", help="The same as a TARGET, as pulsar-admin spells it."),
    option("user-config-file", type=_FILE, metavar="FILE", help="User config from a JSON or YAML file; integers stay integers."),
    option("secrets-file", type=_FILE, metavar="FILE", help="Secrets from a JSON or YAML file."),
    option("full-traceback", is_flag=True, help="Show the frames of the runtime, too."),
    option("color", type=click.Choice(["auto", "always", "never"]), default="auto", help="auto: on a terminal."),
)


def function_options(command: Command) -> Command:
    """Add what every command takes that is about a function, beside the flags of its configuration."""
    return with_options(command, _FUNCTION_OPTIONS)


@click.command("run", cls=ClusterCommand, help=_EXAMPLES, short_help="Run a function.")
@function_options
@option("input", "input_files", multiple=True, type=_INPUT, metavar="FILE", help="Read messages from FILE, line by line.")
@option("input-format", type=click.Choice(["auto", "text", "jsonl"]), default="auto", help="auto: JSON lines in a .jsonl, else text.")
@option("key-separator", metavar="TEXT", help="What stands before it in a line is the message's key.")
@option("to", metavar="TOPIC", help="Topic of lines that name none. [default: the first input of the first function]")
@option("all-outputs", is_flag=True, help="Print outputs that another function reads, too.")
@option("partitions", type=click.IntRange(1), metavar="N", help="Make the input topics with N partitions.")
@option("until-idle", is_flag=True, help="End when nothing is left to do; a terminal is not read.")
@option("json", "as_json", is_flag=True, help="One JSON object a line on stdout for all that happens.")
@option("state", "show_state", cls=Switch, word="none", counts_as=False, is_flag=True, help="Print the function's state at the end.")
@option("metrics", "show_metrics", is_flag=True, help="Print its metrics at the end, as Prometheus text.")
@option("log-level", type=click.Choice(_LEVELS, case_sensitive=False), default="INFO", help="Level of the function's logger.")
@option("progress/--no-progress", default=True, help="A bar for a long --input on a terminal.")
@strictness_options
@service_options
@reload_options
@admin_options
def run(**arguments: Any) -> None:  # noqa: ANN401 - click hands every option over by its name
    """Run a function."""
    settings = _settings(arguments)
    screen = _screen(settings)
    try:
        code = _start(settings, screen)
    except Exception as error:  # noqa: BLE001 - the edge: everything becomes a message and an exit code
        from pfemu.cli.start_errors import exit_code, explained

        screen.write(screen.styles.error(f"error: {explained(error, full_traceback=settings.full_traceback)}"))
        code = exit_code(error)
    sys.exit(code)


def _start(settings: RunSettings, screen: Screen) -> int:
    if settings.reload.debug_port is not None:
        from pfemu.cli.debugging import wait_for_debugger

        wait_for_debugger(settings.reload.debug_port, screen)
    with kept_from_functions() as stdin:
        return _run(settings, screen, stdin)


def _run(settings: RunSettings, screen: Screen, stdin: TextIO | None) -> int:
    if settings.functions == (FunctionRequest(),) and settings.cluster.admin_port is not None and project_in(Path()) is None:
        from pfemu.cli.running.serve import ServeRun

        return ServeRun(settings, screen).run()
    if stdin is not None and _is_interactive(settings, stdin):
        from pfemu.cli.prompt.terminal import TerminalRun

        return TerminalRun(settings, stdin).run()
    from pfemu.cli.debugging import breakpoints_without_prompt
    from pfemu.cli.running.pipe import PipeRun

    with breakpoints_without_prompt(stdin, is_read=not (settings.input_files or settings.until_idle)):
        return PipeRun(settings, screen, stdin).run()


def _is_interactive(settings: RunSettings, stdin: TextIO) -> bool:
    if settings.json or settings.until_idle or settings.input_files or os.environ.get("CI"):
        return False
    return stdin.isatty() and sys.stdout.isatty()


def _screen(settings: RunSettings) -> Screen:
    from pfemu.cli.reporting.screen import Screen
    from pfemu.cli.reporting.styles import Styles, wants_color

    return Screen(sys.stderr, Styles(on=wants_color(settings.color, sys.stderr)))


def function_settings(arguments: dict[str, Any], **settings: Any) -> RunSettings:  # noqa: ANN401 - whatever fields there are
    """Return the settings of a run of functions, with further ones as they are given."""
    return RunSettings(
        functions=_requests(arguments),
        full_traceback=arguments["full_traceback"],
        color=arguments["color"],
        **settings,
    )


def _requests(arguments: dict[str, Any]) -> tuple[FunctionRequest, ...]:
    targets, py = arguments["targets"], arguments["py"]
    if len(targets) > 1:
        _refuse_settings_of_one(arguments, len(targets))
        return tuple(FunctionRequest(target) for target in targets)
    target = next(iter(targets), None)
    if target and py and target != py:
        raise click.UsageError(f"TARGET ({target}) and --py ({py}) are two functions; give one.")
    if arguments["user_config"] and arguments["user_config_file"]:
        raise click.UsageError("--user-config and --user-config-file both give the user config; use one.")
    if arguments["secrets"] and arguments["secrets_file"]:
        raise click.UsageError("--secrets and --secrets-file both give the secrets; use one.")
    return (FunctionRequest(target or py, given_flags(arguments), arguments["user_config_file"], arguments["secrets_file"]),)


def _refuse_settings_of_one(arguments: dict[str, Any], count: int) -> None:
    """Refuse what can be meant for one function only.

    Raises:
        UsageError: it names the first of them.
    """
    given = [f"--{name}" for name in given_flags(arguments)]
    given += [f"--{name.replace('_', '-')}" for name in ("py", "user_config_file", "secrets_file") if arguments[name] is not None]
    if given:
        raise click.UsageError(
            f"{given[0]} configures one function, and {count} are given. "
            "Write each function's configuration into a file of its own, or all of them into one project file, pfemu.yaml."
        )


def _settings(arguments: dict[str, Any]) -> RunSettings:
    return function_settings(
        arguments,
        input_files=arguments["input_files"],
        input_format=arguments["input_format"],
        key_separator=arguments["key_separator"],
        to=arguments["to"],
        all_outputs=arguments["all_outputs"],
        partitions=arguments["partitions"],
        until_idle=arguments["until_idle"],
        json=arguments["as_json"],
        show_state=arguments["show_state"],
        show_metrics=arguments["show_metrics"],
        log_level=logging.getLevelNamesMapping()[arguments["log_level"].upper()],
        progress=arguments["progress"],
        reload=reload_settings(arguments),
        cluster=cluster_settings(arguments),
    )
