"""``/admin/v2/resourcegroups``: rates that namespaces share (``ResourceGroupsBase``). Nobody is slowed down by them.

Differs: a group that is not there is deleted in fewer words; a broker shows where its store did not find it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pfemu.admin.answer import DONE, Answer, UnexpectedError, answer_json
from pfemu.admin.bodies import read_json, read_object
from pfemu.admin.namespaces.namespace_policies import change
from pfemu.admin.namespaces.policy_calls import POLICY_DATA
from pfemu.admin.paths import policies_of
from pfemu.admin.routes import Routes
from pfemu.broker.refusals import NotFound, PreconditionFailed

if TYPE_CHECKING:
    from pfemu.admin.request import Request
    from pfemu.emulator import Emulator

routes = Routes("/admin/v2")
_GROUP = "/resourcegroups/{group}"
_RATES = ("publishRateInMsgs", "publishRateInBytes", "dispatchRateInMsgs", "dispatchRateInBytes")
_UNLIMITED = dict.fromkeys(_RATES, -1)


@routes("GET", "/resourcegroups")
def groups(emulator: Emulator, _request: Request, _named: dict[str, str]) -> Answer:
    """List the groups."""
    return answer_json(sorted(emulator.broker.namespaces.resource_groups))


@routes("GET", _GROUP)
def group(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Show a group's rates."""
    return answer_json(dict(_existing(emulator, named["group"], NotFound)))


def _existing(emulator: Emulator, name: str, refusal: type[NotFound | PreconditionFailed]) -> dict[str, int]:
    found = emulator.broker.namespaces.resource_groups.get(name)
    if found is None:
        raise refusal("ResourceGroup does not exist")
    return found


@routes("PUT", _GROUP)
def set_group(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
    """Make a group, or change those of its rates that the body says."""
    given = read_object(request, f"{POLICY_DATA}.ResourceGroup")
    if read_json(request) is None:
        raise UnexpectedError("null")
    every = emulator.broker.namespaces.resource_groups
    rates = {name: rate for name in _RATES if isinstance(rate := given.get(name), int)}
    every[named["group"]] = {**every.get(named["group"], _UNLIMITED), **rates}
    return DONE


@routes("DELETE", _GROUP)
def remove_group(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Remove a group that no namespace is in."""
    namespaces = emulator.broker.namespaces
    if any(policies.resource_group == named["group"] for policies in namespaces.policies.values()):
        raise PreconditionFailed("ResourceGroup is in use")
    if namespaces.resource_groups.pop(named["group"], None) is None:
        raise UnexpectedError("ResourceGroup does not exist")
    return DONE


_OF_NAMESPACE = "/namespaces/{tenant}/{namespace}/resourcegroup"


@routes("GET", _OF_NAMESPACE)
def group_of_namespace(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Show the group a namespace shares its resources with."""
    found = policies_of(emulator, named).resource_group
    return Answer(200) if found is None else Answer(200, found.encode())


@routes("POST", _OF_NAMESPACE + "/{group}")
def set_group_of_namespace(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Put a namespace into a group."""
    policies_of(emulator, named)
    _existing(emulator, named["group"], PreconditionFailed)
    return change(emulator, named, resource_group=named["group"])


@routes("DELETE", _OF_NAMESPACE)
def remove_group_of_namespace(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Let a namespace share its resources with nobody."""
    return change(emulator, named, resource_group=None)
