"""What a namespace keeps: retention and backlog quotas, each of which must leave room for the other (``NamespacesBase.checkQuotas``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pfemu.admin.answer import Answer, UnexpectedError, answer_json, answer_setting
from pfemu.admin.namespaces.namespace_policies import change, not_there
from pfemu.admin.namespaces.policy_calls import POLICY_DATA, as_part, quota_kind, read_quota, read_retention, shown_quotas
from pfemu.admin.paths import namespace_name, policies_of
from pfemu.admin.routes import Routes
from pfemu.broker.policies import BROKER_QUOTA, DESTINATION_STORAGE, BacklogQuota, RetentionPolicies
from pfemu.broker.refusals import PreconditionFailed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pfemu.admin.request import Request
    from pfemu.emulator import Emulator

routes = Routes("/admin/v2/namespaces/{tenant}/{namespace}")


def _fit(quotas: Mapping[str, BacklogQuota], retention: RetentionPolicies | None) -> bool:
    """Whether both leave room for each other; without any quota nothing is looked at, without one of the size the broker's counts."""
    return not quotas or quotas.get(DESTINATION_STORAGE, BROKER_QUOTA).fits(retention)


@routes("GET", "/retention")
def retention(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Show what acknowledged messages are kept for."""
    kept = policies_of(emulator, named).retention
    return answer_setting(None if kept is None else as_part(kept))


@routes("POST", "/retention")
def set_retention(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
    """Set what acknowledged messages are kept for; null and no body at all mean that it was never set."""
    kept = read_retention(request)
    if not _fit(policies_of(emulator, named).backlog_quotas or {}, kept):
        raise PreconditionFailed("Retention Quota must exceed configured backlog quota for namespace.")
    return change(emulator, named, retention=kept)


@routes("DELETE", "/retention")
def remove_retention(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Keep nothing that is acknowledged."""
    return change(emulator, named, retention=None)


@routes("GET", "/backlogQuotaMap")
def backlog_quotas(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Show how large or old a backlog may become, by kind."""
    return answer_json(shown_quotas(policies_of(emulator, named).backlog_quotas or {}))


@routes("POST", "/backlogQuota")
def set_backlog_quota(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
    """Set how large or old a backlog may become."""
    kind, quota = quota_kind(request), read_quota(request, named)
    if quota is None:
        raise UnexpectedError(f'Cannot invoke "{POLICY_DATA}.BacklogQuota.validate()" because "quota" is null')
    policies = emulator.broker.namespaces.policies.get(namespace_name(named))
    if policies is None:
        return not_there("")
    quotas = {**(policies.backlog_quotas or {}), kind: quota}
    if not _fit(quotas, policies.retention):
        raise PreconditionFailed(
            "Backlog Quota exceeds configured retention quota for namespace. Please increase retention quota and retry"
        )
    return change(emulator, named, backlog_quotas=quotas)


@routes("DELETE", "/backlogQuota")
def remove_backlog_quota(emulator: Emulator, request: Request, named: dict[str, str]) -> Answer:
    """Go back to the broker's own."""
    kind = quota_kind(request)
    policies = emulator.broker.namespaces.policies.get(namespace_name(named))
    if policies is None:
        return not_there("")
    left = {other: quota for other, quota in (policies.backlog_quotas or {}).items() if other != kind}
    return change(emulator, named, backlog_quotas=left or None)
