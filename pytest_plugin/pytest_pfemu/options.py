"""Ini keys, command line and header. This is loaded with every pytest run of the environment, so it imports nothing and does little."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pfemu.runtime.runtimes import RuntimeName

EMULATED_PULSAR = "4.0"
"""``pfemu.model.pulsar_version.DEFAULT_VERSION``, which is not loaded before it is needed."""

RUNTIMES = ("thread", "process")
"""``pfemu.runtime.runtimes.RUNTIMES``, as above."""

FINDINGS = {
    "exceptions": "the function raised, or a publish failed, and the test never looked",
    "unacknowledged": "input is left unacknowledged, or waits to be delivered again",
    "dead_letters": "a dead letter was never read",
    "error_logs": "a record of level ERROR or above was never looked at",
    "unused_faults": "a declared fault never struck",
    "unknown_topics": "a topic was read or sent to that nobody else knows, and one of nearly that name exists",
}
"""What a strict test fails for at its end."""

_INI = {
    "pfemu_strict": ("bool", True, "fail a test that leaves exceptions, unacknowledged input or the like behind unseen (default: true)"),
    "pfemu_allow": ("args", [], f"findings that fail no test: {' '.join(FINDINGS)}"),
    "pfemu_pulsar_version": ("string", EMULATED_PULSAR, "the Pulsar version to behave as; one that is not known is refused"),
    "pfemu_runtime": ("string", "thread", "where functions run: thread, in pytest's process, or process, each instance in one of its own"),
    "pfemu_step_limit": (
        "string",
        "200000",
        "how many steps of the emulator one line of a test may take before it is called an endless loop",
    ),
    "pfemu_golden_folder": ("string", "golden", "folder, beside the test file, in which golden files are kept"),
}
MARKER = (
    "pfemu(function=None, *, partitions=None, strict=None, allow=(), seed=None, pulsar_version=None, step_limit=None, runtime=None, "
    "**settings): what the fixtures of a test, class or module start from. function: what pulsar_function() without a source deploys, "
    "settings: its configuration (inputs, output, user_config, secrets, ...). partitions: a number for every input, or {topic: number}. "
    "strict, allow: whether and for what a test fails at its end. seed: shuffle by it. runtime: 'thread' or 'process'. The nearest marker "
    "wins, option by option. A class alone is given by name, function=Shout: pytest decorates what is a marker's only argument."
)


def add_options(parser: pytest.Parser) -> None:
    """Declare ini keys and the command line."""
    for name, (kind, default, text) in _INI.items():
        parser.addini(name, text, type=kind, default=default)  # type: ignore[arg-type] # one of pytest's literals
    group = parser.getgroup("pfemu", "Pulsar Functions")
    group.addoption("--pfemu-update", action="store_true", help="write golden files instead of comparing with them, and remove unused ones")
    group.addoption(
        "--pfemu-seed", type=int, metavar="N", help="run functions of parallel instances and partitions in the order of this seed"
    )
    group.addoption("--pfemu-no-strict", action="store_true", help="fail no test for what it leaves behind unseen")
    group.addoption("--pfemu-pulsar-version", metavar="VERSION", help="overrides the ini key pfemu_pulsar_version")
    group.addoption("--pfemu-runtime", choices=RUNTIMES, help="overrides the ini key pfemu_runtime")


def check_configuration(config: pytest.Config) -> None:
    """Refuse ini keys and options that ask for what there is not.

    Raises:
        pytest.UsageError: they do.
    """
    allow, limit = config.getini("pfemu_allow"), config.getini("pfemu_step_limit")
    version = pulsar_version(config)
    try:
        is_strict(config)
    except (ValueError, pytest.UsageError) as error:  # the second from pytest 9 on
        raise pytest.UsageError(f"pfemu: pfemu_strict is true or false: {error}") from None
    for name in allow:
        if name not in FINDINGS:
            raise pytest.UsageError(_no_finding(name))
    if not limit.isdecimal() or not int(limit):
        raise pytest.UsageError(f"pfemu: pfemu_step_limit is a number above 0, not {limit!r}")
    if runtime(config) not in RUNTIMES:
        raise pytest.UsageError(f"pfemu: pfemu_runtime is {' or '.join(RUNTIMES)}, not {runtime(config)!r}")
    if version != EMULATED_PULSAR:
        _check_version(version)


def _no_finding(name: str) -> str:
    from pfemu.model.nearest_name import did_you_mean

    hint = "; several stand apart by blanks." if "," in name else did_you_mean(name, FINDINGS, otherwise=".")
    return f"pfemu: pfemu_allow names no finding {name!r}{hint} There are: {', '.join(FINDINGS)}"


def pulsar_version(config: pytest.Config) -> str:
    """Return the Pulsar version that is asked for."""
    return str(config.getoption("pfemu_pulsar_version") or config.getini("pfemu_pulsar_version"))


def runtime(config: pytest.Config) -> RuntimeName:
    """Return where functions run, unless a marker says otherwise."""
    chosen: RuntimeName = config.getoption("pfemu_runtime") or config.getini("pfemu_runtime")
    return chosen


def _check_version(version: str) -> None:
    from pfemu.errors import ConfigError
    from pfemu.model.pulsar_version import release_line

    try:
        release_line(version)
    except ConfigError as error:
        raise pytest.UsageError(f"pfemu: {error}") from None


def header(config: pytest.Config) -> str:
    """Return the line of the report's header."""
    parts = [f"Pulsar {pulsar_version(config)}", "strict" if is_strict(config) else "not strict"]
    parts += ["functions in processes of their own"] if runtime(config) == "process" else []
    seed = config.getoption("pfemu_seed")
    parts += [f"shuffled by seed {seed}"] if seed is not None else []
    parts += ["golden files are written"] if config.getoption("pfemu_update") else []
    return f"pfemu: {', '.join(parts)}"


def is_strict(config: pytest.Config) -> bool:
    """Whether tests fail for what they leave behind unseen."""
    return bool(config.getini("pfemu_strict")) and not config.getoption("pfemu_no_strict")
