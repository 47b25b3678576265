"""The flags of ``pulsar-admin functions create`` that ``pfemu run`` takes, spelled as there (``CmdFunctions.java``, 4.0).

Each is also the environment variable ``PFEMU_<FLAG>``. Values are handed on as text: what they mean, and what is refused, is decided by
:mod:`pfemu.model.command.cli_config`. ``--jar``, ``--go`` and ``--function-type`` are left out: such functions are not Python.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., object])


@dataclass(frozen=True, slots=True)
class Flag:
    """One flag. Without a ``metavar`` it stands alone."""

    name: str
    help: str
    metavar: str | None = None
    short: str | None = None

    @property
    def parameter(self) -> str:
        """Its name as a Python argument."""
        return self.name.replace("-", "_")


ADMIN_FLAGS = (
    Flag("inputs", "Input topics, separated by commas. [default: <name>-in]", "TOPICS", "-i"),
    Flag("topics-pattern", "Regular expression of the input topics of a namespace.", "REGEX"),
    Flag("output", "Output topic. [default: <name>-out]", "TOPIC", "-o"),
    Flag("log-topic", "Topic that gets what the function logs.", "TOPIC"),
    Flag("classname", "Class (function.Exclaim), or module of a plain process. [default: found in the file]", "NAME"),
    Flag("name", "Name of the function. [default: that of its class]", "NAME"),
    Flag("tenant", "Tenant of the function. [default: public]", "NAME"),
    Flag("namespace", "Namespace of the function. [default: default]", "NAME"),
    Flag("fqfn", "tenant/namespace/name in one.", "NAME"),
    Flag("function-config-file", "YAML file with the configuration; flags go over it.", "FILE"),
    Flag("user-config", "User config, a JSON object (its integers arrive as floats, as on a cluster).", "JSON"),
    Flag("secrets", "Secrets, a JSON object of name to value.", "JSON"),
    Flag("parallelism", "Number of instances.", "N"),
    Flag("processing-guarantees", "ATLEAST_ONCE, ATMOST_ONCE, MANUAL or EFFECTIVELY_ONCE.", "NAME"),
    Flag("auto-ack", "Whether messages are acknowledged for the function.", "true|false"),
    Flag("subs-name", "Name of the subscription. [default: tenant/namespace/name]", "NAME"),
    Flag("subs-position", "Latest or Earliest.", "NAME"),
    Flag("retain-ordering", "Process messages in order."),
    Flag("retain-key-ordering", "Process the messages of a key in order."),
    Flag("timeout-ms", "Redeliver what is not acknowledged after that time.", "MS"),
    Flag("custom-serde-inputs", "SerDe class of each input topic, a JSON object.", "JSON"),
    Flag("output-serde-classname", "SerDe class of the output.", "NAME"),
    Flag("schema-type", "Schema of the output: string, json, avro or a class.", "NAME", "-st"),
    Flag("custom-schema-inputs", "Schema of each input topic, a JSON object.", "JSON"),
    Flag("custom-schema-outputs", "Schema of each output topic, a JSON object.", "JSON"),
    Flag("input-specs", "Full settings of each input topic, a JSON object.", "JSON"),
    Flag("input-type-class-name", "Record class of the input.", "NAME"),
    Flag("output-type-class-name", "Record class of the output.", "NAME"),
    Flag("producer-config", "Settings of the output's producer, a JSON object.", "JSON"),
    Flag("batch-builder", "DEFAULT or KEY_BASED.", "NAME"),
    Flag("forward-source-message-property", "Whether outputs get the properties of their input.", "true|false"),
    Flag("cleanup-subscription", "Delete the subscription together with the function."),
    Flag("skip-to-latest", "Start at the latest message after a restart.", "true|false"),
    Flag("max-message-retries", "How often a message is tried.", "N"),
    Flag("dead-letter-topic", "Where messages go that were tried too often.", "TOPIC"),
    Flag("window-length-count", "Messages in a window.", "N"),
    Flag("window-length-duration-ms", "Length of a window.", "MS"),
    Flag("sliding-interval-count", "Messages after which the window slides.", "N"),
    Flag("sliding-interval-duration-ms", "Time after which the window slides.", "MS"),
    Flag("cpu", "Cores of an instance.", "CORES"),
    Flag("ram", "Memory of an instance.", "BYTES"),
    Flag("disk", "Disk of an instance.", "BYTES"),
    Flag("runtime-flags", "Flags of the runtime's process.", "TEXT"),
    Flag("custom-runtime-options", "Options of the cluster's runtime.", "TEXT"),
)


def environment_variable(name: str) -> str:
    """Return the variable that stands for a flag."""
    return f"PFEMU_{name.upper().replace('-', '_')}"


def option(name: str, *names: str, **settings: Any) -> Callable[[Command], Command]:  # noqa: ANN401 - click.option's own keywords
    """Return what adds an option to a command: ``name`` is its long name without dashes, ``reload/--no-reload`` for a switch."""
    return click.option(*names, f"--{name}", envvar=environment_variable(name.partition("/")[0]), **settings)


def with_options(command: Command, options: Sequence[Callable[[Command], Command]]) -> Command:
    """Add options to a command, so that its help has them in their order."""
    for add in reversed(options):
        command = add(command)
    return command


def admin_options(command: Command, *, short_names: bool = True) -> Command:
    """Add every flag of the table to a command; without ``short_names`` where the command has such letters of its own."""
    return with_options(command, [_admin_option(flag, short_names=short_names) for flag in ADMIN_FLAGS])


def _admin_option(flag: Flag, *, short_names: bool) -> Callable[[Command], Command]:
    short = [flag.short] if flag.short is not None and short_names else []
    kind = bool if flag.metavar is None else str
    return option(
        flag.name, *short, flag.parameter, type=kind, is_flag=flag.metavar is None, default=None, metavar=flag.metavar, help=flag.help
    )


class Switch(click.Option):
    """A flag that stands alone or with a word, ``--reload=process``. Its variable may hold the word: the flag is ``counts_as`` then."""

    def __init__(self, *args: Any, word: str, counts_as: bool, **settings: Any) -> None:  # noqa: ANN401 - click.Option's own
        super().__init__(*args, **settings)
        self._word = word
        self._counts_as = counts_as

    def resolve_envvar_value(self, ctx: click.Context) -> str | None:
        """Return what the variable says of the flag itself."""
        value = super().resolve_envvar_value(ctx)
        return str(self._counts_as) if value == self._word else value


class WordOfSwitch(click.Option):
    """The word of a switch as an option of its own, which has a variable of its own and takes ``value`` from that of the switch."""

    def __init__(self, *args: Any, switch: str, word: str, value: str, **settings: Any) -> None:  # noqa: ANN401 - click.Option's own
        super().__init__(*args, **settings)
        self._variable = environment_variable(switch)
        self._word = word
        self._value = value

    def resolve_envvar_value(self, ctx: click.Context) -> str | None:
        """Return what either variable says, its own first."""
        value = super().resolve_envvar_value(ctx)
        return self._value if value is None and os.environ.get(self._variable) == self._word else value


def given_flags(parameters: Mapping[str, str | bool | None]) -> dict[str, str | bool]:
    """Return the flags that were given, by their names in the table."""
    return {flag.name: value for flag in ADMIN_FLAGS if (value := parameters.get(flag.parameter)) is not None}
