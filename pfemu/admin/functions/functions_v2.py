"""``/admin/v2/functions``: the older functions API (``FunctionsApiV2Resource``), which does what v3 does and shows it as protobuf's JSON.

What v3 answers with 204 is 200 here. It neither starts functions nor has figures.

Differs: a function is neither made nor changed by this API, which is given protobuf's JSON of it; v3 does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pfemu.admin.answer import Answer, ErrorPage, answer_json
from pfemu.admin.functions import functions as v3
from pfemu.admin.routes import Routes
from pfemu.model.functions.function_details_json import details_json
from pfemu.runtime.worker.worker_errors import WorkerError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pfemu.admin.request import Request
    from pfemu.emulator import Emulator

routes = Routes("/admin/v2/functions")
_FUNCTION = "/{tenant}/{namespace}/{name}"
_DONE = Answer(200)
_RENAMED = {"error": "failureException", "timestampMs": "msSinceEpoch"}

routes("GET", "/{tenant}/{namespace}")(v3.names)
routes("POST", _FUNCTION + "/trigger")(v3.trigger)
routes("GET", "/download")(v3.download_path)
routes("GET", "/connectors")(v3.builtins)


@routes("GET", _FUNCTION)
def get(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Show a function's details."""
    return answer_json(details_json(emulator.worker.details(v3.function_name(named))))


@routes("POST", _FUNCTION)
@routes("PUT", _FUNCTION)
def deploy(_emulator: Emulator, request: Request, _named: dict[str, str]) -> Answer:
    """Refuse to make or change a function."""
    if request.parts is None:
        raise ErrorPage(415)
    raise WorkerError(400, "Functions are made and changed by /admin/v3/functions here")


@routes("GET", _FUNCTION + "/state/{key}")
def get_state(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Show one key of a function's state, as a line; bytes are not shown."""
    v3.check_state_owner(emulator, named)
    state = emulator.state.table(*v3.function_name(named)).versioned(named["key"])
    value = state.get("numberValue", state.get("stringValue", "null"))
    return Answer(200, f"value : {value}, version : {state['version']}".encode())


@routes("DELETE", _FUNCTION)
def delete(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
    """Remove a function."""
    v3.delete(emulator, request, named)
    return _DONE


@routes("POST", _FUNCTION + "/stop")
@routes("POST", _FUNCTION + "/{instance}/stop")
def stop(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
    """Stop a function, or one instance."""
    v3.stop(emulator, request, named)
    return _DONE


@routes("POST", _FUNCTION + "/restart")
@routes("POST", _FUNCTION + "/{instance}/restart")
def restart(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
    """Start a function's processes anew, or one."""
    v3.restart(emulator, request, named)
    return _DONE


@routes("POST", "/upload")
def upload(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
    """Keep a file under a path."""
    v3.upload(emulator, request, named)
    return _DONE


@routes("GET", _FUNCTION + "/status")
def status(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Show how all instances do."""
    name = v3.function_name(named)
    count = emulator.worker.details(name).parallelism
    return answer_json({"functionStatusList": [_status(emulator.worker.instance_status(name, number), number) for number in range(count)]})


@routes("GET", _FUNCTION + "/{instance}/status")
def instance_status(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Show how one instance does."""
    number = v3.instance_id(named) or 0
    return answer_json(_status(emulator.worker.instance_status(v3.function_name(named), number), number))


def _status(shown: Mapping[str, object], number: int) -> dict[str, object]:
    """Return a status as protobuf's JSON: what is 0, false or empty is left out, and a long is text; what was received is never told.

    Raises:
        ErrorPage: 500, the instance was stopped.
    """
    if not shown["running"] and not shown["error"]:
        raise ErrorPage(500)
    told = {name: value for name, value in shown.items() if name != "numReceived"}
    return {**_protobuf(told), "instanceId": str(number)}


def _protobuf(values: Mapping[str, object]) -> dict[str, object]:
    return {_RENAMED.get(name, name): _shown(value) for name, value in values.items() if value}


def _shown(value: object) -> object:
    if isinstance(value, list):
        return [_protobuf(item) for item in value]
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value
