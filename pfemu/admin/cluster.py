"""What a client asks about the cluster itself: clusters, health, workers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pfemu.admin.answer import Answer, ErrorPage, answer_json, error_page
from pfemu.admin.routes import Routes
from pfemu.broker.refusals import NotFound, PreconditionFailed
from pfemu.model.namespace_name import CLUSTER
from pfemu.model.pulsar_version import RECORDED_RELEASE
from pfemu.runtime.worker.runtime_spawner import WORKER_ID

if TYPE_CHECKING:
    from pfemu.admin.request import Request
    from pfemu.emulator import Emulator
    from pfemu.runtime.function import Function
    from pfemu.runtime.worker.functions_worker import Name

routes = Routes("/admin/v2")
_WORKER = {"workerId": WORKER_ID, "workerHostname": "127.0.0.1", "port": 8080}
BROKER = f"{_WORKER['workerHostname']}:{_WORKER['port']}"

_CLIENT_PORT = 6650
_FOR_CLIENTS = f"pulsar://{_WORKER['workerHostname']}:{_CLIENT_PORT}"
BROKER_ADDRESSES = {"brokerUrl": _FOR_CLIENTS, "httpUrl": f"http://{BROKER}", "nativeUrl": _FOR_CLIENTS, "brokerUrlSsl": ""}
"""Where a standalone broker is as it is delivered. Differs: a broker of this emulator may be elsewhere, or nowhere."""

_SETTINGS = {
    "clusterName": CLUSTER,
    "advertisedAddress": "127.0.0.1",
    "allowAutoSubscriptionCreation": "true",
    "allowAutoTopicCreation": "true",
    "allowAutoTopicCreationType": "non-partitioned",
    "acknowledgmentAtBatchIndexLevelEnabled": "false",
    "authenticationEnabled": "false",
    "authorizationEnabled": "false",
    "backlogQuotaCheckIntervalInSeconds": "60",
    "backlogQuotaDefaultLimitGB": "10.0",
    "brokerDeduplicationEnabled": "false",
    "brokerDeleteInactiveTopicsEnabled": "false",
    "defaultNumberOfNamespaceBundles": "4",
    "defaultRetentionSizeInMB": "0",
    "defaultRetentionTimeInMinutes": "0",
    "delayedDeliveryEnabled": "true",
    "delayedDeliveryTickTimeMillis": "1000",
    "enablePackagesManagement": "false",
    "forceDeleteNamespaceAllowed": "false",
    "forceDeleteTenantAllowed": "false",
    "isSchemaValidationEnforced": "false",
    "managedLedgerMaxEntriesPerLedger": "50000",
    "maxMessageSize": "5242880",
    "maxUnackedMessagesPerConsumer": "50000",
    "maxUnackedMessagesPerSubscription": "200000",
    "messageExpiryCheckIntervalInMinutes": "5",
    "schemaCompatibilityStrategy": "FULL",
    "topicLevelPoliciesEnabled": "true",
    "transactionCoordinatorEnabled": "false",
    "ttlDurationDefaultInSeconds": "0",
}


@routes("GET", "/clusters")
def clusters(_emulator: Emulator, _request: Request, _named: dict[str, str]) -> Answer:
    """List the clusters."""
    return answer_json([CLUSTER])


@routes("GET", "/clusters/{cluster}")
def cluster(_emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Show a cluster.

    Differs: it has no addresses, as nothing listens for clients.
    """
    if named["cluster"] != CLUSTER:
        raise NotFound("Cluster does not exist")
    return answer_json({})


@routes("GET", "/brokers/version")
def version(_emulator: Emulator, _request: Request, _named: dict[str, str]) -> Answer:
    """Show which Pulsar this behaves as."""
    return Answer(200, RECORDED_RELEASE.encode())


@routes("GET", "/brokers")
@routes("GET", "/brokers/{cluster}")
def brokers(_emulator: Emulator, _request: Request, _named: dict[str, str]) -> Answer:
    """List the brokers, whichever cluster is named."""
    return answer_json([BROKER])


@routes("GET", "/brokers/leaderBroker")
def leader_broker(_emulator: Emulator, _request: Request, _named: dict[str, str]) -> Answer:
    """Show the broker that leads."""
    return answer_json({"serviceUrl": f"http://{BROKER}", "brokerId": BROKER})


@routes("GET", "/brokers/ready")
@routes("GET", "/brokers/health")
def health(_emulator: Emulator, request: Request, _named: dict[str, str]) -> Answer:
    """Say that the broker is there."""
    if request.query.get("topicVersion", "V2") not in {"V1", "V2"}:
        raise ErrorPage(404)
    return Answer(200, b"ok")


