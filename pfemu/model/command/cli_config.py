"""What ``pulsar-admin functions create`` and ``update`` make of their flags and a configuration file, before the worker sees it.

* A flag that is given replaces what the file says; a JSON flag replaces the whole map.
* ``--schema-type`` is empty unless given, and written all the same: it erases the file's ``outputSchemaType``.
* ``--forward-source-message-property`` is true unless given, and written all the same: it overrides the file's ``false``.
* Numbers in ``--user-config`` become doubles; those in a file stay as they are.
* The command works in its own directory, so a relative path names nothing.

Source: ``CmdFunctions.FunctionDetailsCommand`` (``mergeArgs``, ``processArguments``, ``validateFunctionConfigs``), picocli's converters.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Literal, TypeAlias, TypeVar

from pfemu.errors import ConfigError
from pfemu.model.command.cli_flags import (
    CHOICES,
    DEPRECATED,
    EMPTY_IS_A_MAP,
    INTEGER,
    JSON,
    KNOWN,
    LONG,
    RESOURCES,
    SHORT,
    TEXT,
    TEXT_UNLESS_BLANK,
    TRUTH,
    WINDOW,
)
from pfemu.model.configuration.config_parts import Resources, WindowConfig
from pfemu.model.configuration.config_reading import INT_BITS, LONG_BITS, Dropped
from pfemu.model.configuration.function_config import FunctionConfig
from pfemu.model.functions.function_registration import infer_name
from pfemu.model.functions.function_validation import is_package_url
from pfemu.model.gson.gson_config import read_flag_text
from pfemu.model.java_text import is_blank, quoted_names, split

FlagValue: TypeAlias = str | bool | int | float
Command: TypeAlias = Literal["create", "update"]
T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)

_WHOLE_NUMBER = re.compile(r"[+-]?\d+")
_FRACTION = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[dDfF]?|[+-]?(?:NaN|Infinity)", re.ASCII)

_replaced: Callable[..., FunctionConfig] = replace  # names and values are looked up, so no type checker can follow
_replaced_window: Callable[..., WindowConfig] = replace


def config_of_flags(
    flags: Mapping[str, FlagValue],
    *,
    exists: Callable[[str], bool],
    config_text: str | None = None,
    command: Command = "create",
    relative_paths: bool = False,
) -> FunctionConfig:
    """Return the configuration that the command sends to the worker.

    Args:
        flags: the flags given, by their names with or without dashes, as texts or already as values. An alias counts as its name.
        exists: tells whether a file exists.
        config_text: the text of the file that ``function-config-file`` names.
        command: ``update`` checks less, because what is left out stays as it is.
        relative_paths: take paths that do not begin with ``/``; the command, which works in its own directory, does not find them.

    Raises:
        ConfigError: with the first line that the command prints, in full.
    """
    given = _by_name(flags)
    for name, value in given.items():
        check_form(name, value)
    config = _file(config_text, str(given.get("function-config-file", "")))
    dropped: list[Dropped] = list(config.dropped)
    config = _replaced(config, **_identity(given), **_values(given, dropped))
    config = _packages(_parts(config, given), given)
    config = _inferred(config, command)
    if command == "create":
        _check_packages(config, lambda path: (relative_paths or path.startswith("/")) and exists(path))
    return replace(_as_sent(config), dropped=tuple(dropped))


def _by_name(flags: Mapping[str, FlagValue]) -> dict[str, FlagValue]:
    given: dict[str, FlagValue] = {}
    older: dict[str, FlagValue] = {}
    for flag, value in flags.items():
        name = flag.lstrip("-")
        name = SHORT.get(name, name)
        if name in DEPRECATED:
            older[DEPRECATED[name]] = value
        elif name in KNOWN:
            given[name] = value
        else:
            raise ConfigError(f"Unknown option: '{flag}'")
    for name, value in older.items():
        present = given.get(name)
        if present is None or (isinstance(present, str) and is_blank(present)):
            given[name] = value
    return given


def _file(text: str | None, path: str) -> FunctionConfig:
    if text is None:
        return FunctionConfig()
    try:
        return FunctionConfig.from_yaml(text, path)
    except ConfigError as error:
        raise ConfigError(f"java.lang.IllegalArgumentException: {error}") from None


def _identity(given: Mapping[str, FlagValue]) -> dict[str, object]:
    """``--fqfn`` stands for all three names; beside it they are not looked at."""
    if "fqfn" not in given:
        return {}
    parts = split(str(given["fqfn"]), "/")
    if len(parts) != 3:
        raise ConfigError("Fully qualified function names (FQFNs) must be of the form tenant/namespace/name")
    return dict(zip(("tenant", "namespace", "name"), parts, strict=True))


def _values(given: Mapping[str, FlagValue], dropped: list[Dropped]) -> dict[str, object]:
    """Return the fields that one flag each writes."""
    values: dict[str, object] = {"output_schema_type": "", "forward_source_message_property": True}
    for name, value in given.items():
        if name in TEXT and not ("fqfn" in given and name in {"tenant", "namespace", "name"}):
            values[TEXT[name]] = _text(value)
        elif name in TEXT_UNLESS_BLANK and not is_blank(_text(value)):
            values[TEXT_UNLESS_BLANK[name]] = _text(value)
        elif name in TRUTH:
            values[TRUTH[name]] = _truth(name, value)
        elif name in INTEGER:
            values[INTEGER[name]] = _whole(name, value, INT_BITS)
        elif name in LONG:
            values[LONG[name]] = _whole(name, value, LONG_BITS)
        elif name in CHOICES:
            field, kind = CHOICES[name]
            values[field] = _choice(name, value, kind)
        elif name == "inputs":
            values["inputs"] = split(_text(value), ",")
    return values | _json_values(given, dropped)


def _json_values(given: Mapping[str, FlagValue], dropped: list[Dropped]) -> dict[str, object]:
    values: dict[str, object] = {}
    for name, (field, read) in JSON.items():
        if name in given:
            value, unknown = read_flag_text(_text(given[name]), read)
            values[field] = {} if value is None and name in EMPTY_IS_A_MAP else value
            dropped += [Dropped((name, *each.path), each.value, each.choices, is_field=True) for each in unknown]
    return values


def check_form(name: str, value: FlagValue) -> None:
    """Refuse a value that picocli cannot convert, which it finds out before the command looks at any.

    Raises:
        ConfigError: with the line that is printed.
    """
    kind = DEPRECATED.get(name, name)
    if kind in TRUTH:
        _truth(name, value)
    elif kind in INTEGER:
        _whole(name, value, INT_BITS)
    elif kind in LONG or kind in RESOURCES:
        _whole(name, value, LONG_BITS)
    elif kind in WINDOW:
        _whole(name, value, WINDOW[kind][1])
    elif kind in CHOICES:
        _choice(name, value, CHOICES[kind][1])
    elif kind == "cpu":
        _double(name, value)


def _parts(config: FunctionConfig, given: Mapping[str, FlagValue]) -> FunctionConfig:
    amounts: dict[str, int] = {field: _whole(name, given[name], LONG_BITS) for name, field in RESOURCES.items() if name in given}
    resources = config.resources
    if amounts or "cpu" in given:
        resources = resources or Resources()
        cpu = _double("cpu", given["cpu"]) if "cpu" in given else resources.cpu
        resources = Resources(cpu, amounts.get("ram", resources.ram), amounts.get("disk", resources.disk))
    lengths = {field: _whole(name, given[name], bits) for name, (field, bits) in WINDOW.items() if name in given}
    window = _replaced_window(config.window_config or WindowConfig(), **lengths) if lengths else config.window_config
    return replace(config, resources=resources, window_config=window)


def _packages(config: FunctionConfig, given: Mapping[str, FlagValue]) -> FunctionConfig:
    if "jar" in given and "function-type" in given:
        raise ConfigError("Cannot specify both jar and function-type")
    function_type = given.get("function-type", config.function_type)
    return config if function_type is None else replace(config, jar=f"builtin://{function_type}")


def _inferred(config: FunctionConfig, command: Command) -> FunctionConfig:
    has_class = config.py is not None or (config.jar is not None and not config.jar.startswith("builtin://"))
    if command == "create" and has_class and not config.class_name:
        raise ConfigError("No Function Classname specified")
    name = config.name or infer_name(config.class_name)
    if not name:
        no_name = "java.lang.IllegalArgumentException: No Function name specified"
        raise ConfigError(no_name if command == "create" else "Function Name not provided")
    return replace(config, name=name, tenant=config.tenant or "public", namespace=config.namespace or "default")


def _check_packages(config: FunctionConfig, exists: Callable[[str], bool]) -> None:
    """Two kinds of package are taken together; only all three are not."""
    given = [not is_blank(package) for package in (config.jar, config.py, config.go)]
    beginning = "Either a Java jar or a Python file or a Go executable binary needs to be specified for the function."
    if all(given):
        raise ConfigError(f"{beginning} Cannot specify both.")
    if not any(given):
        raise ConfigError(f"{beginning} Please specify one.")
    for kind, package in (("jar file", config.jar), ("python file", config.py), ("go executable binary", config.go)):
        is_builtin = kind == "jar file" and (package or "").startswith("builtin://")
        if package and not is_blank(package) and not is_builtin and not is_package_url(package) and not exists(package):
            raise ConfigError(f"The specified {kind} does not exist")


def _as_sent(config: FunctionConfig) -> FunctionConfig:
    """Jackson writes what the worker reads: nulls in maps are left out, and numbers that JSON has not become text."""
    return FunctionConfig.from_json(config.to_json())


def _text(value: FlagValue) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _truth(name: str, value: FlagValue) -> bool:
    text = _text(value).lower()
    if text not in {"true", "false", ""}:  # what is empty is false
        raise ConfigError(f"Invalid value for option '--{name}': '{_text(value)}' is not a boolean")
    return text == "true"


def _whole(name: str, value: FlagValue, bits: int) -> int:
    text = _text(value)
    if not _WHOLE_NUMBER.fullmatch(text) or not -(1 << bits) <= int(text) < 1 << bits:
        kind = "an int" if bits == INT_BITS else "a long"
        raise ConfigError(f"Invalid value for option '--{name}': '{text}' is not {kind}")
    return int(text)


def _double(name: str, value: FlagValue) -> float:
    text = _text(value)
    if not _FRACTION.fullmatch(text.strip()):
        raise ConfigError(f"Invalid value for option '--{name}': '{text}' is not a double")
    return float(text.strip().rstrip("dDfF"))


def _choice(name: str, value: FlagValue, kind: type[StrEnum]) -> StrEnum:
    for each in kind:
        if each.value == value:
            return each
    names = quoted_names(each.value for each in kind)
    raise ConfigError(f"Invalid value for option '--{name}': expected one of {names} (case-sensitive) but was '{_text(value)}'")
