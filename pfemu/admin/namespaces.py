"""``/admin/v2/tenants`` and ``/admin/v2/namespaces`` (``TenantsBase``, ``NamespacesBase``)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from pfemu.admin.answer import DONE, Answer, ErrorPage, answer_json, answer_setting, reason
from pfemu.admin.bodies import read_flag, read_int, read_json, read_object
from pfemu.admin.namespace_defaults import AS_NEW
from pfemu.admin.paths import namespace_name, policies_of
from pfemu.admin.routes import Routes
from pfemu.broker.namespaces import Policies, RetentionPolicies, TenantInfo
from pfemu.broker.refusals import PreconditionFailed
from pfemu.broker.schema_registry import STRATEGIES

if TYPE_CHECKING:
    from pfemu.admin.request import Request
    from pfemu.emulator import Emulator

routes = Routes("/admin/v2")
T = TypeVar("T")
_NAMESPACE = "/namespaces/{tenant}/{namespace}"
INVALID_RETENTION = (
    "Invalid retention policy: Setting a single time or size limit to 0 is invalid when one of the limits has a non-zero value. "
    "Use the value of -1 instead of 0 to ignore a specific limit. To disable retention both limits must be set to 0."
)


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
def delete_tenant(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Remove a tenant."""
    emulator.broker.namespaces.delete_tenant(named["tenant"])
    return DONE


def _tenant_info(request: Request) -> TenantInfo:
    body = read_object(request, "org.apache.pulsar.common.policies.data.TenantInfoImpl")
    roles = body.get("adminRoles")
    info = TenantInfo(None if roles is None else _texts(roles), _texts(body.get("allowedClusters")))
    if read_json(request) is None:
        raise PreconditionFailed("TenantInfo is null")
    if body.get("allowedClusters") is None:
        raise PreconditionFailed("Clusters cannot be null")
    return info


def _texts(value: object) -> tuple[str, ...]:
    if value is None:
        return ()
    if not isinstance(value, list):
        raise ErrorPage(400)
    return tuple(map(str, value))


