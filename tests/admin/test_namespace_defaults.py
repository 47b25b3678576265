"""Policies of a namespace that can only be asked for."""

import pytest

NAMESPACE = "/admin/v2/namespaces/public/default"


@pytest.mark.parametrize("policy", ["dispatchRate", "properties", "property/a", "antiAffinity", "encryptionRequired"])
def test_a_namespace_that_is_not_there_has_no_policies(deployment, policy):
    answer = deployment.call("GET", f"/admin/v2/namespaces/public/nope/{policy}")
    assert answer == (404, {"reason": "Namespace does not exist"})


@pytest.mark.parametrize("policy", ["dispatchRate", "backlogQuotaMap", "compactionThreshold", "encryptionRequired"])
def test_a_policy_that_nothing_would_follow_cannot_be_set(deployment, policy):
    assert deployment.call("POST", f"{NAMESPACE}/{policy}", {})[0] == 405


@pytest.mark.parametrize(
    ("policy", "answer"),
    [
        ("dispatchRate", (200, None)),
        ("property/a", (200, None)),
        ("properties", (200, {})),
        ("backlogQuotaMap", (200, {})),
        ("offloadThreshold", (200, -1)),
        ("encryptionRequired", (200, False)),
        ("subscriptionAuthMode", (200, "None")),
        ("allowedClusters", (200, [])),
        ("antiAffinity", (204, None)),
    ],
)
def test_a_policy_that_nobody_sets_is_as_in_a_new_namespace(deployment, policy, answer):
    assert deployment.call("GET", f"{NAMESPACE}/{policy}") == answer
