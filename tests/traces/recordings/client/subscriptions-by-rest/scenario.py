"""Subscriptions by the admin API, with odd bodies and on partitions."""

import re
import time

CALLS = """
PUT {t}/subscription/a
PUT {t}/subscription/a
PUT {t}/subscription/b "earliest"
PUT {t}/subscription/c {"ledgerId":1,"entryId":2}
PUT {t}/subscription/d {"ledgerId":-1,"entryId":-1}
PUT {t}/subscription/e {"ledgerId":9223372036854775807,"entryId":9223372036854775807,"partitionIndex":-1}
PUT {t}/subscription/f {}
PUT {t}/subscription/g []
PUT {t}/subscription/h 5
PUT {t}/subscription/i true
PUT {t}/subscription/j {"ledgerId":"x"}
PUT {t}/subscription/k {"ledgerId":1,"entryId":2,"properties":{"a":"b"}}
GET {t}/subscription/k/properties
PUT {t}/subscription/l {"ledgerId":1,"entryId":2,"nope":1}
PUT {t}/subscription/m?replicated=true
GET {t}/subscription/m/replicatedSubscriptionStatus
PUT {t}/subscription/a%2Fb
PUT {t}/subscription/a%20b
PUT {t}/subscription/__compaction
GET {t}/subscriptions
DELETE {t}/subscription/a%2Fb
DELETE {t}/subscription/nope
DELETE {t}/subscription/a
DELETE {t}/subscription/a
POST {t}/subscription/b/skip/0
POST {t}/subscription/b/skip/-1
POST {t}/subscription/b/skip/5
POST {t}/subscription/b/skip/x
POST {t}/subscription/nope/skip/5
POST {t}/subscription/nope/skip_all
POST {t}/subscription/b/skip_all
POST {t}/subscription/b/expireMessages/0
POST {t}/subscription/b/expireMessages/-1
POST {t}/subscription/b/expireMessages/5
POST {t}/subscription/nope/expireMessages/5
POST {t}/subscription/b/expireMessages
POST {t}/subscription/b/expireMessages {"ledgerId":1,"entryId":2}
POST {t}/subscription/b/expireMessages {"ledgerId":1,"entryId":2,"isExcluded":true}
POST {t}/subscription/b/expireMessages {}
POST {t}/all_subscription/expireMessages/5
POST {x}/all_subscription/expireMessages/5
POST {t}/subscription/b/resetcursor/0
POST {t}/subscription/b/resetcursor/-5
POST {t}/subscription/b/resetcursor/99999999999999
POST {t}/subscription/b/resetcursor/x
POST {t}/subscription/nope/resetcursor/0
POST {t}/subscription/b/resetcursor
POST {t}/subscription/b/resetcursor {"ledgerId":1,"entryId":2}
POST {t}/subscription/b/resetcursor "earliest"
POST {t}/subscription/b/resetcursor "latest"
POST {t}/subscription/b/resetcursor "nope"
POST {t}/subscription/b/resetcursor {}
POST {t}/subscription/b/resetcursor []
POST {t}/subscription/nope/resetcursor {"ledgerId":1,"entryId":2}
POST {x}/subscription/b/resetcursor {"ledgerId":1,"entryId":2}
GET {t}/subscription/b/position/1
GET {t}/subscription/b/position/0
GET {x}/subscription/b/position/1
GET {t}/examinemessage
GET {t}/examinemessage?initialPosition=earliest&messagePosition=1
GET {t}/examinemessage?initialPosition=nope
GET {t}/ledger/1/entry/1
GET {t}/ledger/x/entry/1
GET {t}/messageid/0
GET {t}/messageid/x
PUT {p}/partitions 2
PUT {p}/subscription/s {"ledgerId":1,"entryId":2}
PUT {p}/subscription/s2 "earliest"
GET {p}/subscriptions
POST {p}/subscription/s2/resetcursor {"ledgerId":1,"entryId":2}
POST {p}/subscription/s2/resetcursor "earliest"
POST {p}/subscription/s2/resetcursor/0
POST {p}/subscription/s2/expireMessages/5
POST {p}/subscription/s2/expireMessages {"ledgerId":1,"entryId":2}
POST {p}/subscription/s2/skip_all
POST {p}/all_subscription/expireMessages/5
GET {p}/subscription/s2/properties
PUT {p}/subscription/s2/properties {"a":"b"}
GET {p}/subscription/s2/properties
GET {p}-partition-0/subscription/s2/properties
PUT {p}/subscription/nope/properties {"a":"b"}
DELETE {p}/subscription/s2
GET {p}/subscriptions
GET {p}/messageid/0
GET {p}/ledger/1/entry/1
GET {p}/examinemessage
PUT {t}/subscription/b/properties
PUT {t}/subscription/b/properties null
PUT {t}/subscription/b/properties {"a":5,"b":null}
GET {t}/subscription/b/properties
GET {x}/subscription/b/properties
PUT {x}/subscription/y
GET {x}/subscriptions
GET {x}/partitions
PUT {n}x/t
PUT {a}/persistent/public/gone/t
PUT {a}/persistent/public/gone/t/partitions 2
PUT {a}/persistent/public/gone/t/subscription/s
GET {a}/persistent/public/gone/t/stats
GET {a}/persistent/public/gone/t/partitions
GET {a}/persistent/public/gone/t/subscriptions
DELETE {a}/persistent/public/gone/t
PUT {p}/partitions 0
POST {p}/partitions 1
POST {p}/partitions 2
POST {p}/partitions 3
POST {p}/partitions "4"
POST {p}/partitions {}
POST {p}/partitions
POST {x}/partitions 3
PUT {x}/partitions 3
DELETE {p}/partitions
DELETE {p}/partitions
DELETE {t}/partitions
DELETE {t}?force=maybe
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
