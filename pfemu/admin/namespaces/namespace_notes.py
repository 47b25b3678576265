"""What is noted of a namespace and changes nothing here (``NamespacesBase``): properties, who may what, clusters, groups.

Differs: nobody is asked who he is, so whatever was granted, everybody may everything. Nothing is replicated.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pfemu.admin.answer import DONE, Answer, UnexpectedError, answer_json, reason
from pfemu.admin.bodies import read_as, read_json, read_object, read_properties
from pfemu.admin.namespaces.namespace_policies import change
from pfemu.admin.paths import policies_of
from pfemu.admin.routes import Routes
from pfemu.broker.refusals import InvalidValue, NotFound, PreconditionFailed
from pfemu.model.configuration.config_structures import read_texts
from pfemu.model.namespace_name import CLUSTER

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pfemu.admin.request import Request
    from pfemu.emulator import Emulator

routes = Routes("/admin/v2/namespaces/{tenant}/{namespace}")
_ACTIONS = ("produce", "consume", "functions", "sources", "sinks", "packages")
_NO_FILTERS = "entryFilterNames can't be empty. To remove entry filters use the remove method."


# ---------------------------------------------------------------------------------------------------------- properties


@routes("GET", "/properties")
def properties(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Show what was noted."""
    return answer_json(dict(policies_of(emulator, named).properties or {}))


