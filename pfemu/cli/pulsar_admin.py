"""``pulsar-admin functions``: what the command makes of its arguments and prints, over the admin API (``CmdFunctions.java``).

A translator: arguments in, calls of the admin API, an exit code and lines out. Where the calls go is the caller's business.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias, cast
from urllib.parse import quote

from pfemu.admin.answer import Answer
from pfemu.admin.request import Part, Request
from pfemu.cli.java_json import gson_lines, jackson_lines, shown_config
from pfemu.errors import ConfigError
from pfemu.model.cli_config import Command, FlagValue, config_of_flags
from pfemu.model.cli_flags import DEPRECATED, KNOWN, SHORT, TRUTH
from pfemu.model.config_reading import JsonValue
from pfemu.model.function_config import FunctionConfig
from pfemu.model.function_validation import is_package_url
from pfemu.model.gson_config import GsonSyntaxError

Flags: TypeAlias = "dict[str, FlagValue]"
_SUCCESS = {
    "create": "Created successfully",
    "update": "Updated successfully",
    "delete": "Deleted successfully",
    "restart": "Restarted successfully",
    "stop": "Stopped successfully",
    "start": "Started successfully",
}
_SHORT = {"-k": "--key", "-s": "--state"}
_OF_ONE_FUNCTION = {"--tenant", "--namespace", "--name", "--fqfn"}
_FLAGS_OF: dict[str, set[str]] = {
    "list": {"--tenant", "--namespace"},
    "get": _OF_ONE_FUNCTION,
    "delete": _OF_ONE_FUNCTION,
    **dict.fromkeys(("start", "stop", "restart", "status", "getstatus", "stats"), _OF_ONE_FUNCTION | {"--instance-id"}),
    "trigger": _OF_ONE_FUNCTION | {"--trigger-value", "--trigger-file", "--topic"},
    "querystate": _OF_ONE_FUNCTION | {"--key"},
    "putstate": _OF_ONE_FUNCTION | {"--state"},
}
_OF_A_CONFIGURATION = KNOWN | DEPRECATED.keys() | SHORT.keys()
_KNOWN_OF: dict[str, Container[str]] = {
    "create": _OF_A_CONFIGURATION - {"update-auth-data"},
    "update": _OF_A_CONFIGURATION,
    **{command: {flag.lstrip("-") for flag in flags} for command, flags in _FLAGS_OF.items()},
}
COMMANDS = tuple(_KNOWN_OF)
_NEITHER_NAME = "You must specify a name for the function or a Fully Qualified Function Name (FQFN)"
_BOTH_NAMES = "You must specify either a Fully Qualified Function Name (FQFN) or tenant, namespace, and function name"
_BAD_FQFN = "Fully qualified function names (FQFNs) must be of the form tenant/namespace/name"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the command ends with."""

    exit_code: int = 0
    stdout: Sequence[str] = ()
    stderr: Sequence[str] = ()


class _Refused(Exception):  # noqa: N818 - the command's own end
    """The command ends without asking, or was refused."""

    def __init__(self, *lines: str) -> None:
        super().__init__(lines[0])
        self.lines = lines


class FunctionsCommand:
    """Runs ``functions`` commands; ``call`` makes a call of the admin API."""

    def __init__(self, call: Callable[[Request], Answer]) -> None:
        self._call = call

    def run(self, arguments: Sequence[str]) -> Outcome:
        """Run ``<command> --flag value ...`` and return what it ends with."""
        command, *rest = arguments or ("",)
        if command not in COMMANDS:
            return Outcome(1, stderr=[f"Unmatched argument at index 1: '{command}'"])
        try:
            return Outcome(stdout=self._run(command, _flags(rest, _KNOWN_OF[command])))
        except GsonSyntaxError as error:
            return Outcome(1, stderr=error.stderr)
        except ConfigError as error:
            return Outcome(1, stderr=str(error).split("\n"))
        except _Refused as error:
            return Outcome(1, stderr=error.lines)

    def _run(self, command: str, flags: Flags) -> list[str]:
        if command in {"create", "update"}:
            return self._deploy(cast("Command", command), flags)
        if command == "list":
            return [str(name) for name in cast("list[str]", self._json("GET", _path(flags, "tenant", "namespace")))]
        path = "/".join(["/admin/v3/functions", *(quote(part, safe="") for part in _name(flags))])
        if command in {"start", "stop", "restart"}:
            self._ask(Request("POST", f"{path}{_instance(flags)}/{command}"))
            return [_SUCCESS[command]]
        if command in {"status", "getstatus", "stats"}:
            return jackson_lines(self._json("GET", f"{path}{_instance(flags)}/{'stats' if command == 'stats' else 'status'}"))
        return getattr(self, f"_{command}")(path, flags)  # type: ignore[no-any-return] # one of the methods below

    def _deploy(self, command: Command, flags: Flags) -> list[str]:
        file = flags.get("--function-config-file")
        text = None if file is None else _text_of(str(file))
        config = config_of_flags(flags, exists=lambda path: Path(path).is_file(), config_text=text, command=command)
        parts = {"functionConfig": Part(json.dumps(config.to_json()).encode()), **_package(config)}
        if command == "update" and "--update-auth-data" in flags:
            parts["updateOptions"] = Part(b'{"updateAuthData": true}')
        names = (str(config.tenant), str(config.namespace), str(config.name))
        path = "/".join(["/admin/v3/functions", *(quote(name, safe="") for name in names)])
        self._ask(Request("POST" if command == "create" else "PUT", path, parts=parts))
        return [_SUCCESS[command]]

    def _get(self, path: str, _flags: Flags) -> list[str]:
        return gson_lines(shown_config(cast("Mapping[str, JsonValue]", self._json("GET", path))))

    def _delete(self, path: str, _flags: Flags) -> list[str]:
        self._ask(Request("DELETE", path))
        return [_SUCCESS["delete"]]

    def _trigger(self, path: str, flags: Flags) -> list[str]:
        value, file = flags.get("--trigger-value"), flags.get("--trigger-file")
        if value is None and file is None:
            raise _Refused("Either a trigger value or a trigger filepath needs to be specified")
        parts = {"data": Part(str(value).encode())} if file is None else {"dataStream": Part(Path(str(file)).read_bytes(), str(file))}
        if "--topic" in flags:
            parts["topic"] = Part(str(flags["--topic"]).encode())
        body = self._ask(Request("POST", f"{path}/trigger", parts=parts)).body.decode("utf-8", "replace")
        return body.strip().splitlines()

    def _querystate(self, path: str, flags: Flags) -> list[str]:
        if "--key" not in flags:
            raise _Refused("State key needs to be specified")
        return gson_lines(self._json("GET", f"{path}/state/{quote(str(flags['--key']), safe='')}"))

    def _putstate(self, path: str, flags: Flags) -> list[str]:
        if "--state" not in flags:
            raise _Refused("The state needs to be specified")
        state = str(flags["--state"])
        try:
            key = json.loads(state)["key"]
        except (ValueError, KeyError, TypeError):
            raise _Refused(_unreadable_state(state)) from None
        self._ask(Request("POST", f"{path}/state/{quote(str(key), safe='')}", parts={"state": Part(state.encode())}))
        return []

    def _json(self, method: str, path: str) -> JsonValue:
        value: JsonValue = json.loads(self._ask(Request(method, path)).body)
        return value

    def _ask(self, request: Request) -> Answer:
        """Make a call.

        Raises:
            _Refused: in the lines that the command prints.
        """
        answer = self._call(request)
        if answer.status < 400:
            return answer
        try:
            text = str(json.loads(answer.body)["reason"])
        except (ValueError, KeyError, TypeError):
            text = f"HTTP {answer.status}"
        raise _Refused(*text.split("\n"), "", f"Reason: {text}")


