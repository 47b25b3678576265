"""Topics and their partitions by the admin API; refusals first."""

import pytest

from pfemu.admin.request import Request

TOPIC = "/admin/v2/persistent/public/default/t"
AT_THE_START = "\n at [Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled); line: 1, column: 1]"


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


METADATA = "application/vnd.partitioned-topic-metadata+json"


def test_a_partitioned_topic_is_made_with_properties(deployment):
    body = b'{"partitions": 2, "deleted": false, "properties": {"a": "b"}}'
    assert deployment.api.answer(Request.of_target("PUT", TOPIC + "/partitions", body, content_type=METADATA)).status == 204
    assert deployment.call("GET", TOPIC + "/partitions")[1] == {"partitions": 2, "deleted": False, "properties": {"a": "b"}}


@pytest.mark.parametrize(("body", "status"), [(b'{"partitions": "x"}', 400), (b"{}", 406), (b"", 400)])
def test_metadata_of_a_topic_says_how_many_partitions(deployment, body, status):
    answer = deployment.api.answer(Request.of_target("PUT", TOPIC + "/partitions", body, content_type=METADATA))
    assert answer.status == status
