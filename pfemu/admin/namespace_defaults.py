"""What a namespace answers to questions about policies that nothing here would follow (``NamespacesBase``).

Differs: these policies can be asked for, and are as in a new namespace; to set one is refused with 405.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pfemu.admin.answer import DONE, Answer, answer_json
from pfemu.admin.paths import policies_of
from pfemu.admin.routes import Handler, Routes
from pfemu.model.namespace_name import CLUSTER

if TYPE_CHECKING:
    from pfemu.admin.request import Request
    from pfemu.emulator import Emulator

routes = Routes("/admin/v2/namespaces/{tenant}/{namespace}")

BUNDLES = {"boundaries": ["0x00000000", "0x40000000", "0x80000000", "0xc0000000", "0xffffffff"], "numBundles": 4}
AS_NEW: dict[str, object] = {
    "auth_policies": {"namespace_auth": {}, "destination_auth": {}, "subscription_auth_roles": {}},
    "replication_clusters": [CLUSTER],
    "allowed_clusters": [],
    "bundles": BUNDLES,
    "backlog_quota_map": {},
    "clusterDispatchRate": {},
    "topicDispatchRate": {},
    "subscriptionDispatchRate": {},
    "replicatorDispatchRate": {},
    "clusterSubscribeRate": {},
    "publishMaxMessageRate": {},
    "latency_stats_sample_rate": {},
    "deleted": False,
    "encryption_required": False,
    "subscription_auth_mode": "None",
    "offload_threshold": -1,
    "offload_threshold_in_seconds": -1,
    "schema_compatibility_strategy": "UNDEFINED",
    "is_allow_auto_update_schema": True,
    "schema_validation_enforced": False,
    "subscription_types_enabled": [],
    "properties": {},
    "migrated": False,
    "clusterThatCanDeleteNamespace": CLUSTER,
}
"""All policies of a new namespace, as the namespace itself is shown."""

_NOT_SET = Answer(200)
_ANSWERS: dict[str, Answer] = {
    **dict.fromkeys(("dispatchRate", "subscribeRate", "publishRate", "subscriptionDispatchRate", "replicatorDispatchRate"), _NOT_SET),
    **dict.fromkeys(("delayedDelivery", "inactiveTopicPolicies", "compactionThreshold", "subscriptionExpirationTime"), _NOT_SET),
    **dict.fromkeys(
        ("offloadDeletionLagMs", "offloadPolicies", "deduplicationSnapshotInterval", "resourcegroup", "entryFilters"), _NOT_SET
    ),
    **dict.fromkeys(("offloadThreshold", "offloadThresholdInSeconds"), answer_json(-1)),
    **dict.fromkeys(("encryptionRequired", "dispatcherPauseOnAckStatePersistent"), Answer(200, b"false")),
    **dict.fromkeys(("backlogQuotaMap", "properties", "permissions/subscription"), answer_json({})),
    "property/{property}": _NOT_SET,
    "allowedClusters": answer_json([]),
    "subscriptionAuthMode": answer_json("None"),
    "antiAffinity": DONE,
    "bundles": answer_json(BUNDLES),
}


def _default(answer: Answer) -> Handler:
    def default(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
        """Show what was never set, of a namespace that there is."""
        policies_of(emulator, named)
        return answer

    return default


for _path, _answer in _ANSWERS.items():
    routes("GET", f"/{_path}")(_default(_answer))
