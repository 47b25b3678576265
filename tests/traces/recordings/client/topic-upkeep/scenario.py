"""Topics with messages: their ledgers, their backlog, what is trimmed and ended; topics that store nothing."""

import time


def run(env):
    facts = {}
    t, p, x = env.topic_path("t"), env.topic_path("p"), env.topic_path("x")
    n = f"/admin/v2/namespaces/public/{env.ns}"
    np = f"/admin/v2/non-persistent/public/{env.ns}"

    def ask(name, method, path, text=None):
        answer = env.rest(method, path, text=text)
        if isinstance(answer.get("reason"), str):
            answer["reason"] = answer["reason"].partition("Stacktrace:")[0]
        facts[f"{len(facts):03} {name}"] = answer
        return answer

    env.rest("PUT", p + "/partitions", 2)
    consumer = env.client.subscribe(env.topic("t"), "s")
    producer = env.client.create_producer(env.topic("t"), batching_enabled=False)
    ids = [producer.send(b"%d" % i) for i in range(5)]
    batched = env.client.create_producer(env.topic("t"), batching_enabled=True, batching_max_publish_delay_ms=200)
    for i in range(3):
        batched.send_async(b"b%d" % i, None)
    batched.flush()
    consumer.acknowledge(consumer.receive(3000))
    consumer.acknowledge_cumulative(consumer.receive(3000))
    third = consumer.receive(3000)
    consumer.acknowledge(consumer.receive(3000))
    time.sleep(0.5)
    ask("analyze", "POST", t + "/subscription/s/analyzeBacklog")
    ask("analyze, null", "POST", t + "/subscription/s/analyzeBacklog", "null")
    last = env.rest("GET", t + "/lastMessageId")["body"]
    facts["last"] = {name: last[name] for name in ("entryId", "batchIndex", "batchSize", "partitionIndex")}
    ledger = last["ledgerId"]
    ask("backlog size of the last", "PUT", t + "/backlogSize", '{"ledgerId":%d,"entryId":5,"partitionIndex":-1}' % ledger)
    ask("backlog size of none", "PUT", t + "/backlogSize", '{"ledgerId":%d,"entryId":99,"partitionIndex":-1}' % ledger)
    ask("backlog size of no topic", "PUT", x + "/backlogSize", '{"ledgerId":1,"entryId":0}')
    ask("trim", "POST", t + "/trim")
    ask("terminate partitions", "POST", p + "/terminate/partitions")
    ask("again", "POST", p + "/terminate/partitions")
    ask("terminate", "POST", t + "/terminate")
    ask("terminate again", "POST", t + "/terminate")
    ask("missed", "POST", p + "/createMissedPartitions")
    ask("delete a partition", "DELETE", p + "-partition-1")
    ask("list", "GET", f"/admin/v2/persistent/public/{env.ns}")
    ask("missed", "POST", p + "/createMissedPartitions")
    ask("list", "GET", f"/admin/v2/persistent/public/{env.ns}")
    ask("make one", "PUT", np + "/one")
    ask("make partitions", "PUT", np + "/q/partitions", "2")
    ask("list of partitioned", "GET", np + "/partitioned")
    producer2 = env.client.create_producer(f"non-persistent://public/{env.ns}/q")
    ask("topics", "GET", n + "/topics")
    ask("internal stats of one", "GET", np + "/one/internalStats")
    ask("partitions of q", "GET", np + "/q/partitions")
    ask("delete q", "DELETE", np + "/q/partitions?force=true")
    ask("truncate", "DELETE", np + "/one/truncate")
    ask("compact", "PUT", np + "/one/compaction")
    ask("terminate", "POST", np + "/one/terminate")
    ask("skip", "POST", np + "/one/subscription/s/skip_all")
    ask("reset", "POST", np + "/one/subscription/s/resetcursor/0")
    ask("peek", "GET", np + "/one/subscription/s/position/1")
    ask("properties", "PUT", np + "/one/properties", "{}")
    ask("examine", "GET", np + "/one/examinemessage")
    ask("internal info", "GET", np + "/one/internal-info")
    ask("analyze", "POST", np + "/one/subscription/s/analyzeBacklog")
    ask("ttl", "POST", np + "/one/messageTTL?messageTTL=4")
    ask("backlog", "GET", np + "/one/backlog")
    ask("expire", "POST", np + "/one/all_subscription/expireMessages/5")
    ask("unsubscribe", "DELETE", np + "/one/subscription/s")
    ask("id by time", "GET", np + "/one/messageid/5")
    ask("trim", "POST", np + "/one/trim")
    ask("offload", "GET", np + "/one/offload")
    ask("permissions", "GET", np + "/one/permissions")
    ask("entry filters", "GET", np + "/one/entryFilters")
    ask("delete", "DELETE", np + "/one")
    env.rest("PUT", env.topic_path("z"))
    ask("partitioned stats", "GET", env.topic_path("z") + "/partitioned-stats")
    return facts
