"""A local development emulator for Apache Pulsar Functions.

The names below are all that is promised; each is loaded when it is first used, so that ``import pfemu`` costs nothing and loads
neither ``pulsar`` nor any other heavy package.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pfemu.emulator import Emulator
    from pfemu.errors import ConfigError, EndlessLoopError, InputError, LoadError, PfemuError
    from pfemu.model.configuration.function_config import FunctionConfig

__version__ = "0.1.0"

__all__ = [
    "ConfigError",
    "Emulator",
    "EndlessLoopError",
    "FunctionConfig",
    "InputError",
    "LoadError",
    "PfemuError",
    "__version__",
]

_HOME = {
    "ConfigError": "pfemu.errors",
    "Emulator": "pfemu.emulator",
    "EndlessLoopError": "pfemu.errors",
    "FunctionConfig": "pfemu.model.configuration.function_config",
    "InputError": "pfemu.errors",
    "LoadError": "pfemu.errors",
    "PfemuError": "pfemu.errors",
}


def __getattr__(name: str) -> object:
    """Load a public name from its home (PEP 562) and keep it, so that this runs once for each."""
    home = _HOME.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
