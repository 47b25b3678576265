"""What ``pfemu run`` was asked for, as one value."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from pfemu.cli.options.cluster_options import ClusterSettings
from pfemu.cli.options.reload_options import ReloadSettings
from pfemu.cli.reporting.styles import ColorChoice
from pfemu.runtime.runtimes import RuntimeName

InputFormat = Literal["auto", "text", "jsonl"]
STDIN = Path("-")


@dataclass(frozen=True, slots=True)
class FunctionRequest:
    """One function as it is asked for. ``flags`` are those of ``pulsar-admin functions create``, by name."""

    target: str | None = None
    """Code or a configuration file; None: the flags or the configuration say where the code is."""
    flags: Mapping[str, str | bool] = field(default_factory=dict, repr=False)
    user_config_file: Path | None = None
    secrets_file: Path | None = None
    directory: Path | None = None
    """Where the code is looked for first; None: in the configuration file's directory, or the current one."""
    config_text: str | None = field(default=None, repr=False)
    """A configuration that stands in another file, as a text of its own."""
    config_name: str = field(default="", compare=False)
    """What a refusal of that configuration calls it."""
    runtime: RuntimeName = field(default="thread", compare=False)
    """Where its code is loaded; the same for all functions of a run."""


@dataclass(frozen=True, slots=True)
class RunSettings:
    """The arguments of ``pfemu run``."""

    functions: tuple[FunctionRequest, ...] = ()
    input_files: tuple[Path, ...] = ()
    input_format: InputFormat = "auto"
    key_separator: str | None = None
    to: str | None = None
    """Topic of lines that name none; None: the first input of the first function."""
    all_outputs: bool = False
    partitions: int | None = None
    until_idle: bool = False
    json: bool = False
    show_state: bool = False
    show_metrics: bool = False
    full_traceback: bool = False
    log_level: int = logging.INFO
    color: ColorChoice = "auto"
    progress: bool = True
    reload: ReloadSettings = field(default_factory=ReloadSettings)
    cluster: ClusterSettings = field(default_factory=ClusterSettings)
