"""From what a caller names to a configuration and code that can be loaded."""

from __future__ import annotations

import marshal
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from pfemu.errors import ConfigError
from pfemu.function_settings import as_fields
from pfemu.model.configuration.choices import Runtime
from pfemu.model.configuration.function_config import FunctionConfig
from pfemu.model.nearest_name import did_you_mean
from pfemu.model.warnings.function_warning import FunctionWarning
from pfemu.registration import Registration
from pfemu.runtime.loader import LoadedFunction, load
from pfemu.runtime.runtimes import Load

_CONFIG_SUFFIXES = {".yaml", ".yml", ".json"}
_FIELDS = tuple(field.name for field in fields(FunctionConfig) if field.name != "dropped")
_REMEMBERED = 256
_WITHOUT_REFERENCES = 2  # the version of marshal's format in which equal settings are equal bytes
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

    registration: Registration
    load: Callable[[], LoadedFunction]
    warnings: tuple[FunctionWarning, ...] = ()
    """What is to be said of how the configuration came about."""

    @property
    def config(self) -> FunctionConfig:
        """The configuration."""
        return self.registration.config

    @property
    def fqfn(self) -> str:
        """``tenant/namespace/name``."""
        return f"{self.config.tenant}/{self.config.namespace}/{self.config.name}"


@dataclass(frozen=True, slots=True)
class _Written:
    """What a caller wrote: a configuration, what the code is, and the settings as bytes if they alone make the configuration."""

    config: FunctionConfig
    code: object
    plain: bytes | None = None

    def registration(self, class_name: str) -> Registration:
        """Return the complete configuration, now that the name of the class is known."""
        py = str(self.code) if isinstance(self.code, str | Path) else class_name
        if self.plain is None:
            return Registration(_complete(self.config, class_name, py))
        return _registration_of_plain(self.plain, class_name, py)


def function_source(source: object, settings: Mapping[str, Any], load_code: Load = load) -> FunctionSource:
    """Return configuration and code for a path, a dotted name, a class, a callable or a configuration; ``load_code`` loads the code.

    Raises:
        ConfigError: an unknown setting, or a configuration that cannot be read.
        LoadError: the code cannot be loaded.
    """
    written = _written(source, settings)
    code, class_name = written.code, written.config.class_name
    if class_name is None:  # load first: the class that is found names the function
        loaded = load_code(code)
        return FunctionSource(written.registration(loaded.class_name), _first_then_fresh(loaded))
    # Load when an instance starts, as Pulsar does: a class that does not load leaves its subscription behind.
    return FunctionSource(written.registration(class_name), lambda: load_code(code, class_name))


def configuration_of(source: object, settings: Mapping[str, Any]) -> FunctionConfig:
    """Return the configuration as far as it is known before the code is loaded.

    Raises:
        ConfigError: an unknown setting, or a configuration that cannot be read.
    """
    return _written(source, settings).config


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


def _written(source: object, settings: Mapping[str, Any]) -> _Written:
    if isinstance(source, FunctionConfig):
        return _Written(replace(source, **_named(settings)), source.py)
    if isinstance(source, str | Path) and Path(source).suffix in _CONFIG_SUFFIXES:
        path, named = Path(source), _named(settings)
        config = replace(FunctionConfig.from_yaml(path.read_text(encoding="utf-8")), **named)
        return _Written(config, None if config.py is None else path.parent / config.py)
    plain = _plain(settings)
    return _Written(FunctionConfig(**_named(settings)) if plain is None else _config_of_plain(plain), source, plain)


def _plain(settings: Mapping[str, Any]) -> bytes | None:
    """Return settings as bytes, None if there is more among them than texts, numbers, lists and maps."""
    try:
        return marshal.dumps(dict(settings), _WITHOUT_REFERENCES)
    except ValueError:
        return None


@lru_cache(maxsize=_REMEMBERED)
def _config_of_plain(settings: bytes) -> FunctionConfig:
    return FunctionConfig(**_named(marshal.loads(settings)))  # noqa: S302 - our own bytes; copies, for a list of the caller may change


@lru_cache(maxsize=_REMEMBERED)
def _registration_of_plain(settings: bytes, class_name: str, py: str) -> Registration:
    return Registration(_complete(_config_of_plain(settings), class_name, py))


def _complete(config: FunctionConfig, class_name: str, py: str) -> FunctionConfig:
    """Fill in what the command line fills in (``inferMissingFunctionName`` and its neighbours)."""
    return replace(
        config,
        runtime=config.runtime or Runtime.PYTHON,
        class_name=class_name,
        tenant=config.tenant or "public",
        namespace=config.namespace or "default",
        name=config.name or class_name.rpartition(".")[2],
        py=config.py or py,
    )


def _first_then_fresh(loaded: LoadedFunction) -> Callable[[], LoadedFunction]:
    """Return a loader that hands out what is loaded already once, and loads afresh from then on."""
    waiting, code = [loaded], loaded.code  # not the load itself: its modules would outlive every reload
    return lambda: waiting.pop() if waiting else code.load()
