"""A configuration file for ``--function-config-file``, with the command's own words where it cannot be read (``CmdUtils.loadConfig``).

Only the first document of the file counts. A custom resource of function-mesh is translated first; the command knows nothing of those.
"""

import re
from collections.abc import Mapping
from dataclasses import replace

import yaml

from pfemu.errors import ConfigError, UnreadableConfigError
from pfemu.model.configuration.config_mesh import is_function_resource, is_resource, mesh_config
from pfemu.model.configuration.function_config import FunctionConfig
from pfemu.model.configuration.yaml_reading import Document, read_documents


def function_config_from_yaml(text: str, file_name: str) -> FunctionConfig:
    """Read a configuration file's text; errors name the file.

    Raises:
        ConfigError: with the words that ``pulsar-admin functions`` prints after the name of the Java exception.
    """
    documents = read_documents(text)
    document = next(documents)
    try:
        if is_resource(document.value):
            return _resource([document, *documents])
        return _plain(document)
    except UnreadableConfigError as error:
        raise ConfigError(_command_words(error, document, file_name)) from None


def _plain(document: Document) -> FunctionConfig:
    if document.broken:
        if document.value is not None:
            FunctionConfig.from_json(document.value, document.written)  # what stands before the place where it breaks is read before
        raise _unreadable(document.broken, document)
    if document.is_empty:
        raise ConfigError(f"No content to map due to end-of-input\n at {_source(document.end)}")
    return FunctionConfig.from_json(document.value, document.written)


def _unreadable(error: yaml.YAMLError | UnreadableConfigError, document: Document) -> ConfigError:
    if isinstance(error, UnreadableConfigError):
        return error
    return ConfigError(f"{_syntax_words(error)}\n at {_source(document.end)}")


def _resource(documents: list[Document]) -> FunctionConfig:
    for document in documents:
        if document.broken:
            raise _unreadable(document.broken, document)
        if isinstance(document.value, Mapping) and is_function_resource(document.value):
            value, of_the_cluster = mesh_config(document.value)
            config = FunctionConfig.from_json(value)
            return replace(config, dropped=(*config.dropped, *of_the_cluster))
    kinds = ", ".join(str(each.value.get("kind")) for each in documents if isinstance(each.value, Mapping))
    raise ConfigError(f"No function in the file: of function-mesh's resources, `kind: Function` is read; it has {kinds}")


def _command_words(error: UnreadableConfigError, document: Document, file_name: str) -> str:
    written = None if error is document.broken else document.written.get(error.path)
    line, column = (written.line, written.column) if written else document.end
    if error.invalid_format:
        return f"Failed to parse config file {file_name}. {error.original} on line: {line} column: {column}"
    if written and error.original.startswith("Numeric value"):
        line, column = written.end_line, written.end_column
    chain = f" (through reference chain: {error.chain})" if error.chain else ""
    return f"{error.original}\n at {_source((line, column))}{chain}"


def _source(position: tuple[int, int]) -> str:
    return f"[Source: (File); line: {position[0]}, column: {position[1]}]"


def _syntax_words(error: yaml.YAMLError) -> str:
    """Return PyYAML's complaint in the words of SnakeYAML."""
    if not isinstance(error, yaml.MarkedYAMLError):
        return "special characters are not allowed"
    lines: list[str] = []
    for words, mark in ((error.context, error.context_mark), (error.problem, error.problem_mark)):
        if words is not None:
            lines.append(_snake_words(words))
        if mark is not None:
            lines += [f" in 'reader', line {mark.line + 1}, column {mark.column + 1}:", mark.get_snippet() or "", ""]
    return "\n".join(line for line in lines[:-1] if line) + "\n"


def _snake_words(words: str) -> str:
    words = re.sub(r"but got '(.*)'$", r"but got \1", words)
    words = re.sub(r"found character '(.*)' that cannot start any token$", _cannot_start, words)
    words = re.sub(r"(escape sequence of \d+ hexadecimal numbers), but found ['\"](.*)['\"]$", r"\1, but found: \2", words)
    return re.sub(r"found unknown escape character '(.)'$", lambda found: f"found unknown escape character {_coded(found[1])}", words)


def _coded(character: str) -> str:
    return f"{character}({ord(character)})"


def _cannot_start(found: re.Match[str]) -> str:
    character = found[1].replace("\\t", "\\t(TAB)")
    return f"found character '{character}' that cannot start any token. (Do not use {character} for indentation)"
