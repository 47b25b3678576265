"""From what a caller names to a configuration and code that can be loaded."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from pfemu.errors import ConfigError
from pfemu.function_settings import as_fields
from pfemu.model.configuration.choices import Runtime
from pfemu.model.configuration.function_config import FunctionConfig, changed
from pfemu.model.nearest_name import did_you_mean
from pfemu.model.warnings.function_warning import FunctionWarning
from pfemu.runtime.loader import LoadedFunction, load
from pfemu.runtime.runtimes import Load

_CONFIG_SUFFIXES = {".yaml", ".yml", ".json"}
_FIELDS = tuple(field.name for field in fields(FunctionConfig) if field.name != "dropped")
_COMMAND_SPELLINGS = {
    "classname": "class_name",
    "output_serde_classname": "output_serde_class_name",
    "schema_type": "output_schema_type",
    "subs_name": "sub_name",
    "subs_position": "subscription_position",
}


@dataclass(frozen=True, slots=True)
class FunctionSource:
    """A complete configuration, and how to load its code."""

    config: FunctionConfig
    load: Callable[[], LoadedFunction]
    written: FunctionConfig | None = None
    """The configuration as far as somebody wrote it, where ``config`` has more: what was filled in is no cause for a warning."""
    warnings: tuple[FunctionWarning, ...] = ()
    """What is to be said of how the configuration came about."""

    @property
    def fqfn(self) -> str:
        """``tenant/namespace/name``."""
        return f"{self.config.tenant}/{self.config.namespace}/{self.config.name}"


def function_source(source: object, settings: Mapping[str, Any], load_code: Load = load) -> FunctionSource:
    """Return configuration and code for a path, a dotted name, a class, a callable or a configuration; ``load_code`` loads the code.

    Raises:
        ConfigError: an unknown setting, or a configuration that cannot be read.
        LoadError: the code cannot be loaded.
    """
    config, code = _config_and_code(source, _named(settings))
    return _automatic(config, code, load_code) if config.class_name is None else _by_class_name(config, code, load_code)


def configuration_of(source: object, settings: Mapping[str, Any]) -> FunctionConfig:
    """Return the configuration as far as it is known before the code is loaded.

    Raises:
        ConfigError: an unknown setting, or a configuration that cannot be read.
    """
    return _config_and_code(source, _named(settings))[0]


def _named(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings by field name; spellings of the command line are accepted too."""
    named = {_COMMAND_SPELLINGS.get(name, name): value for name, value in settings.items()}
    for name in named:
        if name not in _FIELDS:
            raise ConfigError(_unknown(name))
    return as_fields(named)


def _unknown(name: str) -> str:
    hint = did_you_mean(name, [*_FIELDS, *_COMMAND_SPELLINGS])
    return f"a function has no setting {name!r}{hint} The settings are: {', '.join(_FIELDS)}"


def _config_and_code(source: object, settings: dict[str, Any]) -> tuple[FunctionConfig, object]:
    if isinstance(source, FunctionConfig):
        return replace(source, **settings), source.py
    if isinstance(source, str | Path) and Path(source).suffix in _CONFIG_SUFFIXES:
        path = Path(source)
        config = replace(FunctionConfig.from_yaml(path.read_text(encoding="utf-8")), **settings)
        return config, None if config.py is None else path.parent / config.py
    return FunctionConfig(**settings), source


def _automatic(config: FunctionConfig, code: object, load_code: Load) -> FunctionSource:
    """Load first: the class that is found names the function."""
    loaded = load_code(code)
    config = _complete(config, loaded.class_name, code)
    return FunctionSource(config, _first_then_fresh(loaded))


def _by_class_name(config: FunctionConfig, code: object, load_code: Load) -> FunctionSource:
    """Load when an instance starts, as Pulsar does: a class that does not load leaves its subscription behind."""
    class_name = str(config.class_name)
    config = _complete(config, class_name, code)
    return FunctionSource(config, lambda: load_code(code, class_name))


def _complete(config: FunctionConfig, class_name: str, code: object) -> FunctionConfig:
    """Fill in what the command line fills in (``inferMissingFunctionName`` and its neighbours)."""
    return changed(
        config,
        runtime=config.runtime or Runtime.PYTHON,
        class_name=class_name,
        tenant=config.tenant or "public",
        namespace=config.namespace or "default",
        name=config.name or class_name.rpartition(".")[2],
        py=config.py or (str(code) if isinstance(code, str | Path) else class_name),
    )


def _first_then_fresh(loaded: LoadedFunction) -> Callable[[], LoadedFunction]:
    """Return a loader that hands out what is loaded already once, and loads afresh from then on."""
    waiting, code = [loaded], loaded.code  # not the load itself: its modules would outlive every reload
    return lambda: waiting.pop() if waiting else code.load()
