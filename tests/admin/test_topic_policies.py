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
            {"retentionTimeInMinutes": -1, "retentionSizeInMB": -1},
            {"retentionTimeInMinutes": -1, "retentionSizeInMB": -1},
        ),
    ],
)
def test_a_policy_is_set_shown_and_taken_back(deployment, policy, call, body, shown):
    deployment.call("PUT", TOPIC + "/partitions", 2)
    assert deployment.call("GET", f"{TOPIC}/{policy}") == (200, None)
    assert deployment.call("POST", TOPIC + call, body) == (204, None)
    assert deployment.call("GET", f"{TOPIC}/{policy}") == (200, shown)
    assert deployment.call("DELETE", f"{TOPIC}/{policy}") == (204, None)
    assert deployment.call("GET", f"{TOPIC}/{policy}") == (200, None)


LIMITS = [
    ("maxProducers", "POST", "maxProducers must be 0 or more", (200, None)),
    ("maxConsumers", "POST", "maxConsumers must be 0 or more", (200, None)),
    ("maxConsumersPerSubscription", "POST", "Invalid value for maxConsumersPerSubscription", (204, None)),
    ("maxSubscriptionsPerTopic", "POST", "maxSubscriptionsPerTopic must be 0 or more", (204, None)),
    ("maxUnackedMessagesOnConsumer", "POST", "maxUnackedNum must be 0 or more", (200, None)),
    ("maxUnackedMessagesOnSubscription", "POST", "maxUnackedNum must be 0 or more", (200, None)),
    ("compactionThreshold", "POST", "Invalid value for compactionThreshold", (200, None)),
    ("deduplicationSnapshotInterval", "POST", "interval must be 0 or more", (200, None)),
]


@pytest.mark.parametrize(("policy", "method", "reason", "unset"), LIMITS)
def test_a_limit_of_a_topic_is_not_negative(deployment, policy, method, reason, unset):
    deployment.call("PUT", TOPIC)
    assert deployment.call("GET", f"{TOPIC}/{policy}") == unset
    assert deployment.call(method, f"{TOPIC}/{policy}", -1) == (412, {"reason": reason})
    assert deployment.call(method, f"{TOPIC}/{policy}", 5) == (204, None)
    assert deployment.call("GET", f"{TOPIC}/{policy}") == (200, 5)
    assert deployment.call("DELETE", f"{TOPIC}/{policy}") == (204, None)
    assert deployment.call("GET", f"{TOPIC}/{policy}") == unset


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_a_partition_has_no_policies_of_its_own(deployment, method):
    deployment.call("PUT", TOPIC + "/partitions", 2)
    expected = (412, {"reason": "Not allowed to set/get topic policy for a partition"})
    assert deployment.call(method, f"{TOPIC}-partition-1/dispatchRate", {} if method == "POST" else None) == expected


def test_a_topic_retains_no_more_than_the_largest_backlog(deployment):
    deployment.call("PUT", TOPIC)
    reason = "Retention Quota must exceed configured backlog quota for topic. Please increase retention quota and retry"
    kept = {"retentionTimeInMinutes": 5, "retentionSizeInMB": 5}
    assert deployment.call("POST", TOPIC + "/retention", kept) == (412, {"reason": reason})
    quota = {"limitSize": 5, "policy": "producer_exception"}
    deployment.call("POST", TOPIC + "/backlogQuota", quota)
    deployment.call("POST", TOPIC + "/backlogQuota?backlogQuotaType=message_age", quota)
    assert deployment.call("POST", TOPIC + "/retention", kept) == (204, None)
    reason = "Backlog Quota exceeds configured retention quota for topic. Please increase retention quota and retry"
    assert deployment.call("POST", TOPIC + "/backlogQuota", quota | {"limitSize": 5 << 20}) == (412, {"reason": reason})


def test_a_quota_of_a_topic_counts_beside_its_namespaces(deployment):
    deployment.call("PUT", TOPIC)
    assert deployment.call("GET", TOPIC + "/backlogQuotaMap") == (200, {})
    broker = {"limit": 10 << 30, "limitSize": 10 << 30, "limitTime": -1, "policy": "producer_request_hold"}
    assert deployment.call("GET", TOPIC + "/backlogQuotaMap?applied=true")[1] == {"destination_storage": broker, "message_age": broker}
    deployment.call("POST", NAMESPACE + "/backlogQuota", {"limitSize": 5, "policy": "producer_exception"})
    applied = deployment.call("GET", TOPIC + "/backlogQuotaMap?applied=true")[1]
    assert (applied["destination_storage"]["limit"], applied["message_age"]) == (5, broker)
    deployment.call("POST", TOPIC + "/backlogQuota?backlogQuotaType=message_age", {"limitTime": 5, "policy": "producer_exception"})
    assert set(deployment.emulator.broker.topics["persistent://public/default/t"].policies.backlog_quotas) == {
        "destination_storage",
        "message_age",
    }
    assert deployment.call("POST", TOPIC + "/backlogQuota?backlogQuotaType=message_age") == (204, None)
    assert deployment.call("GET", TOPIC + "/backlogQuotaMap") == (200, {})
    assert deployment.call("DELETE", TOPIC + "/backlogQuota") == (204, None)


