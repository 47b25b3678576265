"""Policies and properties of one topic; refusals first."""

import pytest

TOPIC = "/admin/v2/persistent/public/default/t"
NAMESPACE = "/admin/v2/namespaces/public/default"
CALLS = [
    ("GET", "/messageTTL"),
    ("POST", "/retention"),
    ("GET", "/deduplicationEnabled"),
    ("GET", "/properties"),
    ("GET", "/subscription/s/properties"),
]


@pytest.mark.parametrize(("method", "call"), CALLS)
def test_a_topic_that_is_not_there_is_404(deployment, method, call):
    body = {"retentionTimeInMinutes": 1, "retentionSizeInMB": 1} if method == "POST" else None
    assert deployment.call(method, TOPIC + call, body) == (404, {"reason": "Topic persistent://public/default/t not found"})


def test_a_time_to_live_is_a_number_and_not_negative(deployment):
    deployment.call("PUT", TOPIC)
    assert deployment.call("POST", TOPIC + "/messageTTL?messageTTL=x")[0] == 404
    reason = "Invalid value for message TTL, message TTL must >= 0"
    assert deployment.call("POST", TOPIC + "/messageTTL?messageTTL=-1") == (412, {"reason": reason})


def test_a_retention_has_two_limits_or_none(deployment):
    deployment.call("PUT", TOPIC)
    assert deployment.call("POST", TOPIC + "/retention", {"retentionTimeInMinutes": 1, "retentionSizeInMB": 0})[0] == 400


def test_a_subscription_that_is_not_there_has_no_properties(deployment):
    deployment.call("PUT", TOPIC)
    assert deployment.call("PUT", TOPIC + "/subscription/s/properties", {"a": "b"})[0] == 404


@pytest.mark.parametrize(
    ("policy", "call", "body", "shown"),
    [
        ("messageTTL", "/messageTTL?messageTTL=7", None, 7),
        ("deduplicationEnabled", "/deduplicationEnabled", True, True),
        (
            "retention",
            "/retention",
            {"retentionTimeInMinutes": -1, "retentionSizeInMB": 5},
            {"retentionTimeInMinutes": -1, "retentionSizeInMB": 5},
        ),
    ],
)
def test_a_policy_is_set_shown_and_taken_back(deployment, policy, call, body, shown):
    deployment.call("PUT", TOPIC + "/partitions", 2)
    assert deployment.call("GET", f"{TOPIC}/{policy}") == (200, None)
    assert deployment.call("POST", TOPIC + call, body) == (204, None)
    assert deployment.call("GET", f"{TOPIC}/{policy}") == (200, shown)
    assert deployment.call("GET", f"{TOPIC}-partition-1/{policy}") == (200, shown)
    assert deployment.call("DELETE", f"{TOPIC}/{policy}") == (204, None)
    assert deployment.call("GET", f"{TOPIC}/{policy}") == (200, None)


def test_a_policy_of_the_namespace_counts_and_is_not_the_topics(deployment):
    deployment.call("PUT", TOPIC)
    deployment.call("POST", NAMESPACE + "/messageTTL", 9)
    assert deployment.call("GET", TOPIC + "/messageTTL") == (200, None)
    assert deployment.call("GET", TOPIC + "/messageTTL?applied=true") == (200, 9)


def test_a_time_to_live_of_a_topic_expires_its_messages(deployment):
    deployment.call("PUT", TOPIC)
    deployment.call("PUT", TOPIC + "/subscription/s")
    deployment.call("POST", TOPIC + "/messageTTL?messageTTL=60")
    deployment.emulator.topic("t").send("a")
    deployment.emulator.advance(400)
    assert deployment.emulator.topic("t").backlog("s") == 0


def test_a_topic_is_noted_of_what_somebody_wants(deployment):
    deployment.call("PUT", TOPIC)
    assert deployment.call("GET", TOPIC + "/properties") == (200, {})
    assert deployment.call("PUT", TOPIC + "/properties", {"owner": "me", "team": "a"}) == (204, None)
    assert deployment.call("DELETE", TOPIC + "/properties?key=owner") == (204, None)
    assert deployment.call("GET", TOPIC + "/properties") == (200, {"team": "a"})


def test_properties_of_a_subscription_are_shown_with_it(deployment):
    deployment.call("PUT", TOPIC + "/subscription/s")
    assert deployment.call("PUT", TOPIC + "/subscription/s/properties", {"a": "b"}) == (204, None)
    assert deployment.call("GET", TOPIC + "/subscription/s/properties") == (200, {"a": "b"})
    assert deployment.call("GET", TOPIC + "/stats")[1]["subscriptions"]["s"]["subscriptionProperties"] == {"a": "b"}


def test_nobody_needs_leave(deployment):
    assert deployment.call("GET", TOPIC + "/permissions") == (200, {})
    assert deployment.call("GET", NAMESPACE + "/permissions") == (200, {})
    assert deployment.call("GET", "/admin/v2/namespaces/public/nope/permissions")[0] == 404


def test_a_topic_is_made_with_properties(deployment):
    made = "/admin/v2/persistent/public/default/made"
    assert deployment.call("PUT", made, {"owner": "me"}) == (204, None)
    assert deployment.call("GET", made + "/properties") == (200, {"owner": "me"})
