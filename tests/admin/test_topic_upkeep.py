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


def test_what_is_stored_after_a_message_is_counted(deployment):
    deployment.emulator.topic("t").send("a")
    deployment.emulator.topic("t").send("bc")
    last = deployment.call("GET", TOPIC + "/lastMessageId")[1]
    assert deployment.call("PUT", TOPIC + "/backlogSize", last) == (200, 0)
    assert deployment.call("PUT", TOPIC + "/backlogSize", last | {"entryId": 0}) == (200, 2)
    assert deployment.call("PUT", TOPIC + "/backlogSize", last | {"ledgerId": 99}) == (200, 0)
    assert deployment.call("PUT", TOPIC + "/backlogSize", {"ledgerId": "x"})[0] == 400
    status, answer = deployment.call("PUT", TOPIC + "/backlogSize")
    assert (status, '"messageId" is null' in answer["reason"]) == (500, True)
    offline = deployment.call("GET", TOPIC + "/backlog")[1]
    assert (offline["storageSize"], offline["totalMessages"], offline["topicName"]) == (3, 1, "public/default/persistent/t")


def test_the_stored_log_names_ledgers_and_cursors(deployment):
    deployment.call("PUT", TOPIC + "/subscription/s", "earliest")
    deployment.emulator.topic("t").send("a")
    deployment.call("POST", TOPIC + "/subscription/s/skip_all")
    info = deployment.call("GET", TOPIC + "/internal-info")[1]
    assert (len(info["ledgers"]), info["cursors"]["s"]["markDelete"]["entryId"]) == (1, 0)
    deployment.call("PUT", TOPIC + "p/partitions", 2)
    assert len(deployment.call("GET", TOPIC + "p/internal-info")[1]["partitions"]) == 2
    assert deployment.call("GET", TOPIC + "x/internal-info")[0] == 500


NOT_STORED = [
    ("GET", "/subscription/s/position/1", 405, "Peek messages on a non-persistent topic is not allowed"),
    ("GET", "/examinemessage", 405, "Examine messages on a non-persistent topic is not allowed"),
    ("POST", "/all_subscription/expireMessages/5", 405, "Expire messages for all subscriptions on a non-persistent topic is not allowed"),
    ("GET", "/messageid/5", 405, "Get message ID by timestamp on a non-persistent topic is not allowed"),
    ("POST", "/trim", 405, "Trim on a non-persistent topic is not allowed"),
    ("DELETE", "/truncate", 412, "unsupport truncate"),
    ("POST", "/terminate", 406, "Need to provide a persistent topic name"),
]


@pytest.mark.parametrize(("method", "call", "status", "reason"), NOT_STORED)
def test_what_is_not_stored_cannot_be_looked_at(deployment, method, call, status, reason):
    path = TOPIC.replace("/persistent", "/non-persistent")
    deployment.call("PUT", path)
    assert deployment.call(method, path + call) == (status, {"reason": reason})


@pytest.mark.parametrize(("method", "call"), [("PUT", "/compaction"), ("POST", "/subscription/s/skip_all"), ("GET", "/offload")])
def test_a_broker_stumbles_over_what_is_not_stored(deployment, method, call):
    path = TOPIC.replace("/persistent", "/non-persistent")
    deployment.call("PUT", path)
    status, answer = deployment.call(method, path + call)
    assert (status, "NonPersistentTopic cannot be cast to class" in answer["reason"]) == (500, True)
    assert deployment.call("GET", path + "/internal-info")[0] == 500
    assert deployment.call("GET", path + "/permissions") == (200, {})


def test_partitions_that_store_nothing_are_listed_once_they_are_used(deployment):
    path = "/admin/v2/non-persistent/public/default"
    deployment.call("PUT", path + "/q/partitions", 1)
    assert deployment.call("GET", path) == (200, [])
    deployment.emulator.client.create_producer("non-persistent://public/default/q")
    used = ["non-persistent://public/default/q-partition-0"]
    assert deployment.call("GET", path) == (200, used)
    topics = "/admin/v2/namespaces/public/default/topics"
    assert deployment.call("GET", topics) == (200, [])
    assert deployment.call("GET", topics + "?mode=ALL") == (200, used)
    assert deployment.call("GET", topics + "?mode=nope")[0] == 404


def test_figures_of_partitions_are_added_up_and_publishers_are_named_by_each_alone(deployment):
    deployment.call("PUT", TOPIC + "/partitions", 2)
    deployment.emulator.client.create_producer("t")
    stats = deployment.call("GET", TOPIC + "/partitioned-stats")[1]
    assert ([one["producerId"] for one in stats["publishers"]], "ownerBroker" in stats) == ([0], False)
    assert (stats["backlogQuotaLimitSize"], stats["backlogQuotaLimitTime"]) == (10 << 30, -1)
    assert (stats["oldestBacklogMessageAgeSeconds"], "deduplicationStatus" in stats) == (0, False)
    each = stats["partitions"]["persistent://public/default/t-partition-0"]
    assert ("producerName" in each["publishers"][0], each["ownerBroker"]) == (True, "127.0.0.1:8080")


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
