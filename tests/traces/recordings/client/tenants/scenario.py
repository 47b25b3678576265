"""Tenants and namespaces of one's own: bodies, names, policies they are made with."""

import re
import time

CALLS = """
PUT {a}/tenants/{ns}a {"adminRoles":["r","r"],"allowedClusters":["standalone"]}
GET {a}/tenants/{ns}a
POST {a}/tenants/{ns}a {"allowedClusters":["standalone"]}
GET {a}/tenants/{ns}a
POST {a}/tenants/{ns}a {"adminRoles":null,"allowedClusters":["standalone"]}
GET {a}/tenants/{ns}a
POST {a}/tenants/{ns}a {"adminRoles":["a",""],"allowedClusters":["standalone"]}
POST {a}/tenants/{ns}a {"adminRoles":[" b"],"allowedClusters":["standalone"]}
POST {a}/tenants/{ns}a {"adminRoles":["b","a"],"allowedClusters":["standalone","standalone"]}
GET {a}/tenants/{ns}a
POST {a}/tenants/{ns}a {"adminRoles":"b"}
POST {a}/tenants/{ns}a {"allowedClusters":"standalone"}
POST {a}/tenants/{ns}a {"allowedClusters":[5]}
POST {a}/tenants/{ns}a {"allowedClusters":[""]}
POST {a}/tenants/{ns}a {"allowedClusters":[null]}
PUT {a}/tenants/{ns}a.b-c_d=e:f {"allowedClusters":["standalone"]}
DELETE {a}/tenants/{ns}a.b-c_d=e:f
PUT {a}/namespaces/{ns}a/one
PUT {a}/namespaces/{ns}a/two {}
PUT {a}/namespaces/{ns}a/three null
PUT {a}/namespaces/{ns}a/six {"replication_clusters":["nope"]}
PUT {a}/namespaces/{ns}a/six {"replication_clusters":[]}
PUT {a}/namespaces/{ns}a/five {"nope":1}
PUT {a}/namespaces/{ns}a/seven {"message_ttl_in_seconds":-5}
PUT {a}/namespaces/{ns}a/eight {"retention_policies":{"retentionTimeInMinutes":10}}
PUT {a}/namespaces/{ns}a/four {"message_ttl_in_seconds":"x"}
PUT {a}/namespaces/{ns}a/four {"max_producers_per_topic":-3}
PUT {a}/namespaces/{ns}a/nine {"max_producers_per_topic":3,"subscription_types_enabled":["Shared"],"delayed_delivery_policies":{"tickTime":5,"active":true},"autoTopicCreationOverride":{"allowAutoTopicCreation":false},"backlog_quota_map":{"destination_storage":{"limitSize":5,"policy":"producer_exception"}},"topicDispatchRate":{"standalone":{"dispatchThrottlingRateInMsg":5}},"publishMaxMessageRate":{"standalone":{"publishThrottlingRateInMsg":5}},"autoSubscriptionCreationOverride":{"allowAutoSubscriptionCreation":false},"persistence":{"bookkeeperEnsemble":1,"bookkeeperWriteQuorum":1,"bookkeeperAckQuorum":1},"compaction_threshold":4,"properties":{"a":"b"},"schema_compatibility_strategy":"FORWARD"}
GET {a}/namespaces/{ns}a/nine
GET {a}/namespaces/{ns}a/nine/maxProducersPerTopic
GET {a}/namespaces/{ns}a/nine/dispatchRate
GET {a}/namespaces/{ns}a/nine/backlogQuotaMap
GET {a}/namespaces/{ns}a/seven/messageTTL
GET {a}/namespaces/{ns}a
DELETE {a}/tenants/{ns}a
DELETE {a}/tenants/{ns}a?force=true
DELETE {a}/namespaces/{ns}a/one
DELETE {a}/namespaces/{ns}a/one
DELETE {a}/namespaces/{ns}a/two?force=true
DELETE {a}/namespaces/{ns}a/two
DELETE {a}/namespaces/{ns}a/three
DELETE {a}/namespaces/{ns}a/five
DELETE {a}/namespaces/{ns}a/six
DELETE {a}/namespaces/{ns}a/seven
DELETE {a}/namespaces/{ns}a/eight
DELETE {a}/namespaces/{ns}a/four
DELETE {a}/namespaces/{ns}a/nine
DELETE {a}/tenants/{ns}a
DELETE {a}/tenants/{ns}q
POST {n}/retention {
POST {n}/retention {"a"
POST {n}/retention {"a":
POST {n}/retention {"a":}
POST {n}/retention {"a":1
POST {n}/retention {"a":1,
POST {n}/retention {"a":1,}
POST {n}/retention {'a':1}
POST {n}/retention {"retentionTimeInMinutes":tru}
POST {n}/retention {"retentionTimeInMinutes":01}
POST {n}/retention {"retentionTimeInMinutes":1.2.3}
POST {n}/retention {"retentionTimeInMinutes":1 "b":2}
POST {n}/retention [
POST {n}/retention "
POST {n}/retention }
POST {n}/retention -
POST {n}/retention 1x
POST {n}/messageTTL 1 2
POST {n}/messageTTL 12x
POST {n}/messageTTL "12"
POST {n}/messageTTL ""
POST {n}/messageTTL 1e3
POST {n}/messageTTL 99999999999
POST {n}/messageTTL [1]
POST {n}/messageTTL tru
POST {n}/messageTTL nul
GET {n}/messageTTL
PUT {n}/schemaCompatibilityStrategy 5
GET {n}/schemaCompatibilityStrategy
PUT {n}/schemaCompatibilityStrategy []
PUT {n}/schemaCompatibilityStrategy "full"
"""

import re
import time


def run(env):
    place = {
        "n": f"/admin/v2/namespaces/public/{env.ns}", "t": env.topic_path("t"), "p": env.topic_path("p"), "x": env.topic_path("x"),
        "gone": "/admin/v2/namespaces/public/gone", "ns": env.ns, "a": "/admin/v2",
    }
    facts = {}
    for number, line in enumerate(CALLS.strip().splitlines()):
        if line.startswith("wait"):
            time.sleep(float(line.split()[1]))
            continue
        method, path, *body = line.split(" ", 2)
        path = re.sub(r"\{(\w+)\}", lambda found: place[found[1]], path)
        text = re.sub(r"\{(ns)\}", lambda found: place[found[1]], body[0]) if body else None
        answer = env.rest(method, path, text=text)
        if method != "GET":
            time.sleep(0.1)  # policies of topics take a moment
        if isinstance(answer.get("reason"), str):
            answer["reason"] = answer["reason"].partition("Stacktrace:")[0]
        facts[f"{number:03} {line}"] = answer
    return facts
