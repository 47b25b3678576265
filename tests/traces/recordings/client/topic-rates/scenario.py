"""Rates, quotas and such of one topic."""

import re
import time

CALLS = """
PUT {t}
PUT {p}/partitions 2
GET {t}/dispatchRate
POST {t}/dispatchRate {"dispatchThrottlingRateInMsg":10,"dispatchThrottlingRateInByte":20,"ratePeriodInSecond":3}
GET {t}/dispatchRate
POST {t}/dispatchRate {}
GET {t}/dispatchRate
POST {t}/dispatchRate
GET {t}/dispatchRate
POST {t}/dispatchRate {"dispatchThrottlingRateInMsg":10,"ratePeriodInSecond":1}
DELETE {t}/dispatchRate
GET {t}/dispatchRate
GET {t}/dispatchRate?applied=true
POST {n}/dispatchRate {"dispatchThrottlingRateInMsg":9,"ratePeriodInSecond":1}
GET {t}/dispatchRate?applied=true
POST {p}/dispatchRate {"dispatchThrottlingRateInMsg":10,"ratePeriodInSecond":1}
GET {p}/dispatchRate
GET {p}-partition-0/dispatchRate
POST {p}-partition-0/dispatchRate {"dispatchThrottlingRateInMsg":11,"ratePeriodInSecond":1}
GET {p}-partition-0/dispatchRate
GET {p}/dispatchRate
DELETE {p}-partition-0/dispatchRate
GET {p}/dispatchRate
POST {x}/dispatchRate {}
GET {x}/dispatchRate
DELETE {x}/dispatchRate
GET {t}/subscriptionDispatchRate
POST {t}/subscriptionDispatchRate {"dispatchThrottlingRateInMsg":10,"ratePeriodInSecond":1}
GET {t}/subscriptionDispatchRate
DELETE {t}/subscriptionDispatchRate
GET {t}/subscriptionDispatchRate?applied=true
PUT {t}/subscription/s "latest"
GET {t}/s/dispatchRate
POST {t}/s/dispatchRate {"dispatchThrottlingRateInMsg":10,"ratePeriodInSecond":1}
GET {t}/s/dispatchRate
GET {t}/s/dispatchRate?applied=true
GET {t}/nope/dispatchRate
GET {t}/subscriptionDispatchRate
DELETE {t}/s/dispatchRate
GET {t}/s/dispatchRate
GET {t}/replicatorDispatchRate
POST {t}/replicatorDispatchRate {"dispatchThrottlingRateInMsg":10,"ratePeriodInSecond":1}
GET {t}/replicatorDispatchRate
DELETE {t}/replicatorDispatchRate
GET {t}/replicatorDispatchRate?applied=true
GET {t}/publishRate
POST {t}/publishRate {"publishThrottlingRateInMsg":7,"publishThrottlingRateInByte":8}
GET {t}/publishRate
POST {t}/publishRate
GET {t}/publishRate
DELETE {t}/publishRate
GET {t}/subscribeRate
POST {t}/subscribeRate {"subscribeThrottlingRatePerConsumer":3,"ratePeriodInSecond":5}
GET {t}/subscribeRate
POST {t}/subscribeRate {}
GET {t}/subscribeRate
DELETE {t}/subscribeRate
GET {t}/subscribeRate?applied=true
GET {t}/backlogQuotaMap
GET {t}/backlogQuotaMap?applied=true
POST {t}/backlogQuota {"limitSize":10,"limitTime":20,"policy":"producer_exception"}
GET {t}/backlogQuotaMap
GET {t}/backlogQuotaMap?applied=true
POST {t}/backlogQuota?backlogQuotaType=message_age {"limitTime":20,"policy":"producer_exception"}
GET {t}/backlogQuotaMap
POST {t}/backlogQuota {"limitSize":10}
POST {t}/backlogQuota
GET {t}/backlogQuotaMap
DELETE {t}/backlogQuota
GET {t}/backlogQuotaMap
DELETE {t}/backlogQuota?backlogQuotaType=message_age
DELETE {t}/backlogQuota
POST {n}/backlogQuota {"limitSize":10,"limitTime":20,"policy":"producer_exception"}
GET {t}/backlogQuotaMap?applied=true
POST {t}/retention {"retentionTimeInMinutes":10,"retentionSizeInMB":10}
POST {t}/backlogQuota {"limitSize":10485760,"policy":"producer_request_hold"}
POST {t}/backlogQuota {"limitSize":10485759,"limitTime":200,"policy":"producer_request_hold"}
POST {t}/retention {"retentionTimeInMinutes":1,"retentionSizeInMB":1}
POST {x}/backlogQuota {"limitSize":10,"policy":"producer_request_hold"}
GET {x}/backlogQuotaMap
DELETE {x}/backlogQuota
GET {t}/persistence
POST {t}/persistence {"bookkeeperEnsemble":1,"bookkeeperWriteQuorum":1,"bookkeeperAckQuorum":1,"managedLedgerMaxMarkDeleteRate":2}
GET {t}/persistence
POST {t}/persistence {"bookkeeperEnsemble":1,"bookkeeperWriteQuorum":2,"bookkeeperAckQuorum":1}
POST {t}/persistence {}
POST {t}/persistence
DELETE {t}/persistence
GET {t}/persistence?applied=true
GET {t}/delayedDelivery
POST {t}/delayedDelivery {"tickTime":500,"active":true}
GET {t}/delayedDelivery
POST {t}/delayedDelivery {}
GET {t}/delayedDelivery
POST {t}/delayedDelivery
DELETE {t}/delayedDelivery
GET {t}/delayedDelivery?applied=true
GET {t}/inactiveTopicPolicies
GET {t}/inactiveTopicPolicies?applied=true
POST {t}/inactiveTopicPolicies {"inactiveTopicDeleteMode":"delete_when_no_subscriptions","maxInactiveDurationSeconds":30,"deleteWhileInactive":true}
GET {t}/inactiveTopicPolicies
POST {t}/inactiveTopicPolicies {}
GET {t}/inactiveTopicPolicies
POST {t}/inactiveTopicPolicies
DELETE {t}/inactiveTopicPolicies
GET {t}/inactiveTopicPolicies
GET {t}/offloadPolicies
POST {t}/offloadPolicies {}
GET {t}/offloadPolicies
DELETE {t}/offloadPolicies
GET {t}/offloadPolicies
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
