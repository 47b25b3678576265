"""``/admin/v2/tenants`` and ``/admin/v2/namespaces`` (``TenantsBase``, ``NamespacesBase``)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pfemu.admin.answer import DONE, Answer, ErrorPage, answer_json
from pfemu.admin.bodies import read_as
from pfemu.admin.namespaces.namespace_view import read_policies, shown_namespace
from pfemu.admin.paths import namespace_name, policies_of
from pfemu.admin.routes import Routes
from pfemu.admin.topics.topics import listed
from pfemu.broker.namespaces import TenantInfo
from pfemu.broker.refusals import InvalidValue, MethodNotAllowed, PreconditionFailed
from pfemu.model.configuration.config_structures import part, setting, texts_of
from pfemu.model.java_text import hash_map
from pfemu.model.namespace_name import CLUSTER

if TYPE_CHECKING:
    from pfemu.admin.request import Request
    from pfemu.emulator import Emulator

routes = Routes("/admin/v2")
_read_set = texts_of("java.util.HashSet", "<java.lang.String>", "java.util.HashSet")
_NAMESPACE = "/namespaces/{tenant}/{namespace}"


@dataclass(frozen=True, slots=True)
class _Tenant:
    """``TenantInfoImpl``, as it is read."""

    admin_roles: Sequence[str | None] | None = setting(_read_set)
    allowed_clusters: Sequence[str | None] | None = setting(_read_set)


_tenant = part(_Tenant, "org.apache.pulsar.common.policies.data.TenantInfoImpl")


@routes("GET", "/tenants")
def tenants(emulator: Emulator, _request: Request, _named: dict[str, str]) -> Answer:
    """List the tenants."""
    return answer_json(sorted(emulator.broker.namespaces.tenants))


@routes("GET", "/tenants/{tenant}")
def tenant(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Show a tenant."""
    info = emulator.broker.namespaces.tenant(named["tenant"])
    roles = {} if info.admin_roles is None else {"adminRoles": list(info.admin_roles)}
    return answer_json({**roles, "allowedClusters": list(info.allowed_clusters)})


@routes("PUT", "/tenants/{tenant}")
def create_tenant(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
    """Make a tenant."""
    emulator.broker.namespaces.create_tenant(named["tenant"], _tenant_info(request))
    return DONE


@routes("POST", "/tenants/{tenant}")
def update_tenant(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
    """Change a tenant."""
    emulator.broker.namespaces.update_tenant(named["tenant"], _tenant_info(request))
    return DONE


@routes("DELETE", "/tenants/{tenant}")
def delete_tenant(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
    """Remove a tenant without namespaces."""
    if request.flag("force"):
        raise MethodNotAllowed("Broker doesn't allow forced deletion of tenants")
    emulator.broker.namespaces.delete_tenant(named["tenant"])
    return DONE


def _tenant_info(request: Request) -> TenantInfo:
    given = read_as(request, _tenant)
    if given is None:
        raise PreconditionFailed("TenantInfo is null")
    if given.allowed_clusters is None:
        raise PreconditionFailed("Clusters cannot be null")
    return TenantInfo(None if given.admin_roles is None else _set(given.admin_roles), _set(given.allowed_clusters))


def _set(texts: Sequence[str | None]) -> tuple[str, ...]:
    """Return texts as a Java set has them; null is as good as blank."""
    return tuple(hash_map(dict.fromkeys(text or "" for text in texts)))


@routes("GET", "/namespaces/{tenant}")
def namespaces(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """List a tenant's namespaces."""
    return answer_json(emulator.broker.namespaces.of_tenant(named["tenant"]))


@routes("GET", _NAMESPACE)
def namespace(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Show the policies of a namespace."""
    return answer_json(shown_namespace(policies_of(emulator, named)))


@routes("PUT", _NAMESPACE)
def create_namespace(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
    """Make a namespace, with the policies in the body."""
    policies = read_policies(request)
    if "/" in named["namespace"]:
        raise PreconditionFailed("Namespace name is not valid")
    emulator.broker.namespaces.create(namespace_name(named), policies)
    return DONE


@routes("DELETE", _NAMESPACE)
def delete_namespace(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
    """Remove a namespace."""
    emulator.broker.delete_namespace(namespace_name(named), force=request.flag("force"))
    return DONE


@routes("GET", _NAMESPACE + "/topics")
def topics(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
    """List the topics that store messages, partitions one by one; ``mode`` chooses others or all."""
    mode = request.query.get("mode", "PERSISTENT")
    if mode not in {"ALL", "PERSISTENT", "NON_PERSISTENT"}:
        raise ErrorPage(404)
    policies_of(emulator, named)
    domains = [persistent for persistent in (True, False) if mode in {"ALL", "PERSISTENT" if persistent else "NON_PERSISTENT"}]
    return answer_json([name for persistent in domains for name in listed(emulator, namespace_name(named), persistent=persistent)])


@routes("GET", "/namespaces/{cluster}/antiAffinity/{group}")
def namespaces_of_group(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
    """List the namespaces of a tenant that are to be kept apart."""
    tenant_name = request.query.get("tenant")
    if tenant_name is None:
        raise InvalidValue("Tenant should not be null")
    if named["cluster"] != CLUSTER:
        raise PreconditionFailed(f"Cluster {named['cluster']} does not exist.")
    every = emulator.broker.namespaces
    return answer_json([name for name in every.of_tenant(tenant_name) if every.policies[name].anti_affinity_group == named["group"]])