@routes("PUT", "/properties")
def set_properties(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
    """Note something beside what was noted before.

    Differs: no body at all notes nothing; a real broker does not answer then.
    """
    return _note(emulator, named, read_properties(request))


@routes("DELETE", "/properties")
def remove_properties(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Forget all that was noted."""
    return change(emulator, named, properties=None)


@routes("GET", "/property/{property}")
def one_property(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Show what was noted under one name."""
    return _shown_property((policies_of(emulator, named).properties or {}).get(named["property"]))


@routes("PUT", "/property/{property}/{value}")
def set_property(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Note something under one name."""
    return _note(emulator, named, {named["property"]: named["value"]})


@routes("DELETE", "/property/{property}")
def remove_property(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Forget what was noted under one name, and show it."""
    noted = dict(policies_of(emulator, named).properties or {})
    removed = noted.pop(named["property"], None)
    change(emulator, named, properties=noted or None)
    return _shown_property(removed)


def _note(emulator: Emulator, named: dict[str, str], noted: Mapping[str, str]) -> Answer:
    return change(emulator, named, properties={**(policies_of(emulator, named).properties or {}), **noted})


def _shown_property(value: str | None) -> Answer:
    return Answer(200) if value is None else Answer(200, value.encode())


# --------------------------------------------------------------------------------------------------------- permissions


@routes("GET", "/permissions")
def permissions(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Show which roles may what."""
    return answer_json(dict(policies_of(emulator, named).permissions or {}))


@routes("POST", "/permissions/{role}")
def grant(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
    """Let a role do something."""
    given = read_actions(request)
    if given is None:
        raise InvalidValue("Actions should not be null")
    return change(emulator, named, permissions={**(policies_of(emulator, named).permissions or {}), named["role"]: given})


def read_actions(request: Request) -> tuple[str, ...] | None:
    """Return what a role may do, None for no body; what is no action is left out."""
    given = read_as(request, read_texts, lists=True)
    return None if given is None else tuple(str(action) for action in given if action in _ACTIONS)


@routes("DELETE", "/permissions/{role}")
def revoke(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Let a role do nothing."""
    granted = policies_of(emulator, named).permissions or {}
    return change(emulator, named, permissions={role: actions for role, actions in granted.items() if role != named["role"]} or None)


@routes("GET", "/permissions/subscription")
def subscription_permissions(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Show which roles may use which subscriptions."""
    return answer_json(dict(policies_of(emulator, named).subscription_permissions or {}))


@routes("POST", "/permissions/subscription/{subscription}")
def grant_subscription(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
    """Let roles use a subscription."""
    given: Sequence[str | None] | None = read_as(request, read_texts, lists=True)
    roles = tuple(map(str, given or ()))
    granted = policies_of(emulator, named).subscription_permissions or {}
    return change(emulator, named, subscription_permissions={**granted, named["subscription"]: roles})


@routes("DELETE", "/permissions/{subscription}/{role}")
def revoke_subscription(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Let a role use a subscription no more."""
    granted = dict(policies_of(emulator, named).subscription_permissions or {})
    roles = tuple(role for role in granted.pop(named["subscription"], ()) if role != named["role"])
    if roles:
        granted[named["subscription"]] = roles
    return change(emulator, named, subscription_permissions=granted or None)


# ------------------------------------------------------------------------------------------------------------ clusters


def read_clusters(request: Request) -> tuple[str, ...]:
    """Return the clusters that something is replicated between.

    Raises:
        PreconditionFailed: there are none, or all.
    """
    listed: Sequence[str | None] | None = read_as(request, read_texts, lists=True)
    given = tuple(map(str, listed or ()))
    if not given:
        raise PreconditionFailed("ClusterIds should not be null or empty")
    if "global" in given:
        raise PreconditionFailed("Cannot specify global in the list of replication clusters")
    return given


@routes("GET", "/replication")
def replication(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Show the clusters a namespace is replicated between."""
    return answer_json(list(policies_of(emulator, named).replication_clusters or (CLUSTER,)))


@routes("POST", "/replication")
def set_replication(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
    """Set the clusters: there is one."""
    given = read_clusters(request)
    policies_of(emulator, named)
    unknown = next((cluster for cluster in given if cluster != CLUSTER), None)
    if unknown is not None:
        return reason(403, f"Invalid cluster id: {unknown}")
    return _done(change(emulator, named, replication_clusters=given))


@routes("GET", "/allowedClusters")
def allowed_clusters(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Show the clusters a namespace may be replicated between."""
    return answer_json(list(policies_of(emulator, named).allowed_clusters or ()))


@routes("POST", "/allowedClusters")
def set_allowed_clusters(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
    """Set them: the one there is has to be among them."""
    given = read_as(request, read_texts, lists=True)
    if given is None:
        raise UnexpectedError('Cannot invoke "java.util.List.stream()" because "clusterIds" is null')
    unknown = [str(cluster) for cluster in given if cluster != CLUSTER]
    if unknown:
        what = f"Cluster [{', '.join(unknown)}] is not in the list of allowed clusters list for tenant [{named['tenant']}]"
        return reason(403, what)
    if CLUSTER not in given:
        raise InvalidValue(
            f"Allowed clusters do not contain the replication cluster [{CLUSTER}]. "
            "Please remove the replication cluster if the cluster is not allowed for this namespace"
        )
    return _done(change(emulator, named, allowed_clusters=tuple(map(str, given))))


def _done(answer: Answer) -> Answer:
    """Return what these calls answer when it is done."""
    return Answer(200) if answer is DONE else answer


# ------------------------------------------------------------------------------------------------------ groups, filters


@routes("GET", "/persistence/bookieAffinity")
def bookie_affinity(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Show the bookies that a namespace prefers."""
    found = policies_of(emulator, named).bookie_affinity
    if found is None:
        raise NotFound("Namespace local-policies does not exist")
    return answer_json(dict(found))


@routes("POST", "/persistence/bookieAffinity")
def set_bookie_affinity(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
    """Set the bookies that a namespace prefers."""
    return change(emulator, named, bookie_affinity=read_properties(request))


@routes("DELETE", "/persistence/bookieAffinity")
def remove_bookie_affinity(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Let it prefer none."""
    return change(emulator, named, bookie_affinity=None)


def refuse_entry_filters(request: Request) -> None:
    """Refuse the filters in a body: there are none to choose from.

    Raises:
        InvalidValue: it names some, or none.
    """
    if read_json(request) is None:
        return
    names = str(read_object(request, "org.apache.pulsar.common.policies.data.EntryFilters").get("entryFilterNames") or "")
    raise InvalidValue(f"Entry filter '{names.partition(',')[0]}' not found" if names else _NO_FILTERS)


@routes("GET", "/entryFilters")
def entry_filters(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Show the filters of messages: none."""
    policies_of(emulator, named)
    return Answer(200)


@routes("POST", "/entryFilters")
def set_entry_filters(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
    """Refuse filters."""
    refuse_entry_filters(request)
    return change(emulator, named)


@routes("DELETE", "/entryFilters")
def remove_entry_filters(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Have no filters, as before."""
    return change(emulator, named)
