"""The flags that say what kind of cluster to behave as, and what they come to as one value."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pfemu.cli.options.flags import Command, WordOfSwitch, option, with_options
from pfemu.model.pulsar_version import DEFAULT_VERSION
from pfemu.runtime.runtimes import RUNTIMES, RuntimeName

if TYPE_CHECKING:
    from pfemu.ports import SecretsProvider
    from pfemu.runtime.state.state_service import StateService

DEFAULT_ADMIN_URL = "http://127.0.0.1:8080"
"""Where ``pulsar-admin`` looks, too."""


@dataclass(frozen=True, slots=True)
class ClusterSettings:
    """What cluster is emulated. ``strict``: what it takes without a word is refused. ``state_off``: it has no table service.

    ``secrets_provider``: a class path, as a worker's configuration names one; its ``init`` gets ``secrets_provider_config``.
    """

    pulsar_version: str = DEFAULT_VERSION
    strict: bool = False
    state_off: bool = False
    state_url: str | None = None
    metrics_port: int | None = None
    admin_port: int | None = None
    log_directory: Path | None = None
    runtime: RuntimeName = "thread"
    secrets_provider: str | None = None
    secrets_provider_config: object = field(default=None, repr=False)

    def state(self) -> StateService | None:
        """Return where functions keep their state, None for this process.

        Raises:
            StateError: there is no Redis at the URL.
        """
        if not self.state_off and self.state_url is None:
            return None
        from pfemu.runtime.state.state_service import StateService  # needed for these two alone

        return StateService(off=True) if self.state_off else StateService(url=self.state_url)

    def secrets(self, directory: Path) -> SecretsProvider | None:
        """Return where functions find their secrets, None for the text itself; a class of the user's is looked for in ``directory``.

        Raises:
            LoadError: there is no such class.
        """
        if self.secrets_provider is None:
            return None
        from pfemu.runtime.secrets import provider_for

        return provider_for(self.secrets_provider, self.secrets_provider_config, directory)


class ClusterCommand(click.Command):
    """Takes ``--state none`` and ``--reload=process`` beside plain flags: as click's optional values they would swallow the target."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the arguments."""
        return super().parse_args(ctx, _spelled_out(args))


def _spelled_out(args: Sequence[str]) -> list[str]:
    found: list[str] = []
    for argument in args:
        if argument == "none" and found[-1:] == ["--state"]:
            found[-1:] = ["--state-store", "none"]
        elif argument.startswith("--state="):
            found.extend(["--state-store", argument.removeprefix("--state=")])
        elif argument == "--reload=process":
            found.extend(["--reload", "--reload-process"])
        elif argument.startswith("--reload="):
            raise click.UsageError(f"Option '--reload' does not take a value but process, not {argument.removeprefix('--reload=')!r}.")
        else:
            found.append(argument)
    return found


_STRICTNESS = (
    option("pulsar-version", metavar="VERSION", default=DEFAULT_VERSION, help=f"Which Pulsar to behave as. [default: {DEFAULT_VERSION}]"),
    option("strict", is_flag=True, help="Refuse what a cluster takes and then ignores or trips on: warnings are errors."),
)
_SERVICES = (
    option(
        "state-store",
        cls=WordOfSwitch,
        switch="state",
        word="none",
        value="none",
        type=click.Choice(["memory", "none"]),
        default="memory",
        help="none (also: --state none): as without a state store.",
    ),
    option("runtime", type=click.Choice(RUNTIMES), help="process: each instance's code in a process of its own. [default: thread]"),
    option("state-url", metavar="URL", help="Keep state in the Redis at redis://host:port/db."),
    option("secrets-provider-classname", metavar="CLASS", help="What finds the secrets, as localrun takes it. [default: clear text]"),
    option("secrets-provider-config", metavar="JSON", help="What the init of that class gets."),
    option("admin-port", type=click.IntRange(0, 65535), metavar="PORT", help="Serve Pulsar's admin REST on 127.0.0.1; 0: any port."),
    option(
        "log-dir",
        type=click.Path(file_okay=False, path_type=Path),
        metavar="DIR",
        help="Write a log file for each instance below DIR, as a worker does.",
    ),
    option("metrics-port", type=click.IntRange(0, 65535), metavar="PORT", help="Serve metrics on 127.0.0.1 for Prometheus; 0: any port."),
)


def strictness_options(command: Command) -> Command:
    """Add the flags that say how to look at a configuration."""
    return with_options(command, _STRICTNESS)


def service_options(command: Command) -> Command:
    """Add the flags that say what runs beside the function."""
    return with_options(command, _SERVICES)


def cluster_settings(arguments: Mapping[str, Any]) -> ClusterSettings:
    """Return what the flags say."""
    state_off = arguments.get("state_store") == "none"
    if state_off and arguments["state_url"] is not None:
        raise click.UsageError("--state none keeps no state, and --state-url says where to keep it; give one.")
    provider, provider_config = arguments.get("secrets_provider_classname"), arguments.get("secrets_provider_config")
    if provider_config is not None and provider is None:
        raise click.UsageError("--secrets-provider-config is for a class: name it with --secrets-provider-classname.")
    return ClusterSettings(
        log_directory=arguments.get("log_dir"),
        runtime=_runtime(arguments),
        secrets_provider=provider,
        secrets_provider_config=None if provider_config is None else _json(provider_config),
        pulsar_version=arguments["pulsar_version"],
        strict=arguments["strict"],
        state_off=state_off,
        state_url=arguments.get("state_url"),
        metrics_port=arguments.get("metrics_port"),
        admin_port=arguments.get("admin_port"),
    )


def _runtime(arguments: Mapping[str, Any]) -> RuntimeName:
    by_process = bool(arguments.get("reload_process")) and arguments["reload"] is not False
    runtime: RuntimeName | None = arguments.get("runtime")
    if by_process and runtime == "thread":
        raise click.UsageError("--reload=process replaces a function's process, and --runtime thread gives it none; give one.")
    if (runtime == "process" or by_process) and arguments["debug"]:
        raise click.UsageError("--debug lets a debugger into this process, and the function is in another; debug it with --runtime thread.")
    return "process" if by_process else runtime or "thread"


def _json(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError as error:  # whose words tell the place, and nothing of what stands there
        raise click.UsageError(f"--secrets-provider-config takes JSON: {error}") from None
