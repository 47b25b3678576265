"""``/admin/v3/functions``: deploying, running and asking functions (``FunctionsApiV3Resource``)."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from pfemu.admin.answer import DONE, Answer, ErrorPage, Later, answer_json
from pfemu.admin.bodies import refuse_other_types
from pfemu.admin.functions.trigger_input import check_trigger_input
from pfemu.admin.routes import Routes
from pfemu.errors import ConfigError
from pfemu.model.configuration.function_config import FunctionConfig
from pfemu.model.java_text import is_blank, java_int
from pfemu.model.topic_name import TopicName
from pfemu.runtime.worker.package_store import Package
from pfemu.runtime.worker.trigger import WAIT_MS, Trigger, triggered_topic
from pfemu.runtime.worker.worker_errors import WorkerError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pfemu.admin.request import Part, Request
    from pfemu.emulator import Emulator
    from pfemu.runtime.worker.functions_worker import Name

routes = Routes("/admin/v3/functions")
_FUNCTION = "/{tenant}/{namespace}/{name}"
_NOT_SAID = ""
_CONTROL = re.compile("[\x00-\x1f\x7f]")
_LOADING_MS = 60_000
_FAILED = Answer(500, b"{}")


def function_name(named: dict[str, str]) -> Name:
    """Return the function that a path names."""
    return named["tenant"], named["namespace"], named["name"]


def instance_id(named: dict[str, str]) -> int | None:
    """Return the number of an instance in the path, None without one; Jersey fails on any other text."""
    if "instance" not in named:
        return None
    number = java_int(named["instance"])
    if number is None:
        raise ErrorPage(500)
    return number


def _parts(request: Request) -> Mapping[str, Part]:
    if request.parts is None:
        raise ErrorPage(415 if request.content_type else 400)
    return request.parts


def _config(parts: Mapping[str, Part]) -> FunctionConfig | None:
    """Return the configuration; one that does not say it is JSON is none."""
    part = parts.get("functionConfig")
    if part is None or not part.is_json or is_blank(part.text):
        return None
    try:
        return FunctionConfig.from_json_text(part.text)
    except ConfigError as error:
        if type(error) is ConfigError:
            return None
        raise


def _package(parts: Mapping[str, Part]) -> Package | None:
    data = parts.get("data")
    return None if data is None else Package(data.file_name or "", data.content)


def _is_without_name(parts: Mapping[str, Part]) -> bool:
    """Whether there is a package that is no file: the worker stumbles over it."""
    return "data" in parts and parts["data"].file_name is None


def _url(parts: Mapping[str, Part]) -> str | None:
    return parts["url"].text if "url" in parts else None


@routes("POST", _FUNCTION)
def create(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer | Later:
    """Deploy a function."""
    parts = _parts(request)
    if not parts:
        raise ErrorPage(400)
    if _is_without_name(parts):
        return _FAILED
    emulator.worker.create(function_name(named), _config(parts), _package(parts), _url(parts))
    return _when_started(emulator, named)


@routes("PUT", _FUNCTION)
def update(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer | Later:
    """Change a function."""
    parts = _parts(request)
    if not parts:
        raise ErrorPage(400)
    if _is_without_name(parts):
        return _FAILED
    with_auth_data = _with_auth_data(parts.get("updateOptions"))
    emulator.worker.update(function_name(named), _config(parts), _package(parts), _url(parts), with_auth_data=with_auth_data)
    return _when_started(emulator, named)


def _with_auth_data(part: Part | None) -> bool:
    """Read ``UpdateOptionsImpl``, of which null or nothing is none."""
    options = None if part is None or not part.is_json else json.loads(part.content)
    if not isinstance(options, dict | None):
        raise ErrorPage(400)
    return bool(options and options.get("updateAuthData"))


@routes("DELETE", _FUNCTION)
def delete(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Remove a function."""
    emulator.worker.delete(function_name(named))
    return DONE