UNLIMITED = {
    "dispatchThrottlingRateInMsg": 0,
    "dispatchThrottlingRateInByte": 0,
    "relativeToPublishRate": False,
    "ratePeriodInSecond": 1,
}
APPLIED = [
    (
        "dispatchRate",
        {"dispatchThrottlingRateInMsg": 0, "dispatchThrottlingRateInByte": 0, "relativeToPublishRate": False} | {"ratePeriodInSecond": 1},
    ),
    ("subscribeRate", {"subscribeThrottlingRatePerConsumer": 0, "ratePeriodInSecond": 30}),
    ("delayedDelivery", {"tickTime": 1000, "active": True, "maxDeliveryDelayInMillis": 0}),
    ("maxProducers", 0),
    ("maxUnackedMessagesOnConsumer", 50_000),
    ("schemaCompatibilityStrategy", "FULL"),
    ("autoSubscriptionCreation", {"allowAutoSubscriptionCreation": True}),
    ("replication", ["standalone"]),
    ("messageTTL", 0),
    ("entryFilters", {"entryFilterNames": ""}),
]


@pytest.mark.parametrize(("policy", "shown"), APPLIED)
def test_without_any_policy_the_brokers_own_applies(deployment, policy, shown):
    deployment.call("PUT", TOPIC)
    assert deployment.call("GET", f"{TOPIC}/{policy}") == (200, None)
    assert deployment.call("GET", f"{TOPIC}/{policy}?applied=true") == (200, shown)


@pytest.mark.parametrize(
    ("method", "policy", "body", "status", "reason"),
    [
        ("POST", "maxMessageSize", 6_000_000, 412, None),
        ("POST", "persistence", None, 400, "persistence policies should not be null"),
        ("POST", "replication", ["nope"], 412, "Can not remove local cluster from the local topic-level replication clusters policy"),
        ("POST", "offloadPolicies", {}, 412, None),
        ("PUT", "shadowTopics", [], 412, "Cannot specify empty shadow topics, please use remove command instead."),
        ("PUT", "shadowTopics", ["x"], 412, "Shadow topic [x] not exists."),
        ("POST", "entryFilters", {}, 400, "entryFilterNames can't be empty. To remove entry filters use the remove method."),
        ("POST", "subscriptionTypesEnabled", None, 500, None),
    ],
)
def test_what_a_topic_cannot_have_is_refused(deployment, method, policy, body, status, reason):
    deployment.call("PUT", TOPIC)
    answered, answer = deployment.call(method, f"{TOPIC}/{policy}", body)
    assert answered == status
    assert reason is None or answer == {"reason": reason}


def test_no_body_changes_some_policies_and_takes_back_others(deployment):
    deployment.call("PUT", TOPIC)
    for policy in ("dispatchRate", "replicatorDispatchRate"):
        deployment.call("POST", f"{TOPIC}/{policy}", {"dispatchThrottlingRateInMsg": 5})
        assert deployment.call("POST", f"{TOPIC}/{policy}") == (204, None)
    assert deployment.call("GET", TOPIC + "/dispatchRate")[1]["dispatchThrottlingRateInMsg"] == 5
    assert deployment.call("GET", TOPIC + "/replicatorDispatchRate") == (200, None)


def test_one_subscription_has_a_rate(deployment):
    deployment.call("PUT", TOPIC)
    assert deployment.call("POST", TOPIC + "/s/dispatchRate", {"dispatchThrottlingRateInMsg": 5}) == (204, None)
    assert deployment.call("GET", TOPIC + "/s/dispatchRate")[1]["dispatchThrottlingRateInMsg"] == 5
    assert deployment.call("GET", TOPIC + "/other/dispatchRate") == (200, None)
    assert deployment.call("DELETE", TOPIC + "/s/dispatchRate") == (204, None)
    assert deployment.call("GET", TOPIC + "/s/dispatchRate") == (200, None)


def test_all_policies_of_a_topic_go_at_once(deployment):
    deployment.call("PUT", TOPIC)
    deployment.call("POST", TOPIC + "/maxProducers", 5)
    assert deployment.call("DELETE", TOPIC + "/policies") == (204, None)
    assert deployment.call("GET", TOPIC + "/maxProducers") == (200, None)
    assert deployment.call("DELETE", TOPIC + "x/policies") == (204, None)


