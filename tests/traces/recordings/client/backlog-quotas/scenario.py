"""Backlog quotas: who is refused, held or loses messages when a backlog is too large; compaction at a threshold."""

import time

import pulsar


def run(env):
    facts = {}
    n = f"/admin/v2/namespaces/public/{env.ns}"

    def what(name, call):
        try:
            result = call()
            facts[name] = "done" if not isinstance(result, (str, int, list)) else result
            return result
        except Exception as error:
            facts[name] = f"{type(error).__name__}: {error}"
            return None

    def producer(topic, **options):
        return env.client.create_producer(env.topic(topic), **{"batching_enabled": False, "send_timeout_millis": 3000, **options})

    def quota(topic, text):
        facts[f"{topic} {text}"] = env.rest("POST", env.topic_path(topic) + "/backlogQuota", text=text).get("status")
        time.sleep(1)

    def check(topic):
        env.rest("GET", "/admin/v2/brokers/backlog-quota-check")
        time.sleep(1.5)
        stats = env.rest("GET", env.topic_path(topic) + "/stats")["body"]
        facts[f"{topic}: {len(facts)}"] = {
            "backlog": {name: each["msgBacklog"] for name, each in stats["subscriptions"].items()},
            "producers": len(stats["publishers"]),
            "limits": [stats.get("backlogQuotaLimitSize"), stats.get("backlogQuotaLimitTime")],
        }

    for topic in ("exception", "hold", "eviction"):
        env.rest("PUT", env.topic_path(topic))
        env.rest("PUT", env.topic_path(topic) + "/subscription/slow", text='"earliest"')
        env.rest("PUT", env.topic_path(topic) + "/subscription/fast", text='"earliest"')
    senders = {}
    for topic, policy in (("exception", "producer_exception"), ("hold", "producer_request_hold"), ("eviction", "consumer_backlog_eviction")):
        senders[topic] = producer(topic)
        for i in range(10):
            senders[topic].send(b"x" * 1000)
        env.rest("POST", env.topic_path(topic) + "/subscription/fast/skip/8")
        quota(topic, '{"limitSize":5000,"policy":"%s"}' % policy)
        check(topic)
        what(f"{topic}: one that is there", lambda: senders[topic].send(b"more"))
        what(f"{topic}: a new one", lambda: producer(topic))
        env.rest("POST", env.topic_path(topic) + "/subscription/slow/skip_all")
        time.sleep(1)
        what(f"{topic}: after skipping", lambda: senders[topic].send(b"more"))
        what(f"{topic}: a new one after skipping", lambda: producer(topic))
        check(topic)
    env.rest("PUT", env.topic_path("compacted"))
    sender = producer("compacted")
    for i in range(10):
        sender.send(b"x" * 100, partition_key="k")
    facts["threshold"] = env.rest("POST", env.topic_path("compacted") + "/compactionThreshold", text="500").get("status")
    facts["compaction before"] = env.rest("GET", env.topic_path("compacted") + "/compaction")
    time.sleep(65)
    facts["compaction after"] = env.rest("GET", env.topic_path("compacted") + "/compaction")
    facts["subscriptions"] = env.rest("GET", env.topic_path("compacted") + "/subscriptions")
    return facts