@routes("GET", "/namespaces/{tenant}")
def namespaces(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """List a tenant's namespaces."""
    return answer_json(emulator.broker.namespaces.of_tenant(named["tenant"]))


@routes("GET", _NAMESPACE)
def namespace(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Show the policies of a namespace."""
    policies = policies_of(emulator, named)
    retention = policies.retention
    shown = {
        "message_ttl_in_seconds": policies.message_ttl_seconds,
        "retention_policies": None if retention is None else shown_retention(retention),
        "deduplicationEnabled": policies.deduplication,
        "schema_compatibility_strategy": policies.schema_compatibility,
        "schema_validation_enforced": policies.schema_validation_enforced,
        "is_allow_auto_update_schema": policies.schema_auto_update,
        "subscription_types_enabled": policies.subscription_types_enabled,
    }
    return answer_json(AS_NEW | {name: value for name, value in shown.items() if value is not None})


@routes("PUT", _NAMESPACE)
def create_namespace(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
    """Make a namespace.

    Differs: of the policies in the body only those are read that the emulator knows.
    """
    body = read_object(request, "org.apache.pulsar.common.policies.data.Policies")
    if "/" in named["namespace"]:
        raise PreconditionFailed("Namespace name is not valid")
    kept = body.get("retention_policies")
    policies = Policies(
        message_ttl_seconds=_given(body, "message_ttl_in_seconds", int),
        retention=read_retention(kept) if isinstance(kept, dict) else None,
        deduplication=_given(body, "deduplicationEnabled", bool),
        schema_compatibility=_strategy(body.get("schema_compatibility_strategy")),
        schema_validation_enforced=_given(body, "schema_validation_enforced", bool),
        schema_auto_update=_given(body, "is_allow_auto_update_schema", bool),
    )
    emulator.broker.namespaces.create(namespace_name(named), policies)
    return DONE


def _given(body: dict[str, object], name: str, kind: type[T]) -> T | None:
    """Return a policy of a new namespace, None where it is not given.

    Raises:
        ErrorPage: 400, it is something else.
    """
    value = body.get(name)
    if value is not None and type(value) is not kind:
        raise ErrorPage(400)
    return value


@routes("DELETE", _NAMESPACE)
def delete_namespace(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
    """Remove a namespace."""
    emulator.broker.delete_namespace(namespace_name(named), force=request.flag("force"))
    return DONE


@routes("GET", _NAMESPACE + "/topics")
def topics(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
    """List the topics of both domains, partitions one by one; ``mode`` chooses one of them."""
    mode = request.query.get("mode", "ALL")
    if mode not in {"ALL", "PERSISTENT", "NON_PERSISTENT"}:
        raise ErrorPage(404)
    policies_of(emulator, named)
    found = (topic.name for topic in emulator.broker.topics_of(namespace_name(named)))
    return answer_json(sorted(name.full for name in found if mode in {"ALL", "PERSISTENT" if name.is_persistent else "NON_PERSISTENT"}))


@routes("GET", _NAMESPACE + "/messageTTL")
def message_ttl(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Show the time to live, in seconds."""
    return answer_setting(policies_of(emulator, named).message_ttl_seconds)


@routes("POST", _NAMESPACE + "/messageTTL")
def set_message_ttl(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
    """Set the time to live, in seconds."""
    _set(emulator, named, replace(policies_of(emulator, named), message_ttl_seconds=read_int(request)))
    emulator.engine.arm_expiry()
    return DONE


@routes("DELETE", _NAMESPACE + "/messageTTL")
def remove_message_ttl(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Let messages live for ever."""
    return _set(emulator, named, replace(policies_of(emulator, named), message_ttl_seconds=None))


@routes("GET", _NAMESPACE + "/retention")
def retention(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Show what acknowledged messages are kept for."""
    kept = policies_of(emulator, named).retention
    return answer_setting(None if kept is None else shown_retention(kept))


@routes("POST", _NAMESPACE + "/retention")
def set_retention(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
    """Set what acknowledged messages are kept for; null and no body at all mean that it was never set."""
    body = read_object(request, "org.apache.pulsar.common.policies.data.RetentionPolicies")
    kept = None if read_json(request) is None else read_retention(body)
    if kept is not None and kept.is_half_nothing:
        return reason(400, INVALID_RETENTION)
    return _set(emulator, named, replace(policies_of(emulator, named), retention=kept))


def read_retention(body: dict[str, object]) -> RetentionPolicies:
    """Read the body of a call that sets the retention."""
    minutes, megabytes = body.get("retentionTimeInMinutes", 0), body.get("retentionSizeInMB", 0)
    if not isinstance(minutes, int) or not isinstance(megabytes, int):
        raise ErrorPage(400)
    return RetentionPolicies(minutes, megabytes)


@routes("DELETE", _NAMESPACE + "/retention")
def remove_retention(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Keep nothing that is acknowledged."""
    return _set(emulator, named, replace(policies_of(emulator, named), retention=None))


@routes("GET", _NAMESPACE + "/deduplication")
def deduplication(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Show whether messages are deduplicated."""
    return answer_setting(policies_of(emulator, named).deduplication)


@routes("POST", _NAMESPACE + "/deduplication")
def set_deduplication(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
    """Deduplicate messages, or do not."""
    return _set(emulator, named, replace(policies_of(emulator, named), deduplication=read_flag(request)))


@routes("DELETE", _NAMESPACE + "/deduplication")
def remove_deduplication(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Go back to the broker's own setting: off."""
    return _set(emulator, named, replace(policies_of(emulator, named), deduplication=None))


@routes("GET", _NAMESPACE + "/schemaCompatibilityStrategy")
def schema_compatibility(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Show the strategy that schemas are checked with."""
    return answer_json(policies_of(emulator, named).schema_compatibility or "UNDEFINED")


@routes("PUT", _NAMESPACE + "/schemaCompatibilityStrategy")
def set_schema_compatibility(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
    """Set the strategy that schemas are checked with."""
    strategy = read_json(request)
    if not isinstance(strategy, str):
        raise ErrorPage(400)
    return _set(emulator, named, replace(policies_of(emulator, named), schema_compatibility=_strategy(strategy)))


def _strategy(name: object) -> str | None:
    """Return a strategy; an unknown one is none, as Jackson reads it."""
    return name if isinstance(name, str) and name in STRATEGIES else None


@routes("GET", _NAMESPACE + "/schemaValidationEnforced")
def schema_validation(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Show whether clients without a schema are refused."""
    return answer_json(policies_of(emulator, named).schema_validation_enforced or False)


@routes("POST", _NAMESPACE + "/schemaValidationEnforced")
def set_schema_validation(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
    """Refuse clients without a schema, or do not."""
    return _set(emulator, named, replace(policies_of(emulator, named), schema_validation_enforced=read_flag(request)))


@routes("GET", _NAMESPACE + "/isAllowAutoUpdateSchema")
def schema_auto_update_allowed(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Show whether producers may bring new schemas."""
    return answer_json(policies_of(emulator, named).schema_auto_update is not False)


@routes("POST", _NAMESPACE + "/isAllowAutoUpdateSchema")
def set_schema_auto_update(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
    """Let producers bring new schemas, or do not."""
    return _set(emulator, named, replace(policies_of(emulator, named), schema_auto_update=read_flag(request)))


@routes("GET", _NAMESPACE + "/schemaAutoUpdateCompatibilityStrategy")
def schema_auto_update_strategy(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Show nothing: it is never set."""
    policies_of(emulator, named)
    return DONE


@routes("PUT", _NAMESPACE + "/schemaAutoUpdateCompatibilityStrategy")
def schema_auto_update(_emulator: Emulator, _request: Request, _named: dict[str, str]) -> Answer:
    """Refuse.

    Differs: this deprecated spelling of ``schemaCompatibilityStrategy`` is known by its path alone.
    """
    raise ErrorPage(501)


def _set(emulator: Emulator, named: dict[str, str], policies: Policies) -> Answer:
    emulator.broker.set_policies(namespace_name(named), policies)
    return DONE


def shown_retention(kept: RetentionPolicies) -> dict[str, int]:
    """Return a retention as calls show it."""
    return {"retentionTimeInMinutes": kept.time_minutes, "retentionSizeInMB": kept.size_mb}
