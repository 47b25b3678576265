"""Topics, subscriptions, namespaces and tenants by the admin API; refusals first."""

import json

import pytest

from pfemu.admin.answer import ErrorPage, refusal
from pfemu.broker import refusals
from pfemu.errors import BrokerError, EndlessLoopError

TOPIC = "/admin/v2/persistent/public/default/t"
NAMESPACE = "/admin/v2/namespaces/public/default"
AT_THE_START = "\n at [Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled); line: 1, column: 1]"


def every_subclass(kind):
    return [kind, *(each for child in kind.__subclasses__() for each in every_subclass(child))]


@pytest.mark.parametrize("kind", every_subclass(BrokerError), ids=lambda kind: kind.__name__)
def test_every_refusal_of_the_broker_has_a_status_and_its_words(kind):
    answer = refusal(kind("words"), "GET")
    assert 400 <= answer.status <= 500
    assert json.loads(answer.body) == {"reason": "words"}


def test_what_is_no_refusal_is_raised_as_it_is():
    with pytest.raises(EndlessLoopError):
        refusal(EndlessLoopError("x"), "GET")


@pytest.mark.parametrize(("method", "has_page"), [("GET", True), ("POST", True), ("PUT", False), ("DELETE", False)])
def test_the_server_writes_its_page_for_some_methods_only(method, has_page):
    assert bool(refusal(ErrorPage(404), method).body) is has_page


MISSING = [
    ("GET", "/stats"),
    ("GET", "/internalStats"),
    ("GET", "/partitions"),
    ("GET", "/subscriptions"),
    ("GET", "/lastMessageId"),
    ("DELETE", ""),
    ("POST", "/terminate"),
    ("PUT", "/compaction"),
    ("POST", "/subscription/s/skip_all"),
]


@pytest.mark.parametrize(("method", "call"), MISSING)
def test_a_topic_that_is_not_there_is_404(deployment, method, call):
    assert deployment.call(method, TOPIC + call) == (404, {"reason": "Topic persistent://public/default/t not found"})


def test_a_partitioned_topic_that_is_not_there_says_so(deployment):
    expected = (404, {"reason": "Partitioned Topic persistent://public/default/t not found"})
    assert deployment.call("GET", TOPIC + "/partitioned-stats") == expected


@pytest.mark.parametrize("path", ["/admin/v2/nope/public/default", "/admin/v2/nope/public/default/t/stats", "/admin/v2/persistent", "/x"])
def test_a_path_that_nobody_knows_is_404(deployment, path):
    assert deployment.call("GET", path)[0] == 404


def test_a_missing_namespace_has_no_topics(deployment):
    expected = (404, {"reason": "Namespace does not exist"})
    assert deployment.call("GET", "/admin/v2/persistent/public/nope") == expected
    assert deployment.call("GET", "/admin/v2/persistent/public/nope/partitioned") == expected


@pytest.mark.parametrize(
    ("body", "status", "answer"),
    [
        (b"0", 406, {"reason": "Number of partitions should be more than 0"}),
        (b"null", 406, {"reason": "Number of partitions should be more than 0"}),
        (b"", 400, "The request entity cannot be empty."),
        (b'"x"', 400, f'Cannot deserialize value of type `int` from String "x": not a valid `int` value{AT_THE_START}'),
        (b"{", 400, f"Cannot deserialize value of type `int` from Object value (token `JsonToken.START_OBJECT`){AT_THE_START}"),
        (b"true", 400, f"Cannot deserialize value of type `int` from Boolean value (token `JsonToken.VALUE_TRUE`){AT_THE_START}"),
    ],
)
def test_partitions_are_a_positive_number(deployment, body, status, answer):
    assert deployment.call("PUT", TOPIC + "/partitions", body) == (status, answer)


@pytest.mark.parametrize(
    ("topic", "why"),
    [
        ("q-partition-0", "numeric value if there isn't a partitioned topic q created."),
        ("p-partition-2", "a number smaller than number of partition of partitioned topic p"),
    ],
)
def test_a_partition_is_made_of_a_topic_that_has_it(deployment, topic, why):
    deployment.call("PUT", "/admin/v2/persistent/public/default/p/partitions", 2)
    reason = f'Can\'t create topic {topic} with "-partition-" followed by {why}'
    assert deployment.call("PUT", f"/admin/v2/persistent/public/default/{topic}") == (412, {"reason": reason})


