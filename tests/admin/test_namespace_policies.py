"""Policies of a namespace: set, shown, taken back; refusals first."""

import pytest

NAMESPACE = "/admin/v2/namespaces/public/default"
GONE = "/admin/v2/namespaces/public/gone"
NOT_THERE = "Namespace does not exist"


@pytest.mark.parametrize(
    ("method", "call", "body", "reason"),
    [
        ("GET", "dispatchRate", None, NOT_THERE),
        ("POST", "dispatchRate", {}, NOT_THERE),
        ("DELETE", "dispatchRate", None, NOT_THERE),
        ("POST", "replicatorDispatchRate", {}, ""),
        ("POST", "delayedDelivery", {}, "Namespace policies does not exist"),
        ("POST", "inactiveTopicPolicies", {}, "Namespace policies does not exist"),
        ("POST", "backlogQuota", {"limitSize": 1, "policy": "producer_exception"}, ""),
        ("DELETE", "backlogQuota", None, ""),
        ("GET", "properties", None, NOT_THERE),
        ("GET", "property/a", None, NOT_THERE),
        ("GET", "antiAffinity", None, NOT_THERE),
    ],
)
def test_a_namespace_that_is_not_there_has_no_policies(deployment, method, call, body, reason):
    assert deployment.call(method, f"{GONE}/{call}", body) == (404, {"reason": reason})


@pytest.mark.parametrize(
    ("method", "call", "body", "status", "reason"),
    [
        ("PUT", "compactionThreshold", -1, 412, "compactionThreshold must be 0 or more"),
        ("POST", "subscriptionExpirationTime", -1, 412, "Invalid value for subscription expiration time"),
        ("POST", "deduplicationSnapshotInterval", -1, 412, "interval must be greater than or equal to 0"),
        ("DELETE", "deduplicationSnapshotInterval", None, 412, "Invalid bundle range: deduplicationSnapshotInterval"),
        ("POST", "maxProducersPerTopic", -1, 412, "maxProducersPerTopic must be 0 or more"),
        ("POST", "antiAffinity", None, 412, "antiAffinityGroup can't be empty"),
        ("POST", "backlogQuota", {"limitSize": 5}, 400, None),
        ("POST", "persistence", None, 400, "persistence policies should not be null"),
        ("POST", "persistence", {"bookkeeperEnsemble": 0}, 400, "Bookkeeper-Ensemble must be <= 5 and > 0."),
        ("POST", "persistence", {"bookkeeperEnsemble": 1}, 400, "Bookkeeper Ensemble (1) >= WriteQuorum (2) >= AckQuorum (2)"),
        ("POST", "entryFilters", {"entryFilterNames": "a,b"}, 400, "Entry filter 'a' not found"),
        ("POST", "replication", ["nope"], 403, "Invalid cluster id: nope"),
        ("POST", "replication", [], 412, "ClusterIds should not be null or empty"),
        ("POST", "replication", ["global"], 412, "Cannot specify global in the list of replication clusters"),
        ("POST", "allowedClusters", ["nope"], 403, None),
        ("POST", "allowedClusters", [], 400, None),
        ("POST", "permissions/me", None, 400, "Actions should not be null"),
        ("POST", "offloadPolicies", None, 412, "The offloadPolicies must be specified for namespace offload."),
        ("POST", "offloadPolicies", {}, 412, None),
        ("POST", "allowedClusters", None, 500, None),
        ("POST", "backlogQuota", None, 500, None),
        ("GET", "persistence/bookieAffinity", None, 404, "Namespace local-policies does not exist"),
        ("POST", "entryFilters", {}, 400, "entryFilterNames can't be empty. To remove entry filters use the remove method."),
        ("POST", "autoTopicCreation", {"allowAutoTopicCreation": True}, 412, None),
        ("POST", "subscriptionTypesEnabled", ["nope"], 500, None),
    ],
)
def test_a_value_that_cannot_be_is_refused_in_the_words_of_the_broker(deployment, method, call, body, status, reason):
    answered, answer = deployment.call(method, f"{NAMESPACE}/{call}", body)
    assert answered == status
    assert reason is None or answer == {"reason": reason}