def test_later_partitions_have_the_policies_of_the_first(deployment):
    deployment.call("PUT", TOPIC + "/partitions", 1)
    deployment.call("POST", TOPIC + "/maxProducers", 5)
    deployment.call("POST", TOPIC + "/partitions", 2)
    assert deployment.emulator.broker.topics["persistent://public/default/t-partition-1"].policies.max_producers_per_topic == 5


def test_properties_of_a_partitioned_topic_are_not_its_partitions(deployment):
    deployment.call("PUT", TOPIC + "/partitions", 1)
    assert deployment.call("PUT", TOPIC + "/properties", {"a": "b"}) == (204, None)
    assert deployment.call("GET", TOPIC + "/properties") == (200, {"a": "b"})
    assert deployment.call("GET", TOPIC + "-partition-0/properties") == (200, {})
    assert deployment.call("GET", TOPIC + "/partitions")[1] == {"partitions": 1, "deleted": False, "properties": {"a": "b"}}


def test_a_topic_that_stores_nothing_has_neither_policies_nor_properties(deployment):
    path = TOPIC.replace("/persistent", "/non-persistent")
    deployment.call("PUT", path)
    assert deployment.call("GET", path + "/messageTTL") == (404, {"reason": "Topic non-persistent://public/default/t not found"})
    assert deployment.call("GET", path + "/properties") == (406, {"reason": "Need to provide a persistent topic name"})


def test_roles_may_do_with_a_topic_what_they_may_in_its_namespace_and_more(deployment):
    deployment.call("PUT", TOPIC)
    deployment.call("POST", NAMESPACE + "/permissions/all", ["produce"])
    assert deployment.call("POST", TOPIC + "/permissions/one", ["consume"]) == (204, None)
    assert deployment.call("GET", TOPIC + "/permissions") == (200, {"all": ["produce"], "one": ["consume"]})
    assert deployment.call("DELETE", TOPIC + "/permissions/one") == (204, None)
    assert deployment.call("GET", TOPIC + "/permissions") == (200, {"all": ["produce"]})


def test_a_subscription_is_noted_as_replicated(deployment):
    deployment.call("PUT", TOPIC + "/subscription/s")
    path = TOPIC + "/subscription/s/replicatedSubscriptionStatus"
    assert deployment.call("GET", path) == (200, {"persistent://public/default/t": False})
    assert deployment.call("POST", path, body=True) == (204, None)
    assert deployment.call("GET", path) == (200, {"persistent://public/default/t": True})


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


@pytest.mark.parametrize(
    ("method", "call", "answer"),
    [
        ("DELETE", "/replication", (204, None)),
        ("DELETE", "/autoSubscriptionCreation", (204, None)),
        ("DELETE", "/entryFilters", (204, None)),
        ("DELETE", "/shadowTopics", (204, None)),
        ("GET", "/shadowTopics", (200, None)),
        ("GET", "/offloadPolicies", (200, None)),
        ("GET", "/publishRate?applied=true", (204, None)),
        ("POST", "/messageTTL", (204, None)),
        ("POST", "/entryFilters", (204, None)),
        ("GET", "/dispatcherPauseOnAckStatePersistent", (200, False)),
    ],
)
def test_what_was_never_set_for_a_topic_is_taken_back_and_shown_all_the_same(deployment, method, call, answer):
    deployment.call("PUT", TOPIC)
    assert deployment.call(method, TOPIC + call) == answer


def test_leave_and_clusters_are_set_for_one_topic(deployment):
    deployment.call("PUT", TOPIC)
    assert deployment.call("POST", TOPIC + "/autoSubscriptionCreation", {"allowAutoSubscriptionCreation": False}) == (204, None)
    assert deployment.call("GET", TOPIC + "/autoSubscriptionCreation") == (200, {"allowAutoSubscriptionCreation": False})
    assert deployment.call("POST", TOPIC + "/replication", ["standalone"]) == (204, None)
    assert deployment.call("GET", TOPIC + "/replication") == (200, ["standalone"])
    assert deployment.call("POST", TOPIC + "/dispatcherPauseOnAckStatePersistent") == (204, None)
    assert deployment.call("GET", TOPIC + "/dispatcherPauseOnAckStatePersistent") == (200, True)


def test_what_was_noted_is_forgotten_with_a_partitioned_topic(deployment):
    deployment.call("PUT", TOPIC + "/partitions", 1)
    deployment.call("PUT", TOPIC + "/properties", {"a": "b"})
    deployment.call("DELETE", TOPIC + "/partitions")
    deployment.call("PUT", TOPIC + "/partitions", 1)
    assert deployment.call("GET", TOPIC + "/properties") == (200, {})