def test_the_name_of_a_partitioned_topic_is_none_of_a_partition(deployment):
    answer = deployment.call("PUT", "/admin/v2/persistent/public/default/p-partition-1/partitions", 2)
    assert answer == (412, {"reason": "Partitioned Topic Name should not contain '-partition-'"})


def test_a_body_that_is_no_json_is_answered_in_the_words_of_its_reader(deployment):
    status, text = deployment.call("PUT", TOPIC + "/partitions", b"x")
    assert (status, text.partition(":")[0]) == (400, "Unrecognized token 'x'")
    assert text.endswith("line: 1, column: 2]")


def test_partitions_only_become_more(deployment):
    assert deployment.call("PUT", TOPIC + "/partitions", 3) == (204, None)
    assert deployment.call("PUT", TOPIC + "/partitions", 3) == (409, {"reason": "This topic already exists"})
    assert deployment.call("POST", TOPIC + "/partitions", 1)[0] == 422
    assert deployment.call("POST", TOPIC + "/partitions", 4) == (204, None)
    assert deployment.call("GET", TOPIC + "/partitions") == (200, {"partitions": 4, "deleted": False})
    assert deployment.call("GET", "/admin/v2/persistent/public/default/partitioned")[1] == ["persistent://public/default/t"]
    assert len(deployment.call("GET", TOPIC + "/partitioned-stats")[1]["partitions"]) == 4
    assert deployment.call("DELETE", TOPIC)[0] == 409
    assert deployment.call("DELETE", TOPIC + "/partitions") == (204, None)


def test_a_topic_in_use_is_deleted_by_force_only(deployment):
    deployment.emulator.topic("t").send("x")
    assert deployment.call("DELETE", TOPIC) == (412, {"reason": "Topic has 1 connected producers/consumers"})
    assert deployment.call("DELETE", TOPIC + "?force=true") == (204, None)


def test_a_made_topic_shows_what_it_holds(deployment):
    assert deployment.call("PUT", TOPIC) == (204, None)
    assert deployment.call("PUT", TOPIC) == (409, {"reason": "This topic already exists"})
    assert deployment.call("GET", TOPIC + "/lastMessageId")[1]["entryId"] == -1
    deployment.emulator.topic("t").send("x")
    assert deployment.call("GET", TOPIC + "/stats")[1]["msgInCounter"] == 1
    assert deployment.call("GET", TOPIC + "/internalStats")[1]["numberOfEntries"] == 1
    assert deployment.call("GET", TOPIC + "/lastMessageId")[1]["entryId"] == 0
    assert deployment.call("GET", "/admin/v2/persistent/public/default")[1] == ["persistent://public/default/t"]
    assert deployment.call("POST", TOPIC + "/terminate")[1]["entryId"] == 0


def test_an_empty_topic_ends_before_its_first_message(deployment):
    deployment.call("PUT", TOPIC)
    ended = deployment.call("POST", TOPIC + "/terminate")[1]
    assert (ended["entryId"], ended["batchIndex"]) == (-1, -1)
    assert deployment.call("GET", TOPIC + "/lastMessageId")[1] == ended


PARTITIONED = [
    ("POST", "/terminate", 405, "Termination of a partitioned topic is not allowed"),
    ("POST", "/subscription/s/skip/1", 405, "Skip messages on a partitioned topic is not allowed"),
    ("GET", "/subscription/s/position/1", 405, "Peek messages on a partitioned topic is not allowed"),
    ("POST", "/subscription/nope/skip_all", 404, "Subscription nope not found for topic persistent://public/default/t"),
    ("DELETE", "/subscription/nope", 404, "Subscription not found"),
]


@pytest.mark.parametrize(("method", "call", "status", "reason"), PARTITIONED)
def test_partitions_together_take_not_every_call(deployment, method, call, status, reason):
    deployment.call("PUT", TOPIC + "/partitions", 2)
    assert deployment.call(method, TOPIC + call) == (status, {"reason": reason})