@pytest.mark.parametrize(
    ("body", "words", "column", "field"),
    [
        ({"dispatchThrottlingRateInMsg": "x"}, 'Cannot deserialize value of type `int` from String "x": not a valid `int` value', 33, True),
        ({"ratePeriodInSecond": 1 << 40}, "Numeric value (1099511627776) out of range of int (-2147483648 - 2147483647)", 37, True),
        ([], None, 1, False),
    ],
)
def test_a_body_of_another_form_is_answered_with_its_place(deployment, body, words, column, field):
    status, text = deployment.call("POST", f"{NAMESPACE}/dispatchRate", body)
    assert status == 400
    assert words is None or text.startswith(words)
    assert f"line: 1, column: {column}]" in text
    assert ("reference chain: org.apache.pulsar.common.policies.data.impl.DispatchRateImpl[" in text) is field


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        (
            ("retention", {"retentionTimeInMinutes": 10, "retentionSizeInMB": 10}),
            ("backlogQuota", {"limitSize": 10 * 1024 * 1024, "policy": "producer_exception"}),
            "Backlog Quota exceeds configured retention quota for namespace. Please increase retention quota and retry",
        ),
        (
            ("backlogQuota", {"limitSize": 1, "limitTime": 60, "policy": "producer_exception"}),
            ("retention", {"retentionTimeInMinutes": 1, "retentionSizeInMB": 1}),
            "Retention Quota must exceed configured backlog quota for namespace.",
        ),
        (
            ("retention", {"retentionTimeInMinutes": 10, "retentionSizeInMB": 10}),
            ("backlogQuota?backlogQuotaType=message_age", {"limitTime": 1, "policy": "producer_exception"}),
            "Backlog Quota exceeds configured retention quota for namespace. Please increase retention quota and retry",
        ),
    ],
)
def test_a_backlog_may_not_be_larger_than_what_is_retained(deployment, first, second, reason):
    assert deployment.call("POST", f"{NAMESPACE}/{first[0]}", first[1]) == (204, None)
    assert deployment.call("POST", f"{NAMESPACE}/{second[0]}", second[1]) == (412, {"reason": reason})


DISPATCH = {"dispatchThrottlingRateInMsg": 5, "dispatchThrottlingRateInByte": 0, "relativeToPublishRate": False, "ratePeriodInSecond": 1}
PERSISTENCE = {"bookkeeperEnsemble": 1, "bookkeeperWriteQuorum": 1, "bookkeeperAckQuorum": 1, "managedLedgerMaxMarkDeleteRate": 0.5}
DELAY = {"tickTime": 500, "active": True, "maxDeliveryDelayInMillis": 5000}
INACTIVE = {"inactiveTopicDeleteMode": "delete_when_no_subscriptions", "maxInactiveDurationSeconds": 30, "deleteWhileInactive": True}


@pytest.mark.parametrize(
    ("policy", "value", "name"),
    [
        ("dispatchRate", DISPATCH, "topicDispatchRate"),
        ("subscriptionDispatchRate", DISPATCH, "subscriptionDispatchRate"),
        ("replicatorDispatchRate", DISPATCH, "replicatorDispatchRate"),
        ("publishRate", {"publishThrottlingRateInMsg": 7, "publishThrottlingRateInByte": 8}, "publishMaxMessageRate"),
        ("subscribeRate", {"subscribeThrottlingRatePerConsumer": 3, "ratePeriodInSecond": 5}, "clusterSubscribeRate"),
    ],
)
def test_rates_are_kept_for_the_cluster(deployment, policy, value, name):
    assert deployment.call("POST", f"{NAMESPACE}/{policy}", value) == (204, None)
    assert deployment.call("GET", f"{NAMESPACE}/{policy}") == (200, value)
    assert deployment.call("GET", NAMESPACE)[1][name] == {"standalone": value}
    assert deployment.call("DELETE", f"{NAMESPACE}/{policy}") == (204, None)
    assert deployment.call("GET", NAMESPACE)[1][name] == {}


def test_what_is_not_written_in_a_body_is_the_default_of_its_class(deployment):
    deployment.call("POST", f"{NAMESPACE}/publishRate", {"publishThrottlingRateInMsg": None, "unknown": 1})
    assert deployment.call("GET", f"{NAMESPACE}/publishRate")[1] == {"publishThrottlingRateInMsg": 0, "publishThrottlingRateInByte": -1}
    deployment.call("POST", f"{NAMESPACE}/publishRate", b"null")
    assert deployment.call("GET", f"{NAMESPACE}/publishRate") == (200, None)


