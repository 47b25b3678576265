import pytest
from hypothesis import given
from hypothesis import strategies as st

from pfemu.errors import InvalidTopicName
from pfemu.model.namespace_name import NamespaceName, namespace_problem, tenant_name_problem

names = st.text("abc019-_=:.", min_size=1).filter(lambda name: name not in {".", ".."})


@pytest.mark.parametrize(
    "text",
    [
        "public",
        "/",
        "public/",
        "/default",
        "public//default",
        "a/b/c/d",
        "pub lic/default",
        "public/de fault",
        "public/dé",
        "/public/default",
        "a//b",
    ],
)
def test_what_java_refuses_is_refused_in_its_words(text):
    with pytest.raises(InvalidTopicName) as refusal:
        NamespaceName.parse(text)
    assert (
        str(refusal.value) == f"Invalid namespace format. expected <tenant>/<namespace> or <tenant>/<cluster>/<namespace> but got: {text}"
    )


@pytest.mark.parametrize("text", ["public/default/", "public/.", "../x", "a/../b"])
def test_what_java_takes_but_nothing_can_be_found_by_is_refused(text):
    with pytest.raises(InvalidTopicName):
        NamespaceName.parse(text)


def test_no_text_is_refused_in_other_words():
    with pytest.raises(InvalidTopicName) as refusal:
        NamespaceName.parse("")
    assert str(refusal.value) == "Invalid null namespace: "


@pytest.mark.parametrize("tenant", ["a b", "a,b", "é", "a/b", "a%2Fb", "", ".", "..", "a\n"])
def test_a_tenant_cannot_be_named_just_anything(tenant):
    assert tenant_name_problem(tenant) == "Tenant name is not valid"


def test_the_first_bad_name_is_named():
    assert namespace_problem("a b", "c d") == "Invalid named entity: a b"
    assert namespace_problem("a", "c d", "e f") == "Invalid named entity: c d"
    assert namespace_problem("a b", "", "c") == "Invalid namespace format. namespace: a b//c"
    assert namespace_problem("a-b_c=d:e.f9", "G") is None


@given(names, names)
def test_a_namespace_is_tenant_and_namespace(tenant, local_name):
    namespace = NamespaceName.parse(f"{tenant}/{local_name}")
    assert (namespace.tenant, namespace.cluster, namespace.local_name) == (tenant, None, local_name)
    assert str(namespace) == namespace.full == f"{tenant}/{local_name}"
    assert tenant_name_problem(tenant) is None


def test_a_namespace_from_before_pulsar_2_has_a_cluster():
    namespace = NamespaceName.parse("public/c/default")
    assert (namespace.tenant, namespace.cluster, namespace.local_name) == ("public", "c", "default")
    assert namespace == NamespaceName.parse("public/c/default") != NamespaceName.parse("public/default")