def test_partitions_together_are_compacted_expired_and_looked_into(deployment):
    deployment.call("PUT", TOPIC + "/partitions", 2)
    assert deployment.call("PUT", TOPIC + "/compaction") == (204, None)
    assert len(deployment.call("GET", TOPIC + "/partitioned-internalStats")[1]["partitions"]) == 2
    assert deployment.call("POST", TOPIC + "/all_subscription/expireMessages/5") == (204, None)
    deployment.call("PUT", TOPIC + "/subscription/s")
    assert deployment.call("GET", TOPIC + "/subscriptions/") == (200, ["__compaction", "s"])
    assert deployment.call("POST", TOPIC + "/subscription/s/skip_all") == (204, None)
    assert deployment.call("POST", TOPIC + "/all_subscription/expireMessages/5")[0] == 409
    assert deployment.call("GET", "/admin/v2/persistent/public/default/u/partitioned-internalStats")[0] == 404


def test_topics_that_store_nothing_have_no_last_message(deployment):
    path = "/admin/v2/non-persistent/public/default/t"
    assert deployment.call("PUT", path) == (204, None)
    assert deployment.call("GET", path + "/lastMessageId")[0] == 405
    assert deployment.call("GET", "/admin/v2/non-persistent/public/default")[1] == ["non-persistent://public/default/t"]


def test_compaction_was_run_once_it_was_asked_for(deployment):
    deployment.emulator.topic("t").send("x", key="k")
    assert deployment.call("GET", TOPIC + "/compaction")[1]["status"] == "NOT_RUN"
    assert deployment.call("PUT", TOPIC + "/compaction") == (204, None)
    assert deployment.call("GET", TOPIC + "/compaction")[1]["status"] == "SUCCESS"


# ------------------------------------------------------------------------------------------------------- subscriptions


@pytest.mark.parametrize(
    ("method", "call"), [("DELETE", ""), ("POST", "/skip/1"), ("POST", "/expireMessages/1"), ("POST", "/resetcursor/0")]
)
def test_a_subscription_that_is_not_there_is_404(deployment, method, call):
    deployment.call("PUT", TOPIC)
    expected = (404, {"reason": "Subscription s not found for topic persistent://public/default/t"})
    assert deployment.call(method, f"{TOPIC}/subscription/s{call}") == expected


def test_peeking_makes_the_subscription_that_is_not_there(deployment):
    deployment.emulator.topic("t").send("x")
    assert deployment.call("GET", f"{TOPIC}/subscription/s/position/1") == (200, "x")
    assert deployment.call("GET", f"{TOPIC}/subscriptions") == (200, ["s"])


@pytest.mark.parametrize("number", ["0", "-1"])
def test_messages_are_counted_from_one(deployment, number):
    deployment.call("PUT", TOPIC)
    status, answer = deployment.call("GET", f"{TOPIC}/subscription/s/position/{number}")
    assert (status, "Message: null" in answer["reason"]) == (500, True)


@pytest.mark.parametrize("number", ["x", "99999999999"])
def test_a_number_that_is_none_is_no_path(deployment, number):
    deployment.call("PUT", TOPIC)
    assert deployment.call("GET", f"{TOPIC}/subscription/s/position/{number}")[0] == 404


def test_a_subscription_is_moved_to_something(deployment):
    deployment.call("PUT", f"{TOPIC}/subscription/s")
    status, answer = deployment.call("POST", f"{TOPIC}/subscription/s/resetcursor")
    assert (status, '"resetCursorData" is null' in answer["reason"]) == (500, True)


def test_a_subscription_begins_at_an_end_or_at_a_message(deployment):
    status, text = deployment.call("PUT", f"{TOPIC}/subscription/s", "x")
    assert (status, "Invalid value x for the position. Allowed values are [latest, earliest]" in text) == (400, True)


def test_only_clients_make_subscriptions_that_are_not_kept(deployment):
    path = TOPIC.replace("/persistent/", "/non-persistent/")
    deployment.call("PUT", path)
    reason = "Create subscription on non-persistent topic can only be done through client"
    assert deployment.call("PUT", f"{path}/subscription/s", "latest") == (400, {"reason": reason})


def test_a_subscription_is_made_once_and_at_a_position_that_can_be(deployment):
    path = f"{TOPIC}/subscription/s"
    assert deployment.call("PUT", path, "nowhere")[0] == 400
    assert deployment.call("PUT", path, "earliest") == (204, None)
    assert deployment.call("PUT", path) == (409, {"reason": "Subscription already exists for topic"})


def test_a_number_in_the_path_is_a_number(deployment):
    deployment.call("PUT", f"{TOPIC}/subscription/s")
    assert deployment.call("POST", f"{TOPIC}/subscription/s/skip/x")[0] == 404


