"""What counts for a test: command line and ini keys, then the ``pfemu`` markers, the nearest last."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from pfemu.function_settings import FunctionSettings
from pfemu.model.nearest_name import did_you_mean
from pytest_pfemu.options import EMULATED_PULSAR, FINDINGS, is_strict, pulsar_version

if TYPE_CHECKING:
    import pytest

OWN_OPTIONS = ("function", "partitions", "strict", "allow", "seed", "pulsar_version", "step_limit")


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
    settings = {name: value for name, value in merged.items() if name not in OWN_OPTIONS}
    own = {name: value for name, value in merged.items() if name in OWN_OPTIONS}
    _check_allow(own.get("allow", ()))
    allowed = frozenset({*config.getini("pfemu_allow"), *own.pop("allow", ())})
    found = Options(
        settings=settings,
        strict=is_strict(config),
        allow=allowed,
        seed=config.getoption("pfemu_seed"),
        step_limit=int(config.getini("pfemu_step_limit")),
        pulsar_version=pulsar_version(config),
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
    return [*OWN_OPTIONS, *FunctionSettings.__annotations__]


def unknown(whose: str, kind: str, name: str, known: Iterable[str]) -> str:
    """Say that there is no such thing, what is nearest, and what there is."""
    names = list(known)
    hint = did_you_mean(name, names, otherwise=".")
    return f"{whose} has no {kind} {name!r}{hint} There are: {', '.join(names)}"


def _check_allow(names: Iterable[str]) -> None:
    if isinstance(names, str):
        raise TypeError(f"allow is a collection of findings, not the text {names!r}: allow=[{names!r}]")
    for name in names:
        if name not in FINDINGS:
            raise ValueError(unknown("a strict test", "finding", name, FINDINGS))
