"""Policies of namespaces and topics, by the names that Pulsar's ``TopicPolicies`` and ``Policies`` give them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pfemu.broker.policies import Policies, RetentionPolicies
from pfemu.broker.schemas.schema_registry import STRATEGIES

if TYPE_CHECKING:
    from pfemu.cli.project.nodes import Node

_STRATEGIES = ("UNDEFINED", *STRATEGIES)
POLICY_FIELDS = (
    "retentionPolicies",
    "messageTTLInSeconds",
    "deduplicationEnabled",
    "schemaCompatibilityStrategy",
    "schemaValidationEnforced",
)
NAMESPACE_FIELDS = (*POLICY_FIELDS, "isAllowAutoUpdateSchema")


def read_policies(fields: dict[str, Node]) -> Policies:
    """Return the policies that are among fields.

    Raises:
        ConfigError: a value is none of its policy.
    """
    strategy = _chosen(fields.get("schemaCompatibilityStrategy"))
    return Policies(
        message_ttl_seconds=fields["messageTTLInSeconds"].whole(0) if "messageTTLInSeconds" in fields else None,
        retention=_retention(fields["retentionPolicies"]) if "retentionPolicies" in fields else None,
        deduplication=_flag(fields.get("deduplicationEnabled")),
        schema_compatibility=strategy,
        schema_validation_enforced=_flag(fields.get("schemaValidationEnforced")),
        schema_auto_update=_flag(fields.get("isAllowAutoUpdateSchema")),
    )


def _chosen(node: Node | None) -> str | None:
    name = None if node is None else node.choice(_STRATEGIES)
    return None if name == "UNDEFINED" else name


def _flag(node: Node | None) -> bool | None:
    return None if node is None else node.flag()


def _retention(node: Node) -> RetentionPolicies:
    fields = node.fields(("retentionTimeInMinutes", "retentionSizeInMB"))
    limits = (fields[name].whole(-1) if name in fields else 0 for name in ("retentionTimeInMinutes", "retentionSizeInMB"))
    retention = RetentionPolicies(*limits)
    if retention.is_half_nothing:  # PersistentTopicsBase, NamespacesBase: checkRetentionPolicies
        node.refuse("must limit both time and size or neither: one of the two is 0, which keeps nothing")
    return retention
