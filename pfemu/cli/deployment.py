"""From flags, files and the target to a function that can be deployed.

Flags go over the configuration file, as in ``pulsar-admin functions create``. What only a command line on one's own machine can
leave out is filled in here: the class (looked for in the file), and without a configuration file the topics, named after the function.

Differs: a relative path of the code is taken from the configuration file's directory, then from the current one; pulsar-admin works
in its own directory and finds neither.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pfemu.cli.hidden_secrets import without_secrets
from pfemu.cli.options.settings import FunctionRequest
from pfemu.errors import ConfigError, InputError, LoadError
from pfemu.function_source import FunctionSource
from pfemu.model.command.cli_config import config_of_flags
from pfemu.model.command.cli_flags import JSON
from pfemu.model.configuration.config_reading import JsonValue
from pfemu.model.configuration.function_config import FunctionConfig
from pfemu.model.functions.function_validation import all_inputs
from pfemu.model.warnings.ignored_settings import ignored_by_command
from pfemu.registration import Registration
from pfemu.runtime.loader import LoadedFunction
from pfemu.runtime.runtimes import Load, loader_of

if TYPE_CHECKING:
    import yaml

_JSON_REFUSAL = "com.google.gson."
_URL = re.compile(r"\w+://")
_FORWARD = "forward-source-message-property"
_PLACEHOLDERS = {"py": "function.py", "classname": "function"}
CONFIG_SUFFIXES = (".yaml", ".yml", ".json")


@dataclass(frozen=True, slots=True)
class Deployment:
    """A function to deploy."""

    source: FunctionSource
    loading: Loading
    watched: tuple[Path, ...] = ()
    """Files beside the code that the function is made of."""
    directory: Path = field(default_factory=Path.cwd)
    """Where a relative path of the code is looked for first."""


class Loading:
    """Loads the function each time it is called, and keeps what it loaded last; ``first`` is loaded already.

    ``from_file`` looks for the code again as well: for a file that was another one when it was loaded first.
    """

    def __init__(
        self, load_afresh: Callable[[], LoadedFunction], from_file: Callable[[], LoadedFunction], first: LoadedFunction | None = None
    ) -> None:
        self._load = load_afresh
        self.from_file = from_file
        self._waiting = first
        self.last = first

    def __call__(self) -> LoadedFunction:
        """Load."""
        waiting, self._waiting = self._waiting, None
        self.last = waiting or self._load()
        return self.last


def deployment(request: FunctionRequest) -> Deployment:
    """Work out what to deploy.

    Raises:
        ConfigError: flags or file are refused, in the words of the command.
        InputError: a file cannot be read.
        LoadError: the code cannot be loaded.
    """
    config_file, target = _config_file(request)
    text = request.config_text if config_file is None else _read(config_file)
    in_file = FunctionConfig() if text is None else _from_yaml(text, str(config_file or request.config_name))
    code = _code(target, in_file)
    directory = request.directory if config_file is None else config_file.absolute().parent
    class_name = request.flags.get("classname") or in_file.class_name
    loading = _loading(code, None if class_name is None else str(class_name), directory, loader_of(request.runtime))
    flags = {**request.flags, "py": code}
    if loading.last is not None:
        flags["classname"] = loading.last.class_name
    if config_file is not None:
        flags["function-config-file"] = str(config_file)
    config = _with_files(_merged(flags, text), request)
    if text is None:
        config = with_default_topics(config)
    warnings = () if config_file is None else tuple(ignored_by_command(in_file, request.flags))
    source = FunctionSource(Registration(config, _written(config, in_file, request.flags)), loading, warnings)
    watched = tuple(path for path in (config_file, request.user_config_file, request.secrets_file) if path is not None)
    return Deployment(source, loading, watched, directory or Path.cwd())


def _code(target: str | None, in_file: FunctionConfig) -> str:
    code = target or in_file.py
    if code is None:
        raise LoadError(_no_function(in_file))
    if _URL.match(code):
        raise LoadError(
            f"The code is at {code}, where a cluster fetches it; pfemu fetches nothing.\nGive the file as well: --py function.py"
        )
    return code


def _no_function(in_file: FunctionConfig) -> str:
    other = "jar" if in_file.jar else "go" if in_file.go else ""
    if other:
        return f"The configuration names a function in {other!r}, and pfemu runs Python: 'py'."
    return (
        "No function is given.\n"
        "Say which: pfemu run function.py, or a configuration file with 'py'; or run it where a project file, pfemu.yaml, is."
    )


def _written(config: FunctionConfig, in_file: FunctionConfig, flags: Mapping[str, str | bool]) -> FunctionConfig:
    """Return what somebody wrote: the command writes ``forwardSourceMessageProperty`` whether it was given or not."""
    if _FORWARD in flags:
        return config
    return replace(config, forward_source_message_property=in_file.forward_source_message_property)


def _merged(flags: Mapping[str, str | bool], text: str | None) -> FunctionConfig:
    """Put the flags over the file, which is known to be readable, so that what is refused is a flag."""
    try:
        return config_of_flags(flags, exists=lambda _path: True, config_text=text, relative_paths=True)
    except ConfigError as error:
        raise InputError(_in_full(str(error), flags)) from None


def _with_files(config: FunctionConfig, request: FunctionRequest) -> FunctionConfig:
    """Have the files of one's own, which are no flags of the command, say the user config and the secrets."""
    if request.user_config_file is not None:
        config = replace(config, user_config=read_object(request.user_config_file))
    if request.secrets_file is not None:
        config = replace(config, secrets=read_object(request.secrets_file, show=False))
    return config


