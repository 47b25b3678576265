"""Tenants and namespaces by the admin API; refusals first."""

import pytest

NAMESPACE = "/admin/v2/namespaces/public/default"


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "reason"),
    [
        ("PUT", "/tenants/public", {"allowedClusters": ["standalone"]}, 409, "Tenant already exist"),
        ("PUT", "/tenants/x", {"allowedClusters": []}, 412, "Clusters cannot be empty or blank"),
        ("PUT", "/tenants/x", {"allowedClusters": ["nope"]}, 412, "Clusters do not exist"),
        ("POST", "/tenants/x", {"allowedClusters": ["standalone"]}, 404, "Tenant x not found"),
        ("GET", "/tenants/x", None, 404, "Tenant does not exist"),
        ("DELETE", "/tenants/x", None, 404, "Tenant doesn't exist"),
        ("DELETE", "/tenants/public", None, 409, "The tenant still has active namespaces"),
        ("DELETE", "/tenants/public?force=true", None, 405, "Broker doesn't allow forced deletion of tenants"),
        (
            "PUT",
            "/tenants/x",
            {"adminRoles": [" a"], "allowedClusters": ["standalone"]},
            412,
            "AdminRoles contains whitespace in the beginning or end.",
        ),
        ("PUT", "/tenants/x", {"allowedClusters": [None]}, 412, "Clusters cannot be empty or blank"),
        (
            "PUT",
            "/namespaces/public/y",
            {"replication_clusters": ["nope"]},
            403,
            "Cluster [nope] is not in the list of allowed clusters list for tenant [public]",
        ),
        ("PUT", "/namespaces/public/y", {"message_ttl_in_seconds": -5}, 412, "Invalid value for message TTL"),
        ("PUT", "/namespaces/public/default", {}, 409, "Namespace already exists"),
        ("PUT", "/namespaces/x/y", {}, 404, "Tenant does not exist"),
        ("GET", "/namespaces/public/x", None, 404, "Namespace does not exist"),
        ("POST", "/namespaces/public/default/messageTTL", -1, 412, "Invalid value for message TTL, message TTL must >= 0"),
    ],
)
def test_tenants_and_namespaces_are_refused_in_the_words_of_the_broker(deployment, method, path, body, status, reason):
    assert deployment.call(method, "/admin/v2" + path, body) == (status, {"reason": reason})


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/tenants/x", [1]),
        ("/tenants/x", {"adminRoles": "x"}),
        ("/namespaces/public/default/deduplication", "x"),
        ("/namespaces/public/default/retention", {"retentionTimeInMinutes": "x"}),
    ],
)
def test_a_body_of_another_form_is_400(deployment, path, body):
    assert deployment.call("POST", "/admin/v2" + path, body)[0] == 400


def test_tenants_and_namespaces_come_and_go(deployment):
    assert deployment.call("PUT", "/admin/v2/tenants/x", {"adminRoles": ["a"], "allowedClusters": ["standalone"]}) == (204, None)
    assert deployment.call("GET", "/admin/v2/tenants/x")[1] == {"adminRoles": ["a"], "allowedClusters": ["standalone"]}
    assert deployment.call("POST", "/admin/v2/tenants/x", {"allowedClusters": ["standalone"]}) == (204, None)
    assert "x" in deployment.call("GET", "/admin/v2/tenants")[1]
    assert deployment.call("PUT", "/admin/v2/namespaces/x/y", {}) == (204, None)
    assert deployment.call("GET", "/admin/v2/namespaces/x") == (200, ["x/y"])
    assert deployment.call("DELETE", "/admin/v2/namespaces/x/y") == (204, None)
    assert deployment.call("DELETE", "/admin/v2/tenants/x") == (204, None)


def test_a_namespace_is_made_with_policies(deployment):
    kept = {"retentionTimeInMinutes": 5, "retentionSizeInMB": 5}
    body = {
        "message_ttl_in_seconds": 60,
        "retention_policies": kept,
        "deduplicationEnabled": True,
        "schema_compatibility_strategy": "BACKWARD",
    }
    assert deployment.call("PUT", "/admin/v2/namespaces/public/made", body) == (204, None)
    assert deployment.call("GET", "/admin/v2/namespaces/public/made/messageTTL") == (200, 60)
    assert deployment.call("GET", "/admin/v2/namespaces/public/made/retention") == (200, kept)
    assert deployment.call("GET", "/admin/v2/namespaces/public/made/deduplication") == (200, True)
    assert deployment.call("GET", "/admin/v2/namespaces/public/made/schemaCompatibilityStrategy") == (200, "BACKWARD")
    assert deployment.call("PUT", "/admin/v2/namespaces/public/other", {"message_ttl_in_seconds": "x"})[0] == 400


def test_a_namespace_has_a_name_of_one_part(deployment):
    assert deployment.call("PUT", "/admin/v2/namespaces/public/a%2Fb", {}) == (412, {"reason": "Namespace name is not valid"})


@pytest.mark.parametrize(("body", "reason"), [(None, "TenantInfo is null"), ({}, "Clusters cannot be null")])
def test_a_tenant_has_clusters(deployment, body, reason):
    assert deployment.call("PUT", "/admin/v2/tenants/x", body) == (412, {"reason": reason})


def test_a_tenant_is_an_object(deployment):
    status, text = deployment.call("PUT", "/admin/v2/tenants/x", [])
    words = "Cannot deserialize value of type `org.apache.pulsar.common.policies.data.TenantInfoImpl` from Array value"
    assert (status, text.startswith(words)) == (400, True)


def test_a_tenant_shows_its_roles_once_they_were_given(deployment):
    deployment.call("PUT", "/admin/v2/tenants/mine", {"allowedClusters": ["standalone"]})
    assert deployment.call("GET", "/admin/v2/tenants/mine") == (200, {"allowedClusters": ["standalone"]})
    deployment.call("POST", "/admin/v2/tenants/mine", {"adminRoles": ["r"], "allowedClusters": ["standalone"]})
    assert deployment.call("GET", "/admin/v2/tenants/mine")[1]["adminRoles"] == ["r"]


def test_what_is_said_twice_of_a_tenant_is_shown_once(deployment):
    deployment.call("PUT", "/admin/v2/tenants/mine", {"adminRoles": ["b", "a", "b"], "allowedClusters": ["standalone", "global"]})
    shown = deployment.call("GET", "/admin/v2/tenants/mine")[1]
    assert (shown["adminRoles"], set(shown["allowedClusters"])) == (["a", "b"], {"standalone", "global"})


def test_a_namespace_is_not_made_with_half_a_retention(deployment):
    half = {"retention_policies": {"retentionTimeInMinutes": 10}}
    assert deployment.call("PUT", "/admin/v2/namespaces/public/y", half)[0] == 400
