"""Topics, subscriptions, namespaces, tenants and schemas by the admin API; refusals first."""

import json

import pytest

from pfemu.admin.answer import ErrorPage, refusal
from pfemu.broker import refusals
from pfemu.errors import BrokerError, EndlessLoopError

TOPIC = "/admin/v2/persistent/public/default/t"
NAMESPACE = "/admin/v2/namespaces/public/default"
SCHEMA = "/admin/v2/schemas/public/default/t"
POINT = {"type": "AVRO", "schema": '{"type":"record","name":"P","fields":[{"name":"x","type":"int"}]}', "properties": {"a": "b"}}
OTHER = {"type": "AVRO", "schema": '{"type":"record","name":"P","fields":[{"name":"x","type":"string"}]}'}


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
        (b"", 406, {"reason": "Number of partitions should be more than 0"}),
        (b'"x"', 400, None),
        (b"{", 400, None),
    ],
)
def test_partitions_are_a_positive_number(deployment, body, status, answer):
    assert deployment.call("PUT", TOPIC + "/partitions", body) == (status, answer)


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
    assert deployment.call("GET", TOPIC + "/subscriptions/") == (200, ["s"])
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


@pytest.mark.parametrize(("method", "call"), [("DELETE", ""), ("POST", "/skip/1"), ("POST", "/expireMessages/1"), ("GET", "/position/1")])
def test_a_subscription_that_is_not_there_is_404(deployment, method, call):
    deployment.call("PUT", TOPIC)
    expected = (404, {"reason": "Subscription s not found for topic persistent://public/default/t"})
    assert deployment.call(method, f"{TOPIC}/subscription/s{call}") == expected


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


# ------------------------------------------------------------------------------------------------------------- schemas


def test_a_topic_without_a_schema_says_so(deployment):
    assert deployment.call("GET", SCHEMA + "/schema") == (404, {"reason": "Schema not found"})
    assert deployment.call("GET", SCHEMA + "/schema/x")[0] == 404


@pytest.mark.parametrize("body", [{"schema": "x"}, {"type": "AVRO", "properties": [1]}])
def test_a_schema_has_a_type_and_properties_by_name(deployment, body):
    assert deployment.call("POST", SCHEMA + "/schema", body)[0] == 400


def test_a_schema_that_does_not_fit_is_refused(deployment):
    deployment.call("POST", SCHEMA + "/schema", POINT)
    assert deployment.call("POST", SCHEMA + "/schema", OTHER)[0] == 409
    answer = {"compatibility": False, "schemaCompatibilityStrategy": "FULL"}
    assert deployment.call("POST", SCHEMA + "/compatibility", OTHER) == (200, answer)


def test_a_schema_is_stored_shown_and_forgotten(deployment):
    assert deployment.call("POST", SCHEMA + "/compatibility", POINT)[1]["compatibility"] is True
    assert deployment.call("POST", SCHEMA + "/schema", POINT) == (200, {"version": {"version": 0}})
    shown = deployment.call("GET", SCHEMA + "/schema")[1]
    assert (shown["type"], shown["data"], shown["properties"]) == ("AVRO", POINT["schema"], {"a": "b"})
    assert deployment.call("GET", SCHEMA + "/schema/0")[1] == shown
    assert deployment.call("GET", SCHEMA + "/schemas")[1] == {"getSchemaResponses": [shown]}
    assert deployment.call("DELETE", SCHEMA + "/schema") == (200, {"version": 1})
    assert deployment.call("GET", SCHEMA + "/schema")[0] == 404


def test_refusals_by_kind_have_the_statuses_of_the_broker():
    statuses = {
        kind.__name__: refusal(kind("x"), "GET").status for kind in every_subclass(BrokerError) if kind.__module__ == refusals.__name__
    }
    assert all(400 <= status < 500 for status in statuses.values())
