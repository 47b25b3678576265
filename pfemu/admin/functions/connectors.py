"""``/admin/v3/sources`` and ``/admin/v3/sinks``: a worker without connectors (``SourcesImpl``, ``SinksImpl``).

Differs: no source or sink can be made.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from pfemu.admin.answer import DONE, Answer, ErrorPage, Later, answer_json
from pfemu.admin.routes import Handler, Routes
from pfemu.runtime.worker.worker_errors import WorkerError

if TYPE_CHECKING:
    from pfemu.admin.request import Request
    from pfemu.emulator import Emulator

sources = Routes("/admin/v3/sources")
sinks = Routes("/admin/v3/sinks")
_CONNECTOR = "/{tenant}/{namespace}/{name}"
_KIND = "kind"


def _both(method: str, path: str) -> Callable[[Handler], Handler]:
    """Enter a handler for sources and for sinks; it is told which."""

    def enter(handler: Handler) -> Handler:
        for routes, kind in ((sources, "Source"), (sinks, "Sink")):
            routes(method, path)(partial(_of_kind, handler, kind))
        return handler

    return enter


def _of_kind(handler: Handler, kind: str, emulator: Emulator, request: Request, named: dict[str, str]) -> Answer | Later:
    return handler(emulator, request, {**named, _KIND: kind})


def _missing(named: dict[str, str], status: int = 404) -> WorkerError:
    return WorkerError(status, f"{named[_KIND]} {named['name']} doesn't exist")


@sources("GET", "/builtinsources")
@sinks("GET", "/builtinsinks")
def builtins(_emulator: Emulator, _request: Request, _named: dict[str, str]) -> Answer:
    """List what is built in: nothing."""
    return answer_json([])


@sources("GET", "/builtinsources/{name}/configdefinition")
@sinks("GET", "/builtinsinks/{name}/configdefinition")
def definition(_emulator: Emulator, _request: Request, _named: dict[str, str]) -> Answer:
    """Show what a connector that is built in can be configured with; there is none."""
    raise ErrorPage(500)


@sources("POST", "/reloadBuiltInSources")
@sinks("POST", "/reloadBuiltInSinks")
def reload_builtins(_emulator: Emulator, _request: Request, _named: dict[str, str]) -> Answer:
    """Look again for what is built in: nothing."""
    return DONE


@_both("GET", "/{tenant}/{namespace}")
def names(_emulator: Emulator, _request: Request, _named: dict[str, str]) -> Answer:
    """List the connectors of a namespace: none."""
    return answer_json([])


@_both("GET", _CONNECTOR)
@_both("DELETE", _CONNECTOR)
@_both("GET", _CONNECTOR + "/status")
@_both("GET", _CONNECTOR + "/{instance}/status")
@_both("POST", _CONNECTOR + "/start")
@_both("POST", _CONNECTOR + "/stop")
@_both("POST", _CONNECTOR + "/restart")
@_both("POST", _CONNECTOR + "/{instance}/start")
@_both("POST", _CONNECTOR + "/{instance}/stop")
@_both("POST", _CONNECTOR + "/{instance}/restart")
def ask(_emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Ask for a connector, which is not there."""
    raise _missing(named)


@_both("POST", _CONNECTOR)
def create(_emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
    """Make a connector, which nothing here could run."""
    if request.parts is None:
        raise ErrorPage(415)
    if "data" not in request.parts:
        raise WorkerError(400, f"{named[_KIND]} package is not provided")
    raise WorkerError(400, "java.util.zip.ZipException: zip END header not found")


@_both("PUT", _CONNECTOR)
def update(_emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
    """Change a connector, which is not there."""
    missing = _missing(named, 400)
    raise missing if request.parts is not None else ErrorPage(415)
