"""``pulsar-admin functions``: what the command makes of its arguments and prints, over the admin API (``CmdFunctions.java``).

A translator: arguments in, calls of the admin API, an exit code and lines out. Where the calls go is the caller's business.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast
from urllib.parse import quote

from pfemu.admin.answer import Answer
from pfemu.admin.request import JSON_TYPE, Part, Request
from pfemu.cli.pulsar_admin.admin_flags import COMMANDS, Flags, RefusedError, flags_of, name_of, required, usage_of
from pfemu.cli.pulsar_admin.java_json import gson_lines, jackson_lines, shown_config
from pfemu.errors import ConfigError
from pfemu.model.configuration.cli_config import Command, config_of_flags
from pfemu.model.configuration.config_reading import JsonValue
from pfemu.model.configuration.function_config import FunctionConfig
from pfemu.model.functions.function_validation import is_package_url
from pfemu.model.gson.gson_config import GsonSyntaxError

_FUNCTIONS = "/admin/v3/functions"
_SUCCESS = {
    "create": "Created successfully",
    "update": "Updated successfully",
    "delete": "Deleted successfully",
    "restart": "Restarted successfully",
    "stop": "Stopped successfully",
    "start": "Started successfully",
    "upload": "Uploaded successfully",
    "download": "Downloaded successfully",
}
_LOCAL_RUN = "localrun starts a function beside a cluster; here that is the run itself: pfemu run function.py"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the command ends with."""

    exit_code: int = 0
    stdout: Sequence[str] = ()
    stderr: Sequence[str] = ()


class FunctionsCommand:
    """Runs ``functions`` commands; ``call`` makes a call of the admin API.

    ``relative_paths``: files are looked for from the current directory; ``pulsar-admin`` works in its own and does not find them.
    """

    def __init__(self, call: Callable[[Request], Answer], *, relative_paths: bool = False) -> None:
        self._call = call
        self._relative_paths = relative_paths

    def run(self, arguments: Sequence[str]) -> Outcome:
        """Run ``<command> --flag value ...`` and return what it ends with."""
        command, *rest = arguments or ("",)
        try:
            return Outcome(stdout=self._said(command, rest))
        except GsonSyntaxError as error:
            return Outcome(1, stderr=error.stderr)
        except ConfigError as error:
            return Outcome(1, stderr=str(error).split("\n"))
        except RefusedError as error:
            return Outcome(1, stderr=error.lines)
        except OSError as error:
            return Outcome(1, stderr=[f"{error.filename} ({error.strerror})"])

    def _said(self, command: str, arguments: Sequence[str]) -> list[str]:
        if command == "localrun":
            raise RefusedError(_LOCAL_RUN)
        if command not in COMMANDS:
            raise RefusedError(f"Unmatched argument at index 1: '{command}'")
        if "--help" in arguments or "-h" in arguments:
            return usage_of(command)
        return self._run(command, flags_of(command, arguments))

    def _run(self, command: str, flags: Flags) -> list[str]:
        if command in {"create", "update"}:
            return self._deploy(cast("Command", command), flags)
        if command in {"upload", "download", "available-functions", "reload"}:
            return self._handle_file(command, flags)
        if command == "list":
            return [str(name) for name in cast("list[str]", self._json("GET", _path(flags, "tenant", "namespace")))]
        path = _path_of(name_of(flags))
        if command in {"start", "stop", "restart"}:
            self._ask(Request("POST", f"{path}{_instance(flags)}/{command}"))
            return [_SUCCESS[command]]
        if command in {"status", "getstatus", "stats"}:
            return jackson_lines(self._json("GET", f"{path}{_instance(flags)}/{'stats' if command == 'stats' else 'status'}"))
        return getattr(self, f"_{command}")(path, flags)  # type: ignore[no-any-return] # one of the methods below

    def _deploy(self, command: Command, flags: Flags) -> list[str]:
        file = flags.get("--function-config-file")
        text = None if file is None else _text_of(str(file))
        config = config_of_flags(
            flags, exists=lambda path: Path(path).is_file(), config_text=text, command=command, relative_paths=self._relative_paths
        )
        parts = {"functionConfig": _json_part(json.dumps(config.to_json())), **_package(config)}
        if command == "update" and "--update-auth-data" in flags:
            parts["updateOptions"] = _json_part('{"updateAuthData": true}')
        path = _path_of((str(config.tenant), str(config.namespace), str(config.name)))
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
            raise RefusedError("Either a trigger value or a trigger filepath needs to be specified")
        parts = {"data": Part(str(value).encode())} if file is None else {"dataStream": _file_part(str(file))}
        if "--topic" in flags:
            parts["topic"] = Part(str(flags["--topic"]).encode())
        body = self._ask(Request("POST", f"{path}/trigger", parts=parts)).body.decode("utf-8", "replace")
        return body.strip().splitlines()

    def _querystate(self, path: str, flags: Flags) -> list[str]:
        if "--key" not in flags:
            raise RefusedError("State key needs to be specified")
        return gson_lines(self._json("GET", f"{path}/state/{quote(str(flags['--key']), safe='')}"))

    def _putstate(self, path: str, flags: Flags) -> list[str]:
        if "--state" not in flags:
            raise RefusedError("The state needs to be specified")
        state = str(flags["--state"])
        try:
            key = json.loads(state)["key"]
        except (ValueError, KeyError, TypeError):
            raise RefusedError(_unreadable_state(state)) from None
        self._ask(Request("POST", f"{path}/state/{quote(str(key), safe='')}", parts={"state": _json_part(state)}))
        return []

    def _handle_file(self, command: str, flags: Flags) -> list[str]:
        """Run a command of what is kept beside functions: uploads, and what is built in."""
        if command == "upload":
            parts = {"path": Part(required(flags, "--path").encode()), "data": _file_part(required(flags, "--source-file"))}
            self._ask(Request("POST", f"{_FUNCTIONS}/upload", parts=parts))
        elif command == "download":
            self._download(Path(required(flags, "--destination-file")), flags)
        elif command == "reload":
            self._ask(Request("POST", f"{_FUNCTIONS}/builtins/reload"))
        else:
            return [str(name) for name in cast("list[str]", self._json("GET", f"{_FUNCTIONS}/builtins"))]
        return [_SUCCESS[command]] if command in _SUCCESS else []

    def _download(self, destination: Path, flags: Flags) -> None:
        if "--path" in flags:
            request = Request("GET", f"{_FUNCTIONS}/download", {"path": str(flags["--path"])})
        else:
            query = {"transform-function": "true"} if "--transform-function" in flags else {}
            request = Request("GET", f"{_path_of(name_of(flags))}/download", query)
        destination.write_bytes(self._ask(request).body)

    def _json(self, method: str, path: str) -> JsonValue:
        value: JsonValue = json.loads(self._ask(Request(method, path)).body)
        return value

    def _ask(self, request: Request) -> Answer:
        """Make a call.

        Raises:
            RefusedError: in the lines that the command prints.
        """
        answer = self._call(request)
        if answer.status < 400:
            return answer
        try:
            text = str(json.loads(answer.body)["reason"])
        except (ValueError, KeyError, TypeError):
            text = f"HTTP {answer.status}"
        raise RefusedError(*text.split("\n"), "", f"Reason: {text}")


