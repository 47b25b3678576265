"""Stored messages by their place, and what is done to whole topics and namespaces; refusals first."""

import pytest

TOPIC = "/admin/v2/persistent/public/default/t"
NAMESPACE = "/admin/v2/namespaces/public/default"


@pytest.fixture
def filled(deployment):
    deployment.call("PUT", TOPIC + "/subscription/s", "earliest")
    for value in "abcd":
        deployment.emulator.topic("t").send(value)
    return deployment


def ledger_of(deployment):
    return deployment.call("GET", TOPIC + "/lastMessageId")[1]["ledgerId"]


def backlog(deployment):
    return deployment.emulator.topic("t").backlog("s")


def test_an_empty_topic_has_nothing_to_examine(deployment):
    deployment.call("PUT", TOPIC)
    assert deployment.call("GET", TOPIC + "/examinemessage")[0] == 412


def test_partitions_together_are_not_examined(deployment):
    deployment.call("PUT", TOPIC + "/partitions", 2)
    reason = "Examine messages on a partitioned topic is not allowed, please try examine message on specific topic partition"
    assert deployment.call("GET", TOPIC + "/examinemessage") == (405, {"reason": reason})


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("ledger/0/entry/0", "GetMessageById is not allowed on partitioned-topic"),
        ("messageid/0", "Get message ID by timestamp on a partitioned topic is not allowed, please try do it on specific topic partition"),
    ],
)
def test_partitions_together_have_no_ids(deployment, path, reason):
    deployment.call("PUT", TOPIC + "/partitions", 2)
    assert deployment.call("GET", f"{TOPIC}/{path}") == (405, {"reason": reason})


def test_nothing_is_examined_before_the_first_message(filled):
    status, answer = filled.call("GET", TOPIC + "/examinemessage?initialPosition=latest&messagePosition=5")
    assert (status, "Message: Incorrect parameter input error code: -14" in answer["reason"]) == (500, True)


def test_an_id_that_is_not_there_and_one_that_is_none_are_refused(filled):
    ledger = ledger_of(filled)
    status, answer = filled.call("GET", f"{TOPIC}/ledger/{ledger}/entry/99")
    assert (status, f"Message: LastConfirmedEntry is {ledger}:3 when reading entry 99\n" in answer["reason"]) == (500, True)
    assert filled.call("GET", f"{TOPIC}/ledger/{ledger}/entry/-1")[0] == 500
    assert filled.call("GET", f"{TOPIC}/ledger/{ledger + 50}/entry/0") == (404, {"reason": "Message id not found"})
    assert filled.call("GET", TOPIC + "/ledger/x/entry/0")[0] == 404


def test_a_subscription_does_not_expire_to_what_is_no_place(filled):
    assert filled.call("POST", TOPIC + "/subscription/s/expireMessages", "somewhere")[0] == 400
    assert filled.call("POST", TOPIC + "/subscription/s/expireMessages", {"ledgerId": "x"})[0] == 400
    status, answer = filled.call("POST", TOPIC + "/subscription/s/expireMessages")
    assert (status, '"resetCursorData" is null' in answer["reason"]) == (500, True)


def test_subscriptions_of_a_namespace_in_use_are_not_removed(filled):
    consumer = filled.emulator.client.subscribe("t", "s")
    assert filled.call("POST", NAMESPACE + "/unsubscribe/s")[0] == 412
    consumer.close()
    assert filled.call("POST", NAMESPACE + "/unsubscribe/s") == (204, None)
    assert filled.call("GET", TOPIC + "/subscriptions") == (200, [])


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("initialPosition=earliest&messagePosition=2", "b"),
        ("initialPosition=latest&messagePosition=2", "c"),
        ("initialPosition=middle", "d"),
        ("initialPosition=earliest&messagePosition=0", "a"),
        ("initialPosition=earliest&messagePosition=9", "d"),
    ],
)
def test_messages_are_counted_from_either_end(filled, query, shown):
    assert filled.call("GET", f"{TOPIC}/examinemessage?{query}") == (200, shown)
    assert backlog(filled) == 4


def test_a_message_is_found_by_id_and_an_id_by_time(filled):
    assert filled.call("GET", f"{TOPIC}/ledger/{ledger_of(filled)}/entry/2") == (200, "c")
    place = {"ledgerId": ledger_of(filled), "entryId": 0, "partitionIndex": -1, "batchIndex": -1, "batchSize": 0}
    assert filled.call("GET", TOPIC + "/messageid/0") == (200, place)
    assert filled.call("GET", f"{TOPIC}/messageid/{1 << 60}")[1]["entryId"] == 4


@pytest.mark.parametrize(("excluded", "left"), [(False, 1), (True, 2)])
def test_a_subscription_expires_to_an_id(filled, excluded, left):
    place = {"ledgerId": ledger_of(filled), "entryId": 2, "partitionIndex": -1, "isExcluded": excluded}
    assert filled.call("POST", TOPIC + "/subscription/s/expireMessages", place) == (204, None)
    assert backlog(filled) == left
    assert filled.call("GET", TOPIC + "/stats")[1]["subscriptions"]["s"]["totalMsgExpired"] == 4 - left


def test_messages_expire_whatever_their_age_where_the_age_is_negative(filled):
    consumer = filled.emulator.client.subscribe("t", "s")
    assert filled.call("POST", TOPIC + "/subscription/s/expireMessages/100")[0] == 409
    assert filled.call("POST", TOPIC + "/subscription/s/expireMessages/-1") == (204, None)
    assert backlog(filled) == 0
    consumer.close()


@pytest.mark.parametrize(("call", "left"), [("/clearBacklog", 0), ("/clearBacklog/s", 0), ("/clearBacklog/other", 4)])
def test_the_backlog_of_a_namespace_is_cleared(filled, call, left):
    assert filled.call("POST", NAMESPACE + call) == (204, None)
    assert backlog(filled) == left


def test_a_topic_is_truncated_to_its_open_ledger(filled):
    filled.call("POST", NAMESPACE + "/retention", {"retentionTimeInMinutes": -1, "retentionSizeInMB": -1})
    topic = filled.emulator.broker.topics["persistent://public/default/t"]
    topic.ledger._roll_over()
    filled.emulator.topic("t").send("e")
    assert filled.call("DELETE", TOPIC + "/truncate") == (204, None)
    assert backlog(filled) == 0
    assert [entry.payload for segment in topic.ledger.segments for entry in segment.entries] == [b"e"]


def test_what_is_never_set_is_shown_as_nothing(deployment):
    assert deployment.call("GET", NAMESPACE + "/persistence") == (200, None)
    assert deployment.call("GET", NAMESPACE + "/schemaAutoUpdateCompatibilityStrategy") == (204, None)
