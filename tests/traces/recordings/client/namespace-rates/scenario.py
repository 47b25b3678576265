"""Rates of a namespace: dispatch, publish, subscribe, replicator."""

import re
import time

CALLS = """
GET {n}
GET {n}/dispatchRate
POST {n}/dispatchRate {"dispatchThrottlingRateInMsg":10,"dispatchThrottlingRateInByte":20,"ratePeriodInSecond":3}
GET {n}/dispatchRate
GET {n}
POST {n}/dispatchRate {}
GET {n}/dispatchRate
POST {n}/dispatchRate
GET {n}/dispatchRate
POST {n}/dispatchRate null
GET {n}/dispatchRate
POST {n}/dispatchRate {"dispatchThrottlingRateInMsg":"x"}
POST {n}/dispatchRate {"nope":1}
POST {n}/dispatchRate []
POST {n}/dispatchRate 5
POST {n}/dispatchRate x
POST {n}/dispatchRate {"dispatchThrottlingRateInMsg":-5,"ratePeriodInSecond":0,"relativeToPublishRate":true}
GET {n}/dispatchRate
DELETE {n}/dispatchRate
GET {n}/dispatchRate
GET {n}
POST {n}/subscriptionDispatchRate {"dispatchThrottlingRateInMsg":10}
GET {n}/subscriptionDispatchRate
POST {n}/subscriptionDispatchRate null
GET {n}/subscriptionDispatchRate
DELETE {n}/subscriptionDispatchRate
GET {n}/subscriptionDispatchRate
POST {n}/replicatorDispatchRate {"dispatchThrottlingRateInByte":10}
GET {n}/replicatorDispatchRate
POST {n}/replicatorDispatchRate null
DELETE {n}/replicatorDispatchRate
GET {n}/replicatorDispatchRate
POST {n}/replicatorDispatchRate?cluster=standalone {"dispatchThrottlingRateInByte":11}
GET {n}/replicatorDispatchRate
GET {n}
GET {n}/publishRate
POST {n}/publishRate {"publishThrottlingRateInMsg":7,"publishThrottlingRateInByte":8}
GET {n}/publishRate
GET {n}
POST {n}/publishRate {}
GET {n}/publishRate
POST {n}/publishRate null
GET {n}/publishRate
POST {n}/publishRate {"publishThrottlingRateInMsg":null}
GET {n}/publishRate
POST {n}/publishRate {"publishThrottlingRateInMsg":1.5}
GET {n}/publishRate
POST {n}/publishRate "x"
DELETE {n}/publishRate
GET {n}/publishRate
POST {n}/subscribeRate {"subscribeThrottlingRatePerConsumer":3,"ratePeriodInSecond":5}
GET {n}/subscribeRate
GET {n}
POST {n}/subscribeRate {}
GET {n}/subscribeRate
POST {n}/subscribeRate null
GET {n}/subscribeRate
POST {n}/subscribeRate {"subscribeThrottlingRatePerConsumer":99999999999}
DELETE {n}/subscribeRate
GET {n}/subscribeRate
POST {gone}/dispatchRate {}
POST {gone}/publishRate {}
POST {gone}/subscribeRate {}
DELETE {gone}/subscribeRate
DELETE {gone}/dispatchRate
POST {gone}/replicatorDispatchRate {}
DELETE {gone}/publishRate
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
