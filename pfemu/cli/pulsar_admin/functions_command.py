"""``pulsar-admin functions``: what the command makes of its arguments and prints, over the admin API (``CmdFunctions.java``).

A translator: arguments in, calls of the admin API, an exit code and lines out. Where the calls go is the caller's business.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import cast

from pfemu.admin.answer import Answer
from pfemu.admin.request import JSON_TYPE, Part, Request
from pfemu.cli.pulsar_admin.admin_flags import OF_LOCAL_RUN, asks_for_help, command_line, name_of, needed, usage_of
from pfemu.cli.pulsar_admin.java_json import gson_lines, jackson_lines, shown_config, shown_state
from pfemu.cli.pulsar_admin.picocli import Flags, RefusedError
from pfemu.cli.pulsar_admin.state_text import key_of_state
from pfemu.cli.pulsar_admin.web_target import path_below
from pfemu.errors import ConfigError
from pfemu.model.command.cli_config import Command, config_of_flags
from pfemu.model.configuration.config_reading import JsonValue
from pfemu.model.configuration.function_config import FunctionConfig
from pfemu.model.functions.function_validation import is_package_url
from pfemu.model.gson.gson_config import GsonSyntaxError
from pfemu.model.java_text import is_blank, java_int
from pfemu.model.pulsar_version import RECORDED_RELEASE

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
_RETRIES = (
    "org.apache.pulsar.client.admin.internal.http.AsyncHttpConnector$RetryException: Could not complete the operation."
    " Number of retries has been exhausted. Failed reason: "
)
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
        try:
            return self._said(*command_line(arguments))
        except GsonSyntaxError as error:
            return Outcome(1, stderr=error.stderr)
        except ConfigError as error:
            return Outcome(1, stderr=str(error).split("\n"))
        except RefusedError as error:
            return Outcome(1, stderr=error.lines)
        except OSError as error:
            return Outcome(1, stderr=[f"{error.filename} ({error.strerror})"])

    def _said(self, command: str, flags: Flags) -> Outcome:
        if asks_for_help(flags):
            return Outcome(
                stdout=usage_of(command) if "--help" in flags else [f"Current version of pulsar admin client is: {RECORDED_RELEASE}"]
            )
        if command == "localrun":
            self._config("create", flags)  # refused first
            raise RefusedError(_LOCAL_RUN)
        if command in {"start", "stop", "restart"} and _is_no_number(str(flags.get("--instance-id", ""))):
            name_of(flags)  # refused first
            return Outcome(0, [_SUCCESS[command]], ["instance-id must be a number"])
        return Outcome(stdout=self._run(command, flags))

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

    def _config(self, command: Command, flags: Flags) -> FunctionConfig:
        file = flags.get("--function-config-file")
        if file is None or is_blank(str(file)):
            file = flags.get("--functionConfigFile", file)
        text = None if file is None else _text_of(str(file))
        flags = {name: value for name, value in flags.items() if name not in OF_LOCAL_RUN}
        return config_of_flags(
            flags, exists=lambda path: Path(path).exists(), config_text=text, command=command, relative_paths=self._relative_paths
        )

    def _deploy(self, command: Command, flags: Flags) -> list[str]:
        config = self._config(command, flags)
        parts = {"functionConfig": _json_part(json.dumps(config.to_json())), **_package(config)}
        if command == "update" and "--update-auth-data" in flags:
            parts["updateOptions"] = _json_part('{"updateAuthData": true}')
        path = _path_of((str(config.tenant), str(config.namespace), str(config.name)))
        self._ask(Request("POST" if command == "create" else "PUT", path, parts=parts))
        return [_SUCCESS[command]]

    def _get(self, path: str, _flags: Flags) -> list[str]:
        found = self._json("GET", path)
        if not isinstance(found, dict):  # an empty name asks for the list of its namespace
            raise RefusedError("null", "", "Reason: javax.ws.rs.ProcessingException: Error reading entity from input stream.")
        return gson_lines(shown_config(found))

    def _delete(self, path: str, _flags: Flags) -> list[str]:
        self._ask(Request("DELETE", path))
        return [_SUCCESS["delete"]]

    def _trigger(self, path: str, flags: Flags) -> list[str]:
        value, file = flags.get("--trigger-value"), flags.get("--trigger-file")
        if value is None and file is None:
            raise RefusedError("Either a trigger value or a trigger filepath needs to be specified")
        parts = {"data": Part(str(value).encode())} if file is None else {"dataStream": _trigger_part(str(file))}
        if "--topic" in flags:
            parts["topic"] = Part(str(flags["--topic"]).encode())
        body = self._ask(Request("POST", f"{path}/trigger", parts=parts)).body.decode("utf-8", "replace")
        return body.strip().splitlines()

    def _querystate(self, path: str, flags: Flags) -> list[str]:
        key = str(flags.get("--key", ""))
        if is_blank(key):
            raise RefusedError("State key needs to be specified")
        return gson_lines(shown_state(self._json("GET", path_below(path, "state", key))))

    def _putstate(self, path: str, flags: Flags) -> list[str]:
        state = str(flags["--state"])
        self._ask(Request("POST", path_below(path, "state", key_of_state(state)), parts={"state": _json_part(state)}))
        return []

    def _handle_file(self, command: str, flags: Flags) -> list[str]:
        """Run a command of what is kept beside functions: uploads, and what is built in."""
        if command == "upload":
            parts = {"path": Part(str(flags["--path"]).encode()), "data": _file_part(needed(flags, "--source-file"))}
            self._ask(Request("POST", f"{_FUNCTIONS}/upload", parts=parts))
        elif command == "download":
            self._download(flags)
        elif command == "reload":
            self._ask(Request("POST", f"{_FUNCTIONS}/builtins/reload"))
        else:
            return [str(name) for name in cast("list[str]", self._json("GET", f"{_FUNCTIONS}/builtins"))]
        return [_SUCCESS[command]] if command in _SUCCESS else []

    def _download(self, flags: Flags) -> None:
        path = "" if "--path" in flags else _path_of(name_of(flags))
        destination = Path(needed(flags, "--destination-file"))
        if not path:
            request = Request("GET", f"{_FUNCTIONS}/download", {"path": str(flags["--path"])})
        else:
            request = Request("GET", f"{path}/download", {"transform-function": str("--transform-function" in flags).lower()})
        if destination.is_dir():
            raise RefusedError("null", "", f"Reason: java.io.FileNotFoundException: {destination} (Is a directory)")
        content = self._ask(request, says_why=False).body
        destination.parent.mkdir(parents=True, exist_ok=True)
        destination.write_bytes(content)

    def _json(self, method: str, path: str) -> JsonValue:
        value: JsonValue = json.loads(self._ask(Request(method, path)).body)
        return value

    def _ask(self, request: Request, *, says_why: bool = True) -> Answer:
        """Make a call; ``says_why`` is false where the command takes the status alone from a refusal.

        Raises:
            RefusedError: in the lines that the command prints.
        """
        answer = self._call(request)
        if answer.status < 400:
            return answer
        text = f"HTTP {answer.status} {HTTPStatus(answer.status).phrase}"
        if says_why:
            with suppress(ValueError, KeyError, TypeError):  # a page instead of a reason
                text = str(json.loads(answer.body)["reason"])
        raise RefusedError(*text.split("\n"), "", f"Reason: {text}")


def _path(flags: Flags, *names: str) -> str:
    defaults = {"tenant": "public", "namespace": "default"}
    return _path_of(str(flags.get(f"--{name}", defaults[name])) for name in names)


def _path_of(names: Iterable[str]) -> str:
    return path_below(_FUNCTIONS, *names)


def _is_no_number(instance: str) -> bool:
    return not is_blank(instance) and java_int(instance) is None


def _instance(flags: Flags) -> str:
    given = str(flags.get("--instance-id", ""))
    if is_blank(given):
        return ""
    number = java_int(given)
    if number is None:
        raise RefusedError(f'java.lang.NumberFormatException: For input string: "{given}"')
    return f"/{number}"


def _package(config: FunctionConfig) -> dict[str, Part]:
    """Return the part that brings the code: an address, or the file itself; none for an update without one."""
    file = config.jar or config.py or config.go
    if file is None or file.startswith("builtin://"):
        return {}
    if is_package_url(file):
        return {"url": Part(file.encode())}
    return {"data": _file_part(file)}


def _json_part(text: str) -> Part:
    return Part(text.encode(), content_type=JSON_TYPE)


def _file_part(file: str) -> Part:
    if not Path(file).is_file():
        raise RefusedError("null", "", f"Reason: java.lang.IllegalArgumentException: File is not a normal file {file}")
    return Part(Path(file).read_bytes(), Path(file).name)


def _trigger_part(file: str) -> Part:
    if not Path(file).is_file():
        why = "Is a directory" if Path(file).is_dir() else file
        raise RefusedError("null", "", f"Reason: {_RETRIES}{why}")
    return _file_part(file)


def _text_of(file: str) -> str:
    try:
        with open(file, encoding="utf-8") as opened:  # noqa: PTH123 - to a Path an empty name is the directory
            return opened.read()
    except OSError as error:
        raise RefusedError(f"java.lang.IllegalArgumentException: {file} ({error.strerror})") from None