def test_backlog_quotas_are_by_kind(deployment):
    deployment.call("POST", f"{NAMESPACE}/backlogQuota", {"limit": 5, "policy": "producer_exception"})
    deployment.call("POST", f"{NAMESPACE}/backlogQuota?backlogQuotaType=message_age", {"limitTime": 9, "policy": "producer_request_hold"})
    shown = {
        "destination_storage": {"limit": 5, "limitSize": 5, "limitTime": 0, "policy": "producer_exception"},
        "message_age": {"limit": 0, "limitSize": 0, "limitTime": 9, "policy": "producer_request_hold"},
    }
    assert deployment.call("GET", f"{NAMESPACE}/backlogQuotaMap") == (200, shown)
    assert deployment.call("GET", NAMESPACE)[1]["backlog_quota_map"] == shown
    assert deployment.call("DELETE", f"{NAMESPACE}/backlogQuota") == (204, None)
    assert list(deployment.call("GET", f"{NAMESPACE}/backlogQuotaMap")[1]) == ["message_age"]
    assert deployment.call("POST", f"{NAMESPACE}/backlogQuota?backlogQuotaType=nope", {})[0] == 404


def test_properties_and_permissions_are_noted(deployment):
    assert deployment.call("PUT", f"{NAMESPACE}/property/a/b") == (204, None)
    assert deployment.call("PUT", f"{NAMESPACE}/properties", {"c": 5}) == (204, None)
    assert deployment.call("GET", f"{NAMESPACE}/properties") == (200, {"a": "b", "c": "5"})
    assert deployment.call("DELETE", f"{NAMESPACE}/property/a") == (200, "b")
    assert deployment.call("DELETE", f"{NAMESPACE}/properties") == (204, None)
    assert deployment.call("POST", f"{NAMESPACE}/permissions/me", ["consume", "nope"]) == (204, None)
    assert deployment.call("GET", f"{NAMESPACE}/permissions") == (200, {"me": ["consume"]})
    assert deployment.call("DELETE", f"{NAMESPACE}/permissions/me") == (204, None)
    assert deployment.call("POST", f"{NAMESPACE}/permissions/subscription/s", ["r"]) == (204, None)
    assert deployment.call("GET", f"{NAMESPACE}/permissions/subscription") == (200, {"s": ["r"]})
    assert deployment.call("DELETE", f"{NAMESPACE}/permissions/s/r") == (204, None)
    assert deployment.call("GET", f"{NAMESPACE}/permissions/subscription") == (200, {})


def test_a_group_of_namespaces_lists_them(deployment):
    assert deployment.call("POST", f"{NAMESPACE}/antiAffinity", "apart") == (204, None)
    assert deployment.call("GET", f"{NAMESPACE}/antiAffinity") == (200, "apart")
    group = "/admin/v2/namespaces/standalone/antiAffinity/apart"
    assert deployment.call("GET", f"{group}?tenant=public") == (200, ["public/default"])
    assert deployment.call("GET", group) == (400, {"reason": "Tenant should not be null"})


@pytest.mark.parametrize(
    ("policy", "value"),
    [
        ("messageTTL", 5),
        ("deduplication", True),
        ("retention", {"retentionTimeInMinutes": 1, "retentionSizeInMB": 2}),
        ("persistence", PERSISTENCE),
        ("delayedDelivery", DELAY),
        ("inactiveTopicPolicies", INACTIVE),
        ("subscriptionExpirationTime", 5),
        ("maxUnackedMessagesPerConsumer", 5),
        ("autoTopicCreation", {"allowAutoTopicCreation": True, "topicType": "partitioned", "defaultNumPartitions": 2}),
        ("autoSubscriptionCreation", {"allowAutoSubscriptionCreation": False}),
    ],
)
def test_a_policy_is_set_shown_and_taken_back(deployment, policy, value):
    path = f"{NAMESPACE}/{policy}"
    assert deployment.call("GET", path) == (200, None)
    assert deployment.call("POST", path, value) == (204, None)
    assert deployment.call("GET", path) == (200, value)
    assert value in deployment.call("GET", NAMESPACE)[1].values()
    assert deployment.call("DELETE", path) == (204, None)
    assert deployment.call("GET", path) == (200, None)


@pytest.mark.parametrize("kept", [{"retentionTimeInMinutes": 10}, {"retentionTimeInMinutes": 0, "retentionSizeInMB": -1}])
def test_retention_has_two_limits_or_none(deployment, kept):
    status, answer = deployment.call("POST", f"{NAMESPACE}/retention", kept)
    assert (status, answer["reason"].partition(":")[0]) == (400, "Invalid retention policy")


