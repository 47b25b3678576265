"""Where topics are, and the bundles of a namespace; refusals first."""

import pytest

NAMESPACE = "/admin/v2/namespaces/public/default"
LOOKUP = "/lookup/v2/topic/persistent/public/default"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/lookup/v2/topic/nope/public/default/t", 500),
        ("/lookup/v2/topic/persistent/public/gone/t", 404),
        ("/lookup/v2/topic/persistent/public/default", 404),
        (f"{NAMESPACE}x/bundles", 404),
    ],
)
def test_a_place_that_is_none_is_refused(deployment, path, status):
    assert deployment.call("GET", path)[0] == status


def test_a_partition_is_nowhere_if_its_topic_has_fewer(deployment):
    deployment.call("PUT", "/admin/v2/persistent/public/default/p/partitions", 2)
    assert deployment.call("GET", f"{LOOKUP}/p-partition-1")[0] == 200
    reason = "Topic not found persistent://public/default/p-partition-7"
    assert deployment.call("GET", f"{LOOKUP}/p-partition-7") == (404, {"reason": reason})


@pytest.mark.parametrize(
    ("bundle", "status", "words"),
    [
        ("nope", 500, "Message: Invalid bundle range"),
        ("0x00000000_0x40000001", 412, "Expected upper boundary of public/default/0x00000000_0x40000000"),
        ("0x00000001_0x40000000", 412, "Invalid upper boundary for bundle public/default/0x00000001_0x40000000"),
    ],
)
def test_only_a_bundle_is_unloaded(deployment, bundle, status, words):
    answered, answer = deployment.call("PUT", f"{NAMESPACE}/{bundle}/unload")
    assert (answered, words in answer["reason"]) == (status, True)


def test_a_namespace_that_is_not_there_is_not_unloaded(deployment):
    assert deployment.call("PUT", "/admin/v2/namespaces/public/gone/unload") == (404, {"reason": "Namespace not found"})


def test_one_broker_has_every_topic_and_looking_for_one_makes_none(deployment):
    assert deployment.call("GET", f"{LOOKUP}/t")[1]["brokerUrl"] == "pulsar://127.0.0.1:6650"
    assert deployment.call("GET", "/admin/v2/persistent/public/default") == (200, [])


@pytest.mark.parametrize(
    ("topic", "bundle"),
    [
        ("zzz", "0x80000000_0xc0000000"),
        ("abc", "0x40000000_0x80000000"),
        ("q1", "0x80000000_0xc0000000"),
        ("hello", "0xc0000000_0xffffffff"),
    ],
)
def test_a_topic_is_in_the_bundle_of_its_hash(deployment, topic, bundle):
    assert deployment.call("GET", f"{LOOKUP}/{topic}/bundle") == (200, bundle)


def test_the_topics_of_a_bundle_are_unloaded_and_no_others(deployment):
    for topic in ("abc", "hello"):
        deployment.emulator.topic(topic).send("x")
    assert deployment.call("PUT", f"{NAMESPACE}/0x40000000_0x80000000/unload") == (204, None)
    for topic, entry in (("abc", 0), ("hello", 1)):
        deployment.emulator.topic(topic).send("y")
        assert deployment.call("GET", f"/admin/v2/persistent/public/default/{topic}/lastMessageId")[1]["entryId"] == entry
    assert deployment.call("PUT", f"{NAMESPACE}/unload") == (204, None)
    deployment.emulator.topic("hello").send("z")
    assert deployment.call("GET", "/admin/v2/persistent/public/default/hello/lastMessageId")[1]["entryId"] == 0