def test_a_subscription_is_moved_skipped_and_peeked_at(deployment):
    path = f"{TOPIC}/subscription/s"
    deployment.call("PUT", path)
    for value in "abc":
        deployment.emulator.topic("t").send(value, key="k", properties={"p": "q"})
    backlog = lambda: deployment.emulator.topic("t").backlog("s")  # noqa: E731 - asked again and again
    assert deployment.call("GET", path + "/position/2") == (200, "b")
    assert deployment.call("GET", path + "/position/4")[0] == 404
    deployment.call("POST", path + "/skip/1")
    assert backlog() == 2
    deployment.call("POST", path + "/skip_all")
    assert backlog() == 0
    assert deployment.call("POST", path + "/resetcursor/0") == (204, None)
    assert backlog() == 3
    assert deployment.call("POST", path + "/resetcursor", "latest") == (204, None)
    assert backlog() == 0
    assert deployment.call("POST", path + "/resetcursor", "earliest") == (204, None)
    last = deployment.call("GET", TOPIC + "/lastMessageId")[1]
    assert deployment.call("POST", path + "/resetcursor", last) == (204, None)
    assert backlog() == 1
    assert deployment.call("DELETE", path) == (204, None)


def test_old_messages_expire_when_somebody_asks(deployment):
    path = f"{TOPIC}/subscription/s"
    deployment.call("PUT", path)
    deployment.emulator.topic("t").send("a")
    deployment.emulator.advance(10)
    assert deployment.call("POST", path + "/expireMessages/5") == (204, None)
    assert deployment.emulator.topic("t").backlog("s") == 0


# ---------------------------------------------------------------------------------------------- namespaces and tenants


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


@pytest.mark.parametrize(
    ("policy", "value"),
    [("messageTTL", 5), ("deduplication", True), ("retention", {"retentionTimeInMinutes": 1, "retentionSizeInMB": 2})],
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


def test_an_unknown_strategy_for_schemas_is_none(deployment):
    deployment.call("PUT", f"{NAMESPACE}/schemaCompatibilityStrategy", "BACKWARD")
    assert deployment.call("PUT", f"{NAMESPACE}/schemaCompatibilityStrategy", "NOPE") == (204, None)
    assert deployment.call("GET", f"{NAMESPACE}/schemaCompatibilityStrategy") == (200, "UNDEFINED")


def test_policies_of_schemas_are_shown_with_their_defaults(deployment):
    assert deployment.call("GET", f"{NAMESPACE}/schemaCompatibilityStrategy") == (200, "UNDEFINED")
    assert deployment.call("PUT", f"{NAMESPACE}/schemaCompatibilityStrategy", "BACKWARD") == (204, None)
    assert deployment.call("GET", f"{NAMESPACE}/schemaCompatibilityStrategy") == (200, "BACKWARD")
    assert deployment.call("PUT", f"{NAMESPACE}/schemaCompatibilityStrategy", 5)[0] == 400
    assert deployment.call("GET", f"{NAMESPACE}/schemaValidationEnforced") == (200, False)
    assert deployment.call("POST", f"{NAMESPACE}/schemaValidationEnforced", body=True) == (204, None)
    assert deployment.call("GET", f"{NAMESPACE}/schemaValidationEnforced") == (200, True)
    assert deployment.call("GET", f"{NAMESPACE}/isAllowAutoUpdateSchema") == (200, True)
    assert deployment.call("POST", f"{NAMESPACE}/isAllowAutoUpdateSchema", body=False) == (204, None)
    assert deployment.call("GET", f"{NAMESPACE}/isAllowAutoUpdateSchema") == (200, False)
    assert deployment.call("POST", f"{NAMESPACE}/schemaAutoUpdateCompatibilityStrategy", "x")[0] == 405
    assert deployment.call("PUT", f"{NAMESPACE}/schemaAutoUpdateCompatibilityStrategy", "x")[0] == 501


def test_the_cluster_is_one_and_in_health(deployment):
    assert deployment.call("GET", "/admin/v2/clusters") == (200, ["standalone"])
    assert deployment.call("GET", "/admin/v2/brokers/health") == (200, "ok")


def test_refusals_by_kind_have_the_statuses_of_the_broker():
    statuses = {
        kind.__name__: refusal(kind("x"), "GET").status for kind in every_subclass(BrokerError) if kind.__module__ == refusals.__name__
    }
    assert all(400 <= status < 500 for status in statuses.values())