@routes("GET", "/brokers/backlog-quota-check")
def check_backlogs(emulator: Emulator, _request: Request, _named: dict[str, str]) -> Answer:
    """Look at the backlogs of all topics now."""
    emulator.engine.check_backlogs()
    return Answer(204)


@routes("GET", "/brokers/configuration/values")
@routes("GET", "/bookies/racks-info")
@routes("GET", "/clusters/{cluster}/failureDomains")
def nothing_set(_emulator: Emulator, _request: Request, _named: dict[str, str]) -> Answer:
    """Show that nothing of the kind was ever set."""
    return answer_json({})


@routes("POST", "/brokers/configuration/{name}/{value}")
def set_configuration(_emulator: Emulator, _request: Request, _named: dict[str, str]) -> Answer:
    """Refuse.

    Differs: no setting of the broker is changed while it runs; a real one has some that can be.
    """
    raise PreconditionFailed("Can't update non-dynamic configuration")


@routes("DELETE", "/brokers/configuration/{name}")
def remove_configuration(_emulator: Emulator, _request: Request, _named: dict[str, str]) -> Answer:
    """Refuse, as above."""
    raise PreconditionFailed("Can't delete non-dynamic configuration")


@routes("GET", "/brokers/configuration/runtime")
def runtime_configuration(_emulator: Emulator, _request: Request, _named: dict[str, str]) -> Answer:
    """Show the broker's settings, as texts.

    Differs: those that the emulator behaves by, of some five hundred.
    """
    return answer_json(_SETTINGS)


@routes("GET", "/clusters/{cluster}/namespaceIsolationPolicies")
def isolation_policies(_emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Refuse: no namespace is kept apart."""
    if named["cluster"] != CLUSTER:
        raise NotFound(f"Cluster {named['cluster']} does not exist.")
    raise NotFound(f"NamespaceIsolationPolicies for cluster {CLUSTER} does not exist")


@routes("GET", "/resource-quotas")
def resource_quotas(_emulator: Emulator, _request: Request, _named: dict[str, str]) -> Answer:
    """Show what a bundle is expected to need at first."""
    rates = {"msgRateIn": 40.0, "msgRateOut": 120.0, "bandwidthIn": 100_000.0, "bandwidthOut": 300_000.0}
    return answer_json({**rates, "memory": 80.0, "dynamic": True})


@routes("GET", "/bookies/all")
def bookies(_emulator: Emulator, _request: Request, _named: dict[str, str]) -> Answer:
    """List the bookies.

    Differs: there are none.
    """
    return answer_json({"bookies": []})


@routes("GET", "/bookies/racks-info/{bookie}")
def rack(_emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Refuse: no bookie has a rack."""
    raise NotFound(f"Bookie rack placement configuration not found: {named['bookie']}")


@routes("GET", "/worker/drain")
@routes("GET", "/worker/leader/drain")
def drain_status(_emulator: Emulator, _request: Request, _named: dict[str, str]) -> Answer:
    """Stumble, as a worker whose assignments are never drained."""
    return error_page(500, "GET", title="Internal Server Error")


@routes("GET", "/worker/cluster")
def workers(_emulator: Emulator, _request: Request, _named: dict[str, str]) -> Answer:
    """List the workers."""
    return answer_json([_WORKER])


@routes("GET", "/worker/cluster/leader")
def leader(_emulator: Emulator, _request: Request, _named: dict[str, str]) -> Answer:
    """Show the worker that leads."""
    return answer_json(_WORKER)


@routes("GET", "/worker/cluster/leader/ready")
def leader_ready(_emulator: Emulator, _request: Request, _named: dict[str, str]) -> Answer:
    """Say that the worker that leads is there."""
    return Answer(200, b"true")


@routes("GET", "/worker/connectors")
def connectors(_emulator: Emulator, _request: Request, _named: dict[str, str]) -> Answer:
    """List the connectors that are built in: none."""
    return answer_json([])


@routes("GET", "/worker-stats/functionsmetrics")
def functions_metrics(emulator: Emulator, _request: Request, _named: dict[str, str]) -> Answer:
    """Show the figures of all instances."""
    functions = [handle.function for handle in emulator.functions.values()]
    return answer_json(
        [
            {"name": f"{function.fqfn}:{number}", "metrics": emulator.worker.instance_stats(_name(function), number)}
            for function in functions
            for number in range(function.details.parallelism)
        ]
    )


def _name(function: Function) -> Name:
    return function.details.tenant, function.details.namespace, function.details.name


@routes("GET", "/worker/assignments")
def assignments(emulator: Emulator, _request: Request, _named: dict[str, str]) -> Answer:
    """Show which worker runs which instances."""
    functions = [handle.function for handle in emulator.functions.values()]
    instances = [f"{function.fqfn}:{number}" for function in functions for number in range(function.details.parallelism)]
    return answer_json({WORKER_ID: instances} if instances else {})
