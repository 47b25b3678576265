"""What a test asks for: ini keys and command line, then the ``pfemu`` markers, the nearest last.

Nothing of pfemu is imported here before a test uses it: this is loaded with every pytest run of the environment.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

EMULATED_PULSAR = ("4.0", "4.0.8")
"""The Pulsar whose behaviour is emulated, and the release on which it was recorded."""

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
    "pfemu_pulsar_version": ("string", "", f"the Pulsar version the tests are written for; refused unless it is {EMULATED_PULSAR[0]}"),
    "pfemu_step_limit": (
        "string",
        "200000",
        "how many steps of the emulator one line of a test may take before it is called an endless loop",
    ),
    "pfemu_golden_folder": ("string", "golden", "folder, beside the test file, in which golden files are kept"),
}
_OWN_OPTIONS = ("function", "partitions", "strict", "allow", "seed", "pulsar_version", "step_limit")

MARKER = (
    "pfemu(function=None, *, partitions=None, strict=None, allow=(), seed=None, pulsar_version=None, step_limit=None, **settings): "
    "what the fixtures of a test, class or module start from. function: what pulsar_function() without a source deploys, settings: its "
    "configuration (inputs, output, user_config, secrets, ...). partitions: a number for every input, or {topic: number}. "
    "strict, allow: whether and for what a test fails at its end. seed: shuffle by it. The nearest marker wins, option by option."
)


@dataclass(frozen=True, slots=True)
class Options:
    """What counts for one test."""

    function: object = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    partitions: int | Mapping[str, int] | None = None
    strict: bool = True
    allow: frozenset[str] = frozenset()
    seed: int | None = None
    step_limit: int = 200_000


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


def check_configuration(config: pytest.Config) -> None:
    """Refuse ini keys and options that ask for what there is not.

    Raises:
        pytest.UsageError: they do.
    """
    try:
        _check_allow(config.getini("pfemu_allow"))
        _check_version(config.getoption("pfemu_pulsar_version") or config.getini("pfemu_pulsar_version"))
        _number("pfemu_step_limit", config.getini("pfemu_step_limit"))
    except (TypeError, ValueError) as error:
        raise pytest.UsageError(f"pfemu: {error}") from None


def header(config: pytest.Config) -> str:
    """Return the line of the report's header."""
    parts = [f"Pulsar {EMULATED_PULSAR[0]}", "strict" if _is_strict(config) else "not strict"]
    seed = config.getoption("pfemu_seed")
    parts += [f"shuffled by seed {seed}"] if seed is not None else []
    parts += ["golden files are written"] if config.getoption("pfemu_update") else []
    return f"pfemu: {', '.join(parts)}"


def _is_strict(config: pytest.Config) -> bool:
    return bool(config.getini("pfemu_strict")) and not config.getoption("pfemu_no_strict")


def options_of(item: pytest.Item) -> Options:
    """Return what counts for a test.

    Raises:
        TypeError: a marker has an option there is not, or one of the wrong kind.
        ValueError: a marker's option has a value there is not.
    """
    __tracebackhide__ = True
    config = item.config
    merged: dict[str, Any] = {}
    for marker in reversed(list(item.iter_markers("pfemu"))):
        merged.update(_of_marker(marker))
    settings = {name: value for name, value in merged.items() if name not in _OWN_OPTIONS}
    own = {name: value for name, value in merged.items() if name in _OWN_OPTIONS}
    _check_allow(own.get("allow", ()))
    _check_version(own.pop("pulsar_version", None))
    allowed = frozenset({*config.getini("pfemu_allow"), *own.pop("allow", ())})
    found = Options(
        settings=settings,
        strict=_is_strict(config),
        allow=allowed,
        seed=config.getoption("pfemu_seed"),
        step_limit=_number("pfemu_step_limit", config.getini("pfemu_step_limit")),
    )
    return replace(found, **{name: value for name, value in own.items() if value is not None})


def _of_marker(marker: pytest.Mark) -> dict[str, Any]:
    __tracebackhide__ = True
    given = dict(marker.kwargs)
    if len(marker.args) > 1 or (marker.args and "function" in given):
        raise TypeError(f"@pytest.mark.pfemu takes one function and options by name, not {', '.join(map(repr, marker.args))}")
    if marker.args:
        given["function"] = marker.args[0]
    known = known_options()
    for name in given:
        if name not in known:
            raise TypeError(unknown("@pytest.mark.pfemu", "option", name, known))
    return given


def known_options() -> list[str]:
    """Return the options of the marker: its own, then the fields of a function's configuration."""
    from pfemu.function_settings import FunctionSettings

    return [*_OWN_OPTIONS, *FunctionSettings.__annotations__]


def unknown(whose: str, kind: str, name: str, known: Iterable[str]) -> str:
    """Say that there is no such thing, what is nearest, and what there is."""
    from difflib import get_close_matches

    names = list(known)
    nearest = get_close_matches(name, names, n=1)
    hint = f"; did you mean {nearest[0]!r}?" if nearest else "."
    return f"{whose} has no {kind} {name!r}{hint} There are: {', '.join(names)}"


def _check_allow(names: Iterable[str]) -> None:
    if isinstance(names, str):
        raise TypeError(f"allow is a collection of findings, not the text {names!r}: allow=[{names!r}]")
    for name in names:
        if name not in FINDINGS:
            raise ValueError(unknown("a strict test", "finding", name, FINDINGS))


def _check_version(version: str | None) -> None:
    if version and version not in EMULATED_PULSAR:
        short, recorded = EMULATED_PULSAR
        raise ValueError(
            f"Pulsar {version} is asked for, but what is emulated is {short}, as recorded on {recorded}: ask for {short!r}, or nothing"
        )


def _number(name: str, text: str) -> int:
    if not text.isdecimal() or not int(text):
        raise ValueError(f"{name} is a number above 0, not {text!r}")
    return int(text)
