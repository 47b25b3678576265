"""The pytest plugin of pfemu: fixtures, a marker, golden files and failure messages for tests of Pulsar Functions.

Pytest loads :mod:`pytest_pfemu.plugin` when pfemu is installed. What a test needs by name, for annotations, is here; each name is
loaded when it is first used, so that a run without such tests pays nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pytest_pfemu.golden import PulsarGolden
    from pytest_pfemu.pulsar_context import PulsarContext
    from pytest_pfemu.pulsar_function import PulsarFunction

__all__ = ["PulsarContext", "PulsarFunction", "PulsarGolden"]

_HOME = {
    "PulsarContext": "pytest_pfemu.pulsar_context",
    "PulsarFunction": "pytest_pfemu.pulsar_function",
    "PulsarGolden": "pytest_pfemu.golden",
}


def __getattr__(name: str) -> object:
    """Load a name from its home (PEP 562)."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(_HOME[name]), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