def test_retention_that_is_null_was_never_set(deployment):
    deployment.call("POST", f"{NAMESPACE}/retention", {"retentionTimeInMinutes": 1, "retentionSizeInMB": 1})
    assert deployment.call("POST", f"{NAMESPACE}/retention", b"null") == (204, None)
    assert deployment.call("GET", f"{NAMESPACE}/retention") == (200, None)


def test_an_unknown_strategy_for_schemas_is_none(deployment):
    deployment.call("PUT", f"{NAMESPACE}/schemaCompatibilityStrategy", "BACKWARD")
    assert deployment.call("PUT", f"{NAMESPACE}/schemaCompatibilityStrategy", "NOPE") == (204, None)
    assert deployment.call("GET", f"{NAMESPACE}/schemaCompatibilityStrategy") == (200, "UNDEFINED")


def test_policies_of_schemas_are_shown_with_their_defaults(deployment):
    assert deployment.call("GET", f"{NAMESPACE}/schemaCompatibilityStrategy") == (200, "UNDEFINED")
    assert deployment.call("PUT", f"{NAMESPACE}/schemaCompatibilityStrategy", "BACKWARD") == (204, None)
    assert deployment.call("GET", f"{NAMESPACE}/schemaCompatibilityStrategy") == (200, "BACKWARD")
    assert deployment.call("PUT", f"{NAMESPACE}/schemaCompatibilityStrategy", 1) == (204, None)
    assert deployment.call("GET", f"{NAMESPACE}/schemaCompatibilityStrategy") == (200, "ALWAYS_INCOMPATIBLE")
    assert deployment.call("PUT", f"{NAMESPACE}/schemaCompatibilityStrategy", [])[0] == 400
    assert deployment.call("GET", f"{NAMESPACE}/schemaValidationEnforced") == (200, False)
    assert deployment.call("POST", f"{NAMESPACE}/schemaValidationEnforced", body=True) == (204, None)
    assert deployment.call("GET", f"{NAMESPACE}/schemaValidationEnforced") == (200, True)
    assert deployment.call("GET", f"{NAMESPACE}/isAllowAutoUpdateSchema") == (200, True)
    assert deployment.call("POST", f"{NAMESPACE}/isAllowAutoUpdateSchema", body=False) == (204, None)
    assert deployment.call("GET", f"{NAMESPACE}/isAllowAutoUpdateSchema") == (200, False)
    assert deployment.call("POST", f"{NAMESPACE}/schemaAutoUpdateCompatibilityStrategy", "x")[0] == 405
    assert deployment.call("PUT", f"{NAMESPACE}/schemaAutoUpdateCompatibilityStrategy", "Full") == (204, None)
    assert deployment.call("GET", f"{NAMESPACE}/schemaAutoUpdateCompatibilityStrategy") == (200, "Full")


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


@pytest.mark.parametrize(
    ("method", "call", "body", "shown"),
    [
        ("PUT", "offloadThreshold", 5, 5),
        ("PUT", "offloadThresholdInSeconds", 5, 5),
        ("PUT", "offloadDeletionLagMs", 5, 5),
        ("POST", "encryptionRequired", True, True),
        ("POST", "subscriptionAuthMode", "Prefix", "Prefix"),
        ("POST", "dispatcherPauseOnAckStatePersistent", None, True),
        ("POST", "replication", ["standalone"], ["standalone"]),
        ("POST", "allowedClusters", ["standalone"], ["standalone"]),
        ("PUT", "compactionThreshold", 5, 5),
    ],
)
def test_what_changes_nothing_is_kept_and_shown(deployment, method, call, body, shown):
    assert deployment.call(method, f"{NAMESPACE}/{call}", body)[0] in {200, 204}
    assert deployment.call("GET", f"{NAMESPACE}/{call}") == (200, shown)


@pytest.mark.parametrize(
    ("override", "detail"),
    [
        ({"topicType": "nope"}, "Unknown topic type [nope]"),
        ({}, "Unknown topic type [null]"),
        ({"topicType": "partitioned"}, "[defaultNumPartitions] cannot be null when the type is partitioned."),
        (
            {"topicType": "partitioned", "defaultNumPartitions": 0},
            "[defaultNumPartitions] cannot be less than 1 for partition type.",
        ),
        (
            {"topicType": "non-partitioned", "defaultNumPartitions": 2},
            "[defaultNumPartitions] is not allowed to be set when the type is non-partition.",
        ),
    ],
)
def test_what_use_cannot_make_is_refused(deployment, override, detail):
    reason = f"Invalid configuration for autoTopicCreationOverride. the detail is {detail}"
    body = {"allowAutoTopicCreation": True, **override}
    assert deployment.call("POST", f"{NAMESPACE}/autoTopicCreation", body) == (412, {"reason": reason})


