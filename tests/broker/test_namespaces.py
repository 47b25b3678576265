"""Tenants and namespaces: what is refused, in the admin API's words."""

import pytest

from pfemu.broker.namespaces import Namespaces, TenantInfo
from pfemu.broker.policies import Policies, RetentionPolicies
from pfemu.broker.refusals import Conflict, NotFound, PreconditionFailed


@pytest.fixture
def namespaces():
    return Namespaces.of_standalone()


REFUSED = [
    (
        "create_tenant",
        (
            "a b",
            TenantInfo(),
        ),
        PreconditionFailed,
        "Tenant name is not valid",
    ),
    ("create_tenant", ("public", TenantInfo()), Conflict, "Tenant already exist"),
    ("create_tenant", ("x", TenantInfo(allowed_clusters=())), PreconditionFailed, "Clusters cannot be empty or blank"),
    ("create_tenant", ("x", TenantInfo(allowed_clusters=(" ",))), PreconditionFailed, "Clusters cannot be empty or blank"),
    ("create_tenant", ("x", TenantInfo(allowed_clusters=("nope",))), PreconditionFailed, "Clusters do not exist"),
    ("update_tenant", ("x", TenantInfo()), NotFound, "Tenant x not found"),
    ("update_tenant", ("public", TenantInfo(allowed_clusters=())), PreconditionFailed, "Clusters cannot be empty or blank"),
    ("tenant", ("x",), NotFound, "Tenant does not exist"),
    ("delete_tenant", ("x",), NotFound, "Tenant doesn't exist"),
    ("delete_tenant", ("public",), Conflict, "The tenant still has active namespaces"),
    ("create", ("public/a b",), PreconditionFailed, "Namespace name is not valid"),
    ("create", ("public",), PreconditionFailed, "Namespace name is not valid"),
    ("create", ("x/y",), NotFound, "Tenant does not exist"),
    ("create", ("public/default",), Conflict, "Namespace already exists"),
    ("delete", ("public/x",), NotFound, "Namespace public/x does not exist."),
    ("of_tenant", ("x",), NotFound, "Tenant not found"),
    ("policies_of", ("public/x",), NotFound, "Namespace does not exist"),
    (
        "set_policies",
        (
            "public/x",
            Policies(),
        ),
        NotFound,
        "Namespace does not exist",
    ),
]


@pytest.mark.parametrize(("method", "arguments", "kind", "text"), REFUSED, ids=[f"{row[0]} {row[1]}" for row in REFUSED])
def test_what_is_refused(namespaces, method, arguments, kind, text):
    with pytest.raises(kind) as caught:
        getattr(namespaces, method)(*arguments)
    assert str(caught.value) == text


def test_tenants_and_namespaces_come_and_go(namespaces):
    namespaces.create_tenant("mine", TenantInfo(("me",)))
    assert namespaces.tenant("mine").admin_roles == ("me",)
    namespaces.update_tenant("mine", TenantInfo(("you",)))
    assert namespaces.tenant("mine").admin_roles == ("you",)
    namespaces.create("mine/b", Policies(message_ttl_seconds=3))
    namespaces.create("mine/a")
    assert namespaces.of_tenant("mine") == ["mine/a", "mine/b"]
    assert namespaces.policies_of("mine/b").message_ttl_seconds == 3
    namespaces.delete("mine/a")
    namespaces.delete("mine/b")
    namespaces.delete_tenant("mine")
    assert sorted(namespaces.tenants) == ["public", "pulsar"]


def test_a_standalone_starts_with_its_own_namespaces(namespaces):
    assert namespaces.of_tenant("public") == ["public/default", "public/functions"]
    assert namespaces.of_tenant("pulsar") == ["pulsar/system"]


def test_policies_that_are_set_win_over_others():
    below = Policies(message_ttl_seconds=5, deduplication=True, retention=RetentionPolicies(1, 2))
    assert Policies(message_ttl_seconds=0, deduplication=False).over(below) == Policies(
        message_ttl_seconds=0, deduplication=False, retention=RetentionPolicies(1, 2)
    )