@routes("GET", _FUNCTION)
def get(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Show a function's configuration."""
    return answer_json(emulator.worker.get(function_name(named)))


@routes("GET", "/{tenant}/{namespace}")
def names(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """List the functions of a namespace."""
    return answer_json(emulator.worker.names(named["tenant"], named["namespace"]))


@routes("GET", _FUNCTION + "/status")
def status(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Show how all instances do."""
    return answer_json(emulator.worker.status(function_name(named)))


@routes("GET", _FUNCTION + "/{instance}/status")
def instance_status(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Show how one instance does."""
    return answer_json(emulator.worker.instance_status(function_name(named), instance_id(named) or 0))


@routes("GET", _FUNCTION + "/stats")
def stats(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Show the figures of all instances."""
    return answer_json(emulator.worker.stats(function_name(named)))


@routes("GET", _FUNCTION + "/{instance}/stats")
def instance_stats(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Show the figures of one instance."""
    return answer_json(emulator.worker.instance_stats(function_name(named), instance_id(named) or 0))


@routes("POST", _FUNCTION + "/start")
@routes("POST", _FUNCTION + "/{instance}/start")
def start(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer | Later:
    """Start a function, or one instance."""
    refuse_other_types(request, _NOT_SAID)
    emulator.worker.set_running(function_name(named), instance_id(named), run=True)
    return _when_started(emulator, named)


@routes("POST", _FUNCTION + "/stop")
@routes("POST", _FUNCTION + "/{instance}/stop")
def stop(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer | Later:
    """Stop a function, or one instance."""
    refuse_other_types(request, _NOT_SAID)
    emulator.worker.set_running(function_name(named), instance_id(named), run=False)
    return _when_started(emulator, named)  # stopping one instance starts the others anew


@routes("POST", _FUNCTION + "/restart")
@routes("POST", _FUNCTION + "/{instance}/restart")
def restart(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer | Later:
    """Start a function's processes anew, or one."""
    refuse_other_types(request, _NOT_SAID)
    if "instance" in named and java_int(named["instance"]) is None:  # this call takes the number as text and reads it itself
        raise WorkerError(500, f'For input string: "{named["instance"]}"')
    emulator.worker.restart(function_name(named), instance_id(named))
    return _when_started(emulator, named)


def _when_started(emulator: Emulator, named: dict[str, str]) -> Answer | Later:
    """Answer when the code of what was begun is loaded, so that who goes on at once finds it there; or has had long to load."""
    waited_for = [each.loading.ended for each in emulator.worker.function(function_name(named)).spawners if each.loading is not None]
    return Later(waited_for, _LOADING_MS, lambda: DONE) if waited_for else DONE


@routes("POST", _FUNCTION + "/trigger")
def trigger(emulator: Emulator, request: Request, named: dict[str, str]) -> Later:
    """Send one message to a function and answer with its output."""
    parts = _parts(request)
    if not parts:
        raise ErrorPage(400)
    function = emulator.worker.function(function_name(named))
    if "data" not in parts and "dataStream" not in parts:
        raise WorkerError(400, "Trigger Data is not provided")
    payload = b"" if "dataStream" in parts else parts["data"].content
    topic = triggered_topic(function.details, parts["topic"].text if "topic" in parts else None)
    if not _exists(emulator, TopicName.parse(topic)):
        raise WorkerError(400, "Function in trigger function is not ready")
    check_trigger_input(emulator.broker.schemas, TopicName.parse(topic), payload)
    sent = Trigger(function, topic, payload)
    return Later([sent.output], WAIT_MS, lambda: _output(sent.result()))


def _exists(emulator: Emulator, name: TopicName) -> bool:
    return emulator.broker.partitions_of(name) > 0 or emulator.broker.topic(name) is not None


def _output(payload: bytes | None) -> Answer:
    return DONE if payload is None else Answer(200, payload.decode("utf-8", "replace").encode())


@routes("GET", _FUNCTION + "/state/{key}")
def get_state(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Show one key of a function's state."""
    check_state_owner(emulator, named)
    return answer_json(emulator.state.table(*function_name(named)).versioned(named["key"]))


@routes("POST", _FUNCTION + "/state/{key}")
def put_state(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
    """Set one key of a function's state."""
    parts = _parts(request)
    if not parts:
        raise ErrorPage(400)
    if "state" not in parts:
        raise ErrorPage(500)
    if not parts["state"].is_json or not parts["state"].content.strip():
        raise ErrorPage(500)
    try:
        value = json.loads(parts["state"].content)
    except ValueError:
        raise ErrorPage(400) from None
    check_state_owner(emulator, named)
    emulator.state.table(*function_name(named)).put_json(named["key"], value)
    return DONE


def check_state_owner(emulator: Emulator, named: dict[str, str]) -> None:
    """Refuse to look for the state of a function that is not there.

    Raises:
        WorkerError: 404, there is none.
    """
    if named["name"] not in emulator.worker.names(named["tenant"], named["namespace"]):
        raise WorkerError(404, f"'{named['name']}' is not found")


@routes("GET", _FUNCTION + "/download")
def download(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
    """Answer with a function's package, said to be JSON as all answers of this resource; there is none of a transformation."""
    package = emulator.worker.package(function_name(named))
    if request.flag("transform-function"):
        raise ErrorPage(500)
    return Answer(200, package.content)


@routes("POST", "/upload")
def upload(emulator: Emulator, request: Request, _named: dict[str, str]) -> Answer:
    """Keep a file under a path."""
    parts = _parts(request)
    if not parts:
        raise ErrorPage(400)
    path = parts["path"].text if "path" in parts else None
    if path is None or "data" not in parts:
        raise WorkerError(400, f"Function Package is not provided {'null' if path is None else path}")
    _check_upload_path(path)
    emulator.worker.packages.uploads[path] = parts["data"].content
    return DONE


def _check_upload_path(path: str) -> None:
    """Refuse what is no name of a log, which is what files are kept as (``DLUtils.validateAndNormalizeName`` of DistributedLog)."""
    if {"", ".", ".."} & set(path.split("/")) or _CONTROL.search(path):
        raise ErrorPage(500)
    if " " in path:
        raise WorkerError(
            500, f"Invalid stream name : 'Invalid log name \"/{path}\" caused by empty space specified @{path.index(' ') + 1}'"
        )


@routes("GET", "/download")
def download_path(emulator: Emulator, request: Request, _named: dict[str, str]) -> Answer:
    """Answer with what was uploaded under a path."""
    content = emulator.worker.packages.uploads.get(request.query.get("path", ""))
    if content is None:
        raise ErrorPage(500)
    return Answer(200, content)


@routes("GET", "/connectors")
@routes("GET", "/builtins")
def builtins(_emulator: Emulator, _request: Request, _named: dict[str, str]) -> Answer:
    """List what is built in: nothing."""
    return answer_json([])


@routes("POST", "/builtins/reload")
def reload_builtins(_emulator: Emulator, _request: Request, _named: dict[str, str]) -> Answer:
    """Look again for what is built in: nothing."""
    return DONE
