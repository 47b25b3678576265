"""Subscriptions by the admin API: made, moved, skipped, peeked at; refusals first."""

import pytest

from pfemu.model.topic_name import TopicName

TOPIC = "/admin/v2/persistent/public/default/t"


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


@pytest.mark.parametrize("body", [{"ledgerId": 1, "entryId": 0}, "earliest"])
def test_partitions_are_not_moved_to_a_message_together(deployment, body):
    deployment.call("PUT", TOPIC + "/partitions", 2)
    deployment.call("PUT", TOPIC + "/subscription/s")
    reason = "Reset-cursor at position is not allowed for partitioned-topic"
    assert deployment.call("POST", TOPIC + "/subscription/s/resetcursor", body) == (405, {"reason": reason})


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ([], "Cannot deserialize value of type `org.apache.pulsar.client.impl.ResetCursorData` from Array value"),
        (5, "Cannot construct instance of `org.apache.pulsar.client.impl.ResetCursorData`"),
        ({"ledgerId": "x"}, 'Cannot deserialize value of type `long` from String "x"'),
    ],
)
def test_a_place_is_a_message_or_an_end(deployment, body, words):
    status, text = deployment.call("PUT", TOPIC + "/subscription/s", body)
    assert (status, text.startswith(words)) == (400, True)


@pytest.mark.parametrize("call", ["/stats", "/partitions", "/subscriptions"])
def test_a_topic_of_a_namespace_that_is_not_there_is_refused_for_that(deployment, call):
    answer = deployment.call("GET", f"/admin/v2/persistent/public/gone/t{call}")
    assert answer == (404, {"reason": "Namespace not found"})


def test_a_subscription_is_made_with_what_is_noted_of_it(deployment):
    body = {"ledgerId": 1, "entryId": 0, "properties": {"a": "b"}}
    assert deployment.call("PUT", TOPIC + "/subscription/s?replicated=true", body) == (204, None)
    assert deployment.call("GET", TOPIC + "/subscription/s/properties") == (200, {"a": "b"})
    status = deployment.call("GET", TOPIC + "/subscription/s/replicatedSubscriptionStatus")
    assert status == (200, {"persistent://public/default/t": True})


def test_properties_of_a_subscription_are_texts(deployment):
    deployment.call("PUT", TOPIC + "/subscription/s")
    assert deployment.call("PUT", TOPIC + "/subscription/s/properties", {"a": None})[0] == 500
    assert deployment.call("PUT", TOPIC + "/subscription/s/properties", [])[0] == 400
    reason = "Subscription nope not found for topic persistent://public/default/t"
    assert deployment.call("PUT", TOPIC + "/subscription/nope/properties", {}) == (404, {"reason": reason})


def test_subscriptions_are_listed_in_the_order_of_a_java_map(deployment):
    names = ["a", "b", "a b", "__compaction", "c", "d", "e", "f", "k", "l", "m", "a/b"]
    for name in ["a", "b", "c", "d", "e", "f", "k", "l", "m", "a/b", "a b", "__compaction"]:
        deployment.emulator.broker.get_or_create(TopicName.parse("t")).ensure_subscription(name, 0)
    assert deployment.call("GET", TOPIC + "/subscriptions") == (200, names)