def _flags(arguments: Sequence[str], known: Container[str]) -> Flags:
    """Return the flags by name as given; a flag of truth stands alone or before ``true`` or ``false``."""
    flags: Flags = {}
    unmatched: list[str] = []
    waiting = list(arguments)
    while waiting:
        argument = waiting.pop(0)
        flag, separator, value = argument.partition("=")
        flag = _SHORT.get(flag, flag)
        if flag.lstrip("-") not in known or not flag.startswith("-"):
            unmatched.append(argument)
        elif separator:
            flags[flag] = value
        elif flag.lstrip("-") in TRUTH or flag == "--update-auth-data":
            flags[flag] = waiting.pop(0) if waiting and waiting[0] in {"true", "false"} else True
        else:
            flags[flag] = _value_of(flag, waiting)
    if unmatched:
        named = ", ".join(f"'{argument}'" for argument in unmatched)
        raise _Refused(f"Unknown option{'s' if len(unmatched) > 1 else ''}: {named}")
    return flags


def _value_of(flag: str, waiting: list[str]) -> str:
    if not waiting:
        raise _Refused(f"Missing required parameter for option '{flag}'")
    if waiting[0].startswith("--"):
        raise _Refused(f"Expected parameter for option '{flag}' but found '{waiting[0]}'")
    return waiting.pop(0)


def _unreadable_state(state: str) -> str:
    """Return Jackson's words for an object that does not go on as one, our own for anything else."""
    if re.match(r"\s*\{\s*[^\s\"}]", state) is None:
        return f"not the JSON of a state with a key: {state}"
    character = state.partition("{")[2].lstrip()[0]
    found = f"Unexpected character ('{character}' (code {ord(character)}))"
    return f"com.fasterxml.jackson.core.JsonParseException: {found}: was expecting double-quote to start field name"


def _name(flags: Flags) -> tuple[str, str, str]:
    """Return tenant, namespace and name of the function that flags name."""
    fqfn, name = flags.get("--fqfn"), flags.get("--name")
    if fqfn is None and name is None:
        raise _Refused(f"java.lang.RuntimeException: {_NEITHER_NAME}")
    if fqfn is None:
        return str(flags.get("--tenant", "public")), str(flags.get("--namespace", "default")), str(name)
    if len(flags.keys() & _OF_ONE_FUNCTION) > 1:
        raise _Refused(f"java.lang.RuntimeException: {_BOTH_NAMES}")
    parts = str(fqfn).split("/")
    if len(parts) != 3:
        raise _Refused(f"java.lang.RuntimeException: {_BAD_FQFN}")
    return parts[0], parts[1], parts[2]


def _path(flags: Flags, *names: str) -> str:
    defaults = {"tenant": "public", "namespace": "default"}
    return "/".join(["/admin/v3/functions", *(quote(str(flags.get(f"--{name}", defaults[name])), safe="") for name in names)])


def _instance(flags: Flags) -> str:
    return f"/{quote(str(flags['--instance-id']), safe='')}" if "--instance-id" in flags else ""


def _package(config: FunctionConfig) -> dict[str, Part]:
    """Return the part that brings the code: an address, or the file itself; none for an update without one."""
    file = config.jar or config.py or config.go
    if file is None:
        return {}
    if is_package_url(file):
        return {"url": Part(file.encode())}
    return {"data": Part(Path(file).read_bytes(), Path(file).name)}


def _text_of(file: str) -> str:
    try:
        return Path(file).read_text(encoding="utf-8")
    except OSError:
        raise _Refused(f"java.lang.IllegalArgumentException: {file} (No such file or directory)") from None
