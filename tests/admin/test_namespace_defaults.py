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


def test_a_namespace_is_shown_with_all_policies_and_those_that_were_set(deployment):
    new = deployment.call("GET", NAMESPACE)[1]
    assert (new["bundles"]["numBundles"], new["is_allow_auto_update_schema"], new["schema_compatibility_strategy"]) == (
        4,
        True,
        "UNDEFINED",
    )
    deployment.call("POST", f"{NAMESPACE}/subscriptionTypesEnabled", ["Shared"])
    changed = deployment.call("GET", NAMESPACE)[1]
    assert changed == new | {"subscription_types_enabled": ["Shared"]}
    assert deployment.call("GET", f"{NAMESPACE}/bundles") == (200, new["bundles"])


def test_a_tenant_shows_its_roles_once_they_were_given(deployment):
    deployment.call("PUT", "/admin/v2/tenants/mine", {"allowedClusters": ["standalone"]})
    assert deployment.call("GET", "/admin/v2/tenants/mine") == (200, {"allowedClusters": ["standalone"]})
    deployment.call("POST", "/admin/v2/tenants/mine", {"adminRoles": ["r"], "allowedClusters": ["standalone"]})
    assert deployment.call("GET", "/admin/v2/tenants/mine")[1]["adminRoles"] == ["r"]