def _unreadable_state(state: str) -> str:
    """Return Jackson's words for an object that does not go on as one, our own for anything else."""
    if re.match(r"\s*\{\s*[^\s\"}]", state) is None:
        return f"not the JSON of a state with a key: {state}"
    character = state.partition("{")[2].lstrip()[0]
    found = f"Unexpected character ('{character}' (code {ord(character)}))"
    return f"com.fasterxml.jackson.core.JsonParseException: {found}: was expecting double-quote to start field name"


def _path(flags: Flags, *names: str) -> str:
    defaults = {"tenant": "public", "namespace": "default"}
    return _path_of(str(flags.get(f"--{name}", defaults[name])) for name in names)


def _path_of(names: Iterable[str]) -> str:
    return "/".join([_FUNCTIONS, *(quote(name, safe="") for name in names)])


def _instance(flags: Flags) -> str:
    return f"/{quote(str(flags['--instance-id']), safe='')}" if "--instance-id" in flags else ""


def _package(config: FunctionConfig) -> dict[str, Part]:
    """Return the part that brings the code: an address, or the file itself; none for an update without one."""
    file = config.jar or config.py or config.go
    if file is None:
        return {}
    if is_package_url(file):
        return {"url": Part(file.encode())}
    return {"data": _file_part(file)}


def _json_part(text: str) -> Part:
    return Part(text.encode(), content_type=JSON_TYPE)


def _file_part(file: str) -> Part:
    return Part(Path(file).read_bytes(), Path(file).name)


def _text_of(file: str) -> str:
    try:
        return Path(file).read_text(encoding="utf-8")
    except OSError:
        raise RefusedError(f"java.lang.IllegalArgumentException: {file} (No such file or directory)") from None
