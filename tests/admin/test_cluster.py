"""What a broker and a worker say of themselves; refusals first."""

import pytest

from pfemu.broker.policies import DESTINATION_STORAGE, BacklogQuota, BacklogQuotaPolicy, Policies


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/admin/v2/brokers/health?topicVersion=V9", 404),
        ("POST", "/admin/v2/brokers/configuration/nope/1", 412),
        ("DELETE", "/admin/v2/brokers/configuration/nope", 412),
        ("GET", "/admin/v2/bookies/racks-info/nope", 404),
        ("GET", "/admin/v2/worker/drain", 500),
        ("GET", "/admin/v2/clusters/nope/namespaceIsolationPolicies", 404),
        ("GET", "/admin/v2/clusters/standalone/namespaceIsolationPolicies", 404),
    ],
)
def test_what_a_broker_does_not_do_is_refused(deployment, method, path, status):
    assert deployment.call(method, path)[0] == status


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/admin/v2/clusters", ["standalone"]),
        ("/admin/v2/brokers/health", "ok"),
        ("/admin/v2/brokers/health?topicVersion=V1", "ok"),
        ("/admin/v2/brokers/configuration/values", {}),
        ("/admin/v2/bookies/racks-info", {}),
        ("/admin/v2/bookies/all", {"bookies": []}),
    ],
)
def test_the_cluster_is_one_and_in_health(deployment, path, shown):
    assert deployment.call("GET", path) == (200, shown)


def test_backlogs_are_looked_at_when_somebody_asks(deployment):
    deployment.call("PUT", "/admin/v2/persistent/public/default/t/subscription/s", "earliest")
    deployment.emulator.topic("t").send("x" * 100)
    quota = BacklogQuota(limit_size=50, policy=BacklogQuotaPolicy.CONSUMER_BACKLOG_EVICTION)
    deployment.emulator.broker.set_policies("public/default", Policies(backlog_quotas={DESTINATION_STORAGE: quota}))
    deployment.emulator.topic("t").send("y" * 100)
    assert deployment.call("GET", "/admin/v2/brokers/backlog-quota-check") == (204, None)
    assert deployment.emulator.topic("t").backlog("s") == 1


def test_a_broker_shows_what_it_behaves_by(deployment):
    settings = deployment.call("GET", "/admin/v2/brokers/configuration/runtime")[1]
    assert (settings["clusterName"], settings["maxMessageSize"]) == ("standalone", "5242880")
    assert deployment.call("GET", "/admin/v2/resource-quotas")[1]["memory"] == 80.0
