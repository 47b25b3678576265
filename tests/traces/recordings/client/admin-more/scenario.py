"""Admin calls on partitioned topics, subscriptions in use, namespaces with topics, schemas and policies."""

import pulsar


def run(env):
    facts = {}
    rest = env.rest
    rest("PUT", env.topic_path("p") + "/partitions", 2)
    consumer = env.client.subscribe(env.topic("p"), "s")
    plain = env.client.subscribe(env.topic("t"), "s")
    producer = env.client.create_producer(env.topic("p"))
    for i in range(4):
        producer.send(b"%d" % i, partition_key=f"k{i}")
    p, t = env.topic_path("p"), env.topic_path("t")
    facts["subscriptions of partitions"] = rest("GET", p + "/subscriptions")
    facts["create on partitions"] = rest("PUT", p + "/subscription/new", text='"earliest"')
    facts["create again"] = rest("PUT", p + "/subscription/new", text='"earliest"')
    facts["skip all on partitions"] = rest("POST", p + "/subscription/new/skip_all")
    facts["skip on partitions"] = rest("POST", p + "/subscription/new/skip/1")
    facts["reset on partitions"] = rest("POST", p + "/subscription/new/resetcursor/0")
    facts["peek on partitions"] = rest("GET", p + "/subscription/new/position/1")
    facts["peek on partition"] = rest("GET", env.topic_path("p-partition-0") + "/subscription/new/position/9")
    facts["delete in use"] = rest("DELETE", t + "/subscription/s")
    facts["delete in use on partitions"] = rest("DELETE", p + "/subscription/s")
    facts["delete by force"] = rest("DELETE", t + "/subscription/s?force=true")
    facts["delete unknown on partitions"] = rest("DELETE", p + "/subscription/nope")
    facts["stats of partitions"] = rest("GET", p + "/stats")
    facts["partitioned stats of plain"] = rest("GET", t + "/partitioned-stats")
    facts["last id of partitions"] = rest("GET", p + "/lastMessageId")
    facts["compact partitions"] = rest("PUT", p + "/compaction").get("status")
    facts["expire all"] = rest("POST", t + "/all_subscription/expireMessages/5").get("status")
    facts["create subscription on a missing topic"] = rest("PUT", env.topic_path("made") + "/subscription/x", text='"latest"')
    facts["delete namespace in use"] = rest("DELETE", f"/admin/v2/namespaces/public/{env.ns}")
    facts["unknown policy"] = rest("GET", f"/admin/v2/namespaces/public/{env.ns}/nope").get("status")
    facts["ttl at first"] = rest("GET", f"/admin/v2/namespaces/public/{env.ns}/messageTTL")
    facts["retention at first"] = rest("GET", f"/admin/v2/namespaces/public/{env.ns}/retention")
    facts["set retention"] = rest("POST", f"/admin/v2/namespaces/public/{env.ns}/retention", {"retentionTimeInMinutes": 10, "retentionSizeInMB": 100})
    facts["get retention"] = rest("GET", f"/admin/v2/namespaces/public/{env.ns}/retention")
    facts["deduplication at first"] = rest("GET", f"/admin/v2/namespaces/public/{env.ns}/deduplication")
    facts["post schema"] = rest("POST", t.replace("/persistent/", "/schemas/") + "/schema", {"type": "STRING", "schema": "", "properties": {"a": "b"}})
    facts["get schema"] = rest("GET", t.replace("/persistent/", "/schemas/") + "/schema")
    facts["schema 5"] = rest("GET", t.replace("/persistent/", "/schemas/") + "/schema/5")
    facts["delete schema"] = rest("DELETE", t.replace("/persistent/", "/schemas/") + "/schema")
    facts["namespaces of a missing tenant"] = rest("GET", "/admin/v2/namespaces/no-tenant")
    facts["topic with a space"] = rest("PUT", env.topic_path("a%20b"))
    facts["topics"] = sorted(rest("GET", f"/admin/v2/persistent/public/{env.ns}")["body"])
    facts["terminate partitions"] = rest("POST", p + "/terminate").get("status")
    facts["bad topic"] = rest("GET", f"/admin/v2/persistent/public/{env.ns}/")
    facts["bad body"] = rest("POST", f"/admin/v2/namespaces/public/{env.ns}/messageTTL", text="x").get("status")
    facts["reset to id"] = rest("POST", t + "/subscription/s/resetcursor", {"ledgerId": 1, "entryId": 1}).get("status")
    facts["negative skip"] = rest("POST", p + "/subscription/new/skip/-1").get("status")
    return facts
