"""Backlog quotas, delayed delivery, inactive topics, persistence and retention of a namespace."""

import re
import time

CALLS = """
GET {n}/backlogQuotaMap
POST {n}/backlogQuota {"limitSize":10,"limitTime":20,"policy":"producer_exception"}
GET {n}/backlogQuotaMap
GET {n}
POST {n}/backlogQuota {"limitSize":-1,"policy":"consumer_backlog_eviction"}
GET {n}/backlogQuotaMap
POST {n}/backlogQuota?backlogQuotaType=message_age {"limitTime":30,"policy":"consumer_backlog_eviction"}
GET {n}/backlogQuotaMap
POST {n}/backlogQuota?backlogQuotaType=nope {"limitTime":30,"policy":"consumer_backlog_eviction"}
POST {n}/backlogQuota {"limitSize":10,"policy":"nope"}
GET {n}/backlogQuotaMap
POST {n}/backlogQuota {"limitSize":10}
GET {n}/backlogQuotaMap
POST {n}/backlogQuota {}
GET {n}/backlogQuotaMap
POST {n}/backlogQuota
GET {n}/backlogQuotaMap
POST {n}/backlogQuota null
GET {n}/backlogQuotaMap
POST {n}/backlogQuota {"limit":10,"policy":"producer_request_hold"}
GET {n}/backlogQuotaMap
POST {n}/backlogQuota {"limitSize":"x","policy":"producer_request_hold"}
POST {n}/backlogQuota []
DELETE {n}/backlogQuota
GET {n}/backlogQuotaMap
DELETE {n}/backlogQuota?backlogQuotaType=message_age
GET {n}/backlogQuotaMap
DELETE {n}/backlogQuota?backlogQuotaType=nope
POST {n}/retention {"retentionTimeInMinutes":10,"retentionSizeInMB":10}
POST {n}/backlogQuota {"limitSize":10485760,"policy":"producer_request_hold"}
POST {n}/backlogQuota {"limitSize":10485759,"limitTime":700,"policy":"producer_request_hold"}
POST {n}/backlogQuota?backlogQuotaType=message_age {"limitTime":600,"policy":"producer_request_hold"}
POST {n}/backlogQuota?backlogQuotaType=message_age {"limitTime":599,"policy":"producer_request_hold"}
GET {n}/backlogQuotaMap
POST {n}/retention {"retentionTimeInMinutes":1,"retentionSizeInMB":10}
POST {n}/retention {"retentionTimeInMinutes":10,"retentionSizeInMB":1}
POST {n}/retention {"retentionTimeInMinutes":-1,"retentionSizeInMB":-1}
GET {n}/retention
DELETE {n}/retention
POST {gone}/backlogQuota {"limitSize":10,"policy":"producer_exception"}
DELETE {gone}/backlogQuota
GET {gone}/backlogQuotaMap
GET {n}/delayedDelivery
POST {n}/delayedDelivery {"tickTime":500,"active":true}
GET {n}/delayedDelivery
GET {n}
POST {n}/delayedDelivery {"tickTime":500,"active":true,"maxDeliveryDelayInMillis":5000}
GET {n}/delayedDelivery
POST {n}/delayedDelivery {"tickTime":-1,"active":false}
GET {n}/delayedDelivery
POST {n}/delayedDelivery {"tickTime":1,"active":false,"maxDeliveryDelayInMillis":-7}
POST {n}/delayedDelivery {}
GET {n}/delayedDelivery
POST {n}/delayedDelivery
GET {n}/delayedDelivery
POST {n}/delayedDelivery {"active":"yes"}
POST {n}/delayedDelivery {"nope":1}
DELETE {n}/delayedDelivery
GET {n}/delayedDelivery
POST {gone}/delayedDelivery {}
GET {n}/inactiveTopicPolicies
POST {n}/inactiveTopicPolicies {"inactiveTopicDeleteMode":"delete_when_no_subscriptions","maxInactiveDurationSeconds":30,"deleteWhileInactive":true}
GET {n}/inactiveTopicPolicies
GET {n}
POST {n}/inactiveTopicPolicies {"inactiveTopicDeleteMode":"nope","maxInactiveDurationSeconds":30,"deleteWhileInactive":true}
POST {n}/inactiveTopicPolicies {"inactiveTopicDeleteMode":"delete_when_subscriptions_caught_up","maxInactiveDurationSeconds":0,"deleteWhileInactive":true}
POST {n}/inactiveTopicPolicies {"inactiveTopicDeleteMode":"delete_when_subscriptions_caught_up","maxInactiveDurationSeconds":-3}
POST {n}/inactiveTopicPolicies {}
GET {n}/inactiveTopicPolicies
POST {n}/inactiveTopicPolicies
POST {n}/inactiveTopicPolicies null
DELETE {n}/inactiveTopicPolicies
GET {n}/inactiveTopicPolicies
POST {gone}/inactiveTopicPolicies {"inactiveTopicDeleteMode":"delete_when_no_subscriptions","maxInactiveDurationSeconds":30,"deleteWhileInactive":true}
GET {n}/persistence
POST {n}/persistence {"bookkeeperEnsemble":1,"bookkeeperWriteQuorum":1,"bookkeeperAckQuorum":1,"managedLedgerMaxMarkDeleteRate":0}
GET {n}/persistence
GET {n}
POST {n}/persistence {"bookkeeperEnsemble":1,"bookkeeperWriteQuorum":2,"bookkeeperAckQuorum":1}
POST {n}/persistence {"bookkeeperEnsemble":2,"bookkeeperWriteQuorum":2,"bookkeeperAckQuorum":3}
POST {n}/persistence {"bookkeeperEnsemble":3,"bookkeeperWriteQuorum":2,"bookkeeperAckQuorum":1,"managedLedgerMaxMarkDeleteRate":1.5}
POST {n}/persistence {"bookkeeperEnsemble":0,"bookkeeperWriteQuorum":0,"bookkeeperAckQuorum":0}
POST {n}/persistence {"bookkeeperEnsemble":1,"bookkeeperWriteQuorum":1,"bookkeeperAckQuorum":1,"managedLedgerMaxMarkDeleteRate":-1}
POST {n}/persistence {"bookkeeperEnsemble":1,"bookkeeperWriteQuorum":1,"bookkeeperAckQuorum":1,"managedLedgerMaxMarkDeleteRate":2.5}
GET {n}/persistence
POST {n}/persistence {}
POST {n}/persistence
POST {n}/persistence null
POST {n}/persistence {"bookkeeperEnsemble":"x"}
DELETE {n}/persistence
GET {n}/persistence
POST {gone}/persistence {"bookkeeperEnsemble":1,"bookkeeperWriteQuorum":1,"bookkeeperAckQuorum":1,"managedLedgerMaxMarkDeleteRate":0}
GET {n}/persistence/bookieAffinity
POST {n}/persistence/bookieAffinity {"bookkeeperAffinityGroupPrimary":"a"}
GET {n}/persistence/bookieAffinity
DELETE {n}/persistence/bookieAffinity
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
