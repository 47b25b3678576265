"""A topic's log, looked at and put right; refusals first."""

import pytest

TOPIC = "/admin/v2/persistent/public/default/t"
NOT_THERE = {"reason": "Topic persistent://public/default/t not found"}


@pytest.mark.parametrize(
    ("method", "call", "body"),
    [
        ("POST", "/trim", None),
        ("PUT", "/offload", {"ledgerId": 1, "entryId": 0}),
        ("GET", "/offload", None),
        ("POST", "/subscription/s/analyzeBacklog", None),
    ],
)
def test_a_topic_that_is_not_there_is_404(deployment, method, call, body):
    assert deployment.call(method, TOPIC + call, body) == (404, NOT_THERE)


@pytest.mark.parametrize(
    ("method", "call", "status", "reason"),
    [
        ("POST", "/createMissedPartitions", 404, "Topic persistent://public/default/t does not exist"),
        (
            "POST",
            "/terminate/partitions",
            405,
            "Termination of a non-partitioned topic is not allowed using partitioned-terminate, please use terminate commands",
        ),
        ("PUT", "/offload", 400, "messageId is null"),
        ("POST", "/subscription/s/analyzeBacklog", 404, "Subscription s not found for topic persistent://public/default/t"),
    ],
)
def test_what_does_not_fit_a_topic_is_refused(deployment, method, call, status, reason):
    deployment.call("PUT", TOPIC)
    assert deployment.call(method, TOPIC + call) == (status, {"reason": reason})


def test_a_backlog_is_analysed_of_one_partition_at_a_time(deployment):
    deployment.call("PUT", TOPIC + "/partitions", 2)
    reason = "Analyze backlog on a partitioned topic is not allowed, please try do it on specific topic partition"
    assert deployment.call("POST", TOPIC + "/subscription/s/analyzeBacklog") == (405, {"reason": reason})


def test_a_backlog_is_counted_by_entries_and_messages(deployment):
    deployment.call("PUT", TOPIC + "/subscription/s", "earliest")
    producer = deployment.emulator.client.create_producer("t", batching_enabled=True, batching_max_publish_delay_ms=60_000)
    for value in (b"a", b"b", b"c"):
        producer.send_async(value, None)
    producer.flush()
    deployment.emulator.topic("t").send("d")
    found = deployment.call("POST", TOPIC + "/subscription/s/analyzeBacklog")[1]
    assert (found["entries"], found["messages"], found["filterAcceptedMessages"], found["aborted"]) == (2, 4, 4, False)


def test_partitions_that_are_missing_are_made(deployment):
    deployment.call("PUT", TOPIC + "/partitions", 2)
    deployment.call("DELETE", TOPIC + "-partition-1")
    assert deployment.call("POST", TOPIC + "/createMissedPartitions") == (204, None)
    assert deployment.call("GET", TOPIC + "-partition-1/stats")[0] == 200


def test_partitions_end_together(deployment):
    deployment.call("PUT", TOPIC + "/partitions", 2)
    assert [place["entryId"] for place in deployment.call("POST", TOPIC + "/terminate/partitions")[1].values()] == [-1, -1]
    assert deployment.call("GET", TOPIC + "-partition-0/internalStats")[1]["state"] == "Terminated"


def test_nothing_is_ever_offloaded(deployment):
    deployment.call("PUT", TOPIC)
    assert deployment.call("PUT", TOPIC + "/offload", {"ledgerId": 1, "entryId": 0}) == (204, None)
    assert deployment.call("GET", TOPIC + "/offload")[1]["status"] == "NOT_RUN"
    assert deployment.call("POST", TOPIC + "/trim") == (200, None)


def test_figures_have_all_the_fields_of_a_brokers(deployment):
    deployment.emulator.topic("t").send("x")
    consumer = deployment.emulator.client.subscribe("t", "s")
    stats = deployment.call("GET", TOPIC + "/stats")[1]
    assert (stats["msgRateIn"], stats["backlogQuotaLimitSize"], stats["backlogQuotaLimitTime"]) == (0.0, 10 << 30, -1)
    assert stats["publishers"][0]["connectedSince"].endswith("Z")
    subscription = stats["subscriptions"]["s"]
    assert (subscription["durable"], subscription["filterAcceptedMsgCount"], subscription["consumers"][0]["messageAckRate"]) == (
        True,
        0,
        0.0,
    )
    log = deployment.call("GET", TOPIC + "/internalStats")[1]
    assert (log["waitingCursorsCount"], log["ledgers"][0]["offloaded"], log["cursors"]["s"]["waitingReadOp"]) == (0, False, False)
    consumer.close()


def test_a_topic_that_stores_nothing_has_no_backlog_to_show(deployment):
    path = TOPIC.replace("/persistent", "/non-persistent")
    deployment.call("PUT", path)
    stats = deployment.call("GET", path + "/stats")[1]
    assert (stats["msgDropRate"], stats["backlogQuotaLimitSize"], "deduplicationStatus" in stats) == (0.0, 0, False)
    assert "ledgers" not in deployment.call("GET", path + "/internalStats")[1]
    assert deployment.call("DELETE", path + "/truncate") == (412, {"reason": "unsupport truncate"})
    assert deployment.call("POST", path + "/terminate") == (406, {"reason": "Need to provide a persistent topic name"})
