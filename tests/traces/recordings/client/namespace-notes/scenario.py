"""What else is set for a namespace."""

import re
import time

CALLS = """
POST {n}/compactionThreshold 5
PUT {n}/compactionThreshold 5
GET {n}/compactionThreshold
GET {n}
PUT {n}/compactionThreshold -1
PUT {n}/compactionThreshold x
PUT {n}/compactionThreshold
PUT {n}/compactionThreshold 0
GET {n}/compactionThreshold
DELETE {n}/compactionThreshold
GET {n}/compactionThreshold
PUT {gone}/compactionThreshold 5
POST {n}/subscriptionExpirationTime 5
GET {n}/subscriptionExpirationTime
GET {n}
POST {n}/subscriptionExpirationTime -1
POST {n}/subscriptionExpirationTime "x"
POST {n}/subscriptionExpirationTime
POST {n}/subscriptionExpirationTime 0
GET {n}/subscriptionExpirationTime
DELETE {n}/subscriptionExpirationTime
GET {n}/subscriptionExpirationTime
POST {gone}/subscriptionExpirationTime 5
POST {n}/deduplicationSnapshotInterval 5
GET {n}/deduplicationSnapshotInterval
GET {n}
POST {n}/deduplicationSnapshotInterval -1
POST {n}/deduplicationSnapshotInterval 0
POST {n}/deduplicationSnapshotInterval null
GET {n}/deduplicationSnapshotInterval
POST {n}/deduplicationSnapshotInterval
DELETE {n}/deduplicationSnapshotInterval
POST {n}/encryptionRequired true
GET {n}/encryptionRequired
GET {n}
POST {n}/encryptionRequired null
GET {n}/encryptionRequired
POST {n}/encryptionRequired "x"
POST {n}/encryptionRequired
DELETE {n}/encryptionRequired
POST {n}/subscriptionAuthMode "Prefix"
GET {n}/subscriptionAuthMode
GET {n}
POST {n}/subscriptionAuthMode "nope"
POST {n}/subscriptionAuthMode null
GET {n}/subscriptionAuthMode
POST {n}/subscriptionAuthMode "None"
POST {n}/subscriptionAuthMode
POST {n}/antiAffinity "group"
GET {n}/antiAffinity
GET {n}
POST {n}/antiAffinity " "
POST {n}/antiAffinity
GET {n}/antiAffinity
GET {a}/namespaces/standalone/antiAffinity/group
GET {a}/namespaces/nope/antiAffinity/group?tenant=public
DELETE {n}/antiAffinity
GET {n}/antiAffinity
PUT {n}/property/a/b
GET {n}/property/a
GET {n}/properties
PUT {n}/properties {"c":"d","e":"f"}
GET {n}/properties
GET {n}
PUT {n}/properties []
PUT {n}/properties {"g":5}
GET {n}/properties
DELETE {n}/property/a
GET {n}/property/a
DELETE {n}/property/nope
DELETE {n}/properties
GET {n}/properties
PUT {gone}/property/a/b
PUT {gone}/properties {"a":"b"}
DELETE {gone}/properties
POST {n}/dispatcherPauseOnAckStatePersistent
GET {n}/dispatcherPauseOnAckStatePersistent
GET {n}
DELETE {n}/dispatcherPauseOnAckStatePersistent
GET {n}/dispatcherPauseOnAckStatePersistent
POST {gone}/dispatcherPauseOnAckStatePersistent
POST {n}/entryFilters {"entryFilterNames":"a,b"}
POST {n}/entryFilters {"entryFilterNames":""}
POST {n}/entryFilters {}
POST {n}/entryFilters
GET {n}/entryFilters
DELETE {n}/entryFilters
POST {n}/allowedClusters ["standalone"]
GET {n}/allowedClusters
POST {n}/allowedClusters ["nope"]
POST {n}/allowedClusters []
POST {n}/allowedClusters
GET {n}/allowedClusters
POST {n}/replication ["standalone"]
GET {n}/replication
POST {n}/replication ["nope"]
POST {n}/replication []
POST {n}/replication
POST {n}/replication ["global"]
POST {gone}/replication ["standalone"]
GET {gone}/replication
POST {n}/resourcegroup/nope
GET {n}/resourcegroup
DELETE {n}/resourcegroup
GET {n}
"""



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
        if isinstance(answer.get("reason"), str):
            answer["reason"] = answer["reason"].partition("Stacktrace:")[0]
        facts[f"{number:03} {line}"] = answer
    return facts
