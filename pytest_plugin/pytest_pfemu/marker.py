"""What counts for a test: command line and ini keys, then the ``pfemu`` markers, the nearest last."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from pfemu.function_settings import FunctionSettings
from pfemu.model.nearest_name import did_you_mean
from pfemu.model.pulsar_version import release_line
from pytest_pfemu.options import EMULATED_PULSAR, FINDINGS, RUNTIMES, is_strict, pulsar_version, runtime

if TYPE_CHECKING:
    import pytest

    from pfemu.runtime.runtimes import RuntimeName

OWN_OPTIONS = ("function", "partitions", "strict", "allow", "seed", "pulsar_version", "step_limit")


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value: object) -> bool:
    return isinstance(value, int) and value > 0 and not isinstance(value, bool)


def _is_partitions(value: object) -> bool:
    return all(map(_is_number, value.values())) if isinstance(value, Mapping) else _is_number(value)


_VALUES: Mapping[str, tuple[str, Callable[[object], bool]]] = {
    "partitions": ("a number above 0 or {topic: number}", _is_partitions),
    "strict": ("True or False", lambda value: isinstance(value, bool)),
    "allow": ("a collection of findings, as ['exceptions']", lambda value: isinstance(value, list | tuple | set | frozenset)),
    "seed": ("a whole number", _is_whole),
    "pulsar_version": ("a text, as '4.0'", lambda value: isinstance(value, str)),
    "step_limit": ("a number above 0", _is_number),
}
"""What an option of the marker may be: in words, and how to tell."""


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
    pulsar_version: str = EMULATED_PULSAR
    runtime: RuntimeName = "thread"


def options_of(item: pytest.Item) -> Options:
    """Return what counts for a test.

    Raises:
        TypeError: a marker has an option there is not, or one of the wrong kind.
        ValueError: a marker's option has a value there is not.
        ConfigError: nothing is known of the Pulsar it names.
    """
    __tracebackhide__ = True
    config = item.config
    merged: dict[str, Any] = {}
    for marker in reversed(list(item.iter_markers("pfemu"))):
        merged.update(_of_marker(marker))
    settings = {name: value for name, value in merged.items() if name not in OWN_OPTIONS}
    own = {name: value for name, value in merged.items() if name in OWN_OPTIONS and value is not None}
    if settings.get("runtime") in RUNTIMES:
        own["runtime"] = settings.pop("runtime")
    allowed = frozenset({*config.getini("pfemu_allow"), *own.pop("allow", ())})
    found = Options(
        settings=settings,
        strict=is_strict(config),
        allow=allowed,
        seed=config.getoption("pfemu_seed"),
        step_limit=int(config.getini("pfemu_step_limit")),
        pulsar_version=pulsar_version(config),
        runtime=runtime(config),
    )
    return replace(found, **own)


def _of_marker(marker: pytest.Mark) -> dict[str, Any]:
    __tracebackhide__ = True
    given = dict(marker.kwargs)
    if len(marker.args) > 1 or (marker.args and "function" in given):
        raise TypeError(f"@pytest.mark.pfemu takes one function and options by name, not {', '.join(map(repr, marker.args))}")
    if marker.args:
        given["function"] = marker.args[0]
    known = known_options()
    for name, value in given.items():
        if name not in known:
            raise TypeError(unknown("@pytest.mark.pfemu", "option", name, known))
        if name in _VALUES:
            _check(name, value)
    _check_findings(given.get("allow") or ())
    if given.get("pulsar_version") is not None:
        release_line(given["pulsar_version"])
    return given


def check_partitions(value: object) -> None:
    """Refuse numbers of partitions that are none.

    Raises:
        TypeError: they are.
    """
    __tracebackhide__ = True
    _check("partitions", value)


def known_options() -> list[str]:
    """Return the options of the marker: its own, then the fields of a function's configuration."""
    return [*OWN_OPTIONS, *FunctionSettings.__annotations__]


def unknown(whose: str, kind: str, name: str, known: Iterable[str]) -> str:
    """Say that there is no such thing, what is nearest, and what there is."""
    names = list(known)
    hint = did_you_mean(name, names, otherwise=".")
    return f"{whose} has no {kind} {name!r}{hint} There are: {', '.join(names)}"


def _check(name: str, value: object) -> None:
    __tracebackhide__ = True
    words, fits = _VALUES[name]
    if value is not None and not fits(value):
        raise TypeError(f"{name} is {words}, not {value!r}")


def _check_findings(names: Iterable[str]) -> None:
    __tracebackhide__ = True
    for name in names:
        if name not in FINDINGS:
            raise ValueError(unknown("a strict test", "finding", name, FINDINGS))
