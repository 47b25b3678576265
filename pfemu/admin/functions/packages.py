"""``/admin/v3/packages``: a broker whose package management is turned off, as it is delivered (``PackagesBase``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pfemu.admin.answer import Answer, ErrorPage
from pfemu.admin.routes import Routes
from pfemu.broker.refusals import PreconditionFailed
from pfemu.errors import PfemuError
from pfemu.runtime.worker.worker_errors import WorkerError

if TYPE_CHECKING:
    from pfemu.admin.request import Request
    from pfemu.emulator import Emulator

routes = Routes("/admin/v3/packages")
_PACKAGES = "/{type}/{tenant}/{namespace}"
_VERSION = _PACKAGES + "/{name}/{version}"
_TYPES = {"function", "source", "sink"}


def _refusal(named: dict[str, str]) -> PfemuError:
    if named["type"] not in _TYPES:
        return PreconditionFailed(f"Invalid package domain: '{named['type']}'")
    return WorkerError(503, "Package Management Service is not enabled in the broker.")


@routes("GET", _PACKAGES)
@routes("GET", _PACKAGES + "/{name}")
@routes("GET", _VERSION)
@routes("DELETE", _VERSION)
@routes("GET", _VERSION + "/metadata")
def ask(_emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Refuse a call for packages of some type."""
    raise _refusal(named)


@routes("POST", _VERSION)
def upload(_emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
    """Refuse an upload."""
    if request.parts is None:
        raise ErrorPage(415)
    raise _refusal(named)


@routes("PUT", _VERSION + "/metadata")
def update(_emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
    """Refuse to describe a package."""
    if not request.body.strip():
        raise WorkerError(400, "Unknown error, metadata is null when processing update package metadata request")
    raise _refusal(named)
