"""Subscriptions by the admin API: made, moved, skipped, peeked at; refusals first."""

import pytest

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