@pytest.mark.parametrize("body", [None, {"allowAutoTopicCreation": False, "topicType": "nope"}])
def test_without_leave_nothing_of_what_use_makes_is_looked_at(deployment, body):
    assert deployment.call("POST", f"{NAMESPACE}/autoTopicCreation", body) == (204, None)


@pytest.mark.parametrize(
    ("method", "call", "answer"),
    [
        ("DELETE", "offloadDeletionLagMs", (204, None)),
        ("DELETE", "removeOffloadPolicies", (204, None)),
        ("GET", "offloadPolicies", (200, None)),
        ("GET", "entryFilters", (200, None)),
        ("POST", "entryFilters", (204, None)),
        ("DELETE", "entryFilters", (204, None)),
        ("GET", "property/a", (200, None)),
        ("DELETE", "property/a", (200, None)),
        ("DELETE", "backlogQuota", (204, None)),
    ],
)
def test_what_was_never_set_is_taken_back_and_shown_all_the_same(deployment, method, call, answer):
    assert deployment.call(method, f"{NAMESPACE}/{call}") == answer


def test_bookies_are_preferred_by_a_namespace(deployment):
    path = f"{NAMESPACE}/persistence/bookieAffinity"
    assert deployment.call("POST", path, {"bookkeeperAffinityGroupPrimary": "a"}) == (204, None)
    assert deployment.call("GET", path) == (200, {"bookkeeperAffinityGroupPrimary": "a"})
    assert deployment.call("DELETE", path) == (204, None)


def test_a_role_stays_with_a_subscription_that_another_leaves(deployment):
    deployment.call("POST", f"{NAMESPACE}/permissions/subscription/s", ["r", "q"])
    assert deployment.call("DELETE", f"{NAMESPACE}/permissions/s/r") == (204, None)
    assert deployment.call("GET", f"{NAMESPACE}/permissions/subscription") == (200, {"s": ["q"]})


def test_a_namespace_is_made_with_all_that_it_is_shown_with(deployment):
    body = {
        "topicDispatchRate": {"standalone": DISPATCH},
        "publishMaxMessageRate": {"standalone": {"publishThrottlingRateInMsg": 5}},
        "backlog_quota_map": {"destination_storage": {"limitSize": 5, "policy": "producer_exception"}},
        "autoSubscriptionCreationOverride": {"allowAutoSubscriptionCreation": False},
        "autoTopicCreationOverride": {"allowAutoTopicCreation": False},
        "delayed_delivery_policies": DELAY,
        "max_producers_per_topic": 3,
        "schema_compatibility_strategy": "nope",
        "subscription_types_enabled": ["Shared"],
        "unknown": 1,
    }
    made = "/admin/v2/namespaces/public/made"
    assert deployment.call("PUT", made, body) == (204, None)
    shown = deployment.call("GET", made)[1]
    assert {name: shown[name] for name in ("topicDispatchRate", "delayed_delivery_policies", "max_producers_per_topic")} == {
        "topicDispatchRate": {"standalone": DISPATCH},
        "delayed_delivery_policies": DELAY,
        "max_producers_per_topic": 3,
    }
    assert shown["autoSubscriptionCreationOverride"] == {"allowAutoSubscriptionCreation": False}
    assert shown["backlog_quota_map"]["destination_storage"]["limit"] == 5
    assert shown["schema_compatibility_strategy"] == "UNDEFINED"
    assert deployment.call("PUT", "/admin/v2/namespaces/public/list", [])[0] == 400
    assert deployment.call("PUT", "/admin/v2/namespaces/public/empty") == (204, None)


@pytest.mark.parametrize("body", [5, None])
def test_a_number_that_may_be_missing_is_missing_without_a_body(deployment, body):
    assert deployment.call("POST", f"{NAMESPACE}/deduplicationSnapshotInterval", body) == (204, None)
    assert deployment.call("GET", f"{NAMESPACE}/deduplicationSnapshotInterval") == (200, body)