def _in_full(refusal: str, flags: Mapping[str, str | bool]) -> str:
    """Say which flag it was where the command, as here, does not."""
    if not refusal.startswith(_JSON_REFUSAL):
        return refusal
    for name in JSON:
        try:
            config_of_flags({name: flags.get(name, "{}"), **_PLACEHOLDERS}, exists=lambda _path: True, relative_paths=True)
        except ConfigError as error:
            if str(error) == refusal:
                return (
                    f"--{name} cannot be read: {refusal.rpartition('Exception: ')[2]}\n"
                    f"{_shown(name, str(flags[name]))}"
                    """It takes a JSON object. In a shell, put it between single quotes: '{"name": "value"}'."""
                )
    return refusal


def _shown(name: str, value: str) -> str:
    return "" if name == "secrets" else f"It is {value}\n"


def _config_file(request: FunctionRequest) -> tuple[Path | None, str | None]:
    """Return the configuration file and the code, of which the target may be either."""
    named = request.flags.get("function-config-file")
    if request.target is not None and request.target.endswith(CONFIG_SUFFIXES):
        if named is not None:
            raise InputError(f"{request.target} and --function-config-file {named} are two configuration files; give one.")
        return Path(request.target), None
    return (None if named is None else Path(str(named))), request.target


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"The file {path} cannot be read: {error}") from None


def _from_yaml(text: str, file_name: str) -> FunctionConfig:
    try:
        return FunctionConfig.from_yaml(text, file_name)
    except ConfigError as error:
        refusal = without_secrets(str(error), text)
        raise ConfigError(refusal if file_name in refusal else f"{file_name}: {refusal}") from None


def _loading(code: str, class_name: str | None, directory: Path | None, load: Load) -> Loading:
    """Return how the code is loaded; at once when its class is to be found first.

    With a class name an instance loads it when it starts, as on a cluster: what does not load leaves its subscription behind.
    """

    def from_file() -> LoadedFunction:
        return load(code, class_name, config_directory=directory)

    if class_name is not None:
        return Loading(from_file, from_file)
    first = from_file()
    return Loading(first.code.load, from_file, first)


def with_default_topics(config: FunctionConfig) -> FunctionConfig:
    """Name the topics after the function where none are given."""
    inputs = config.inputs if all_inputs(config) or config.topics_pattern else [f"{config.name}-in"]
    return replace(config, inputs=inputs, output=f"{config.name}-out" if config.output is None else config.output)


def read_object(path: Path, *, show: bool = True) -> dict[str, JsonValue]:
    """Read a JSON or YAML file that holds an object; ``show``: whether a refusal may show what stands in it.

    Raises:
        InputError: it does not.
    """
    import yaml  # only for who has such a file

    try:
        read = yaml.safe_load(_read(path))
    except yaml.YAMLError as error:
        raise InputError(f"The file {path} is neither YAML nor JSON: {error if show else _place(error)}") from None
    if not isinstance(read, dict) or not all(isinstance(key, str) for key in read):
        raise InputError(f"The file {path} must hold an object of names and values.")
    return read


def _place(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    return "it cannot be read" if mark is None else f"line {mark.line + 1}, column {mark.column + 1}"
