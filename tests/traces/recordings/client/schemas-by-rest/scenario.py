"""Schemas by the admin API: upload, versions, compatibility, strategies of a topic."""

import re
import time

CALLS = r"""
GET {s}/schema
GET {s}/schemas
GET {s}/metadata
GET {s}/schema/0
POST {s}/schema {"type":"JSON","schema":"{\"type\":\"record\",\"name\":\"A\",\"fields\":[{\"name\":\"a\",\"type\":\"string\"}]}","properties":{"k":"v"}}
GET {s}/schema
GET {s}/schema/0
GET {s}/schema/1
GET {s}/schema/-1
GET {s}/schemas
GET {s}/metadata
GET {a}/persistent/public/{ns}
POST {s}/schema {"type":"JSON","schema":"{\"type\":\"record\",\"name\":\"A\",\"fields\":[{\"name\":\"a\",\"type\":\"string\"}]}","properties":{"k":"v"}}
POST {s}/schema {"type":"JSON","schema":"{\"type\":\"record\",\"name\":\"A\",\"fields\":[{\"name\":\"a\",\"type\":\"string\"}]}","properties":{"k":"w"}}
POST {s}/version {"type":"JSON","schema":"{\"type\":\"record\",\"name\":\"A\",\"fields\":[{\"name\":\"a\",\"type\":\"string\"}]}","properties":{}}
POST {s}/version {"type":"JSON","schema":"{\"type\":\"record\",\"name\":\"B\",\"fields\":[]}","properties":{}}
POST {s}/compatibility {"type":"JSON","schema":"{\"type\":\"record\",\"name\":\"A\",\"fields\":[{\"name\":\"a\",\"type\":\"string\"},{\"name\":\"b\",\"type\":[\"null\",\"string\"],\"default\":null}]}","properties":{}}
POST {s}/compatibility {"type":"JSON","schema":"{\"type\":\"record\",\"name\":\"A\",\"fields\":[{\"name\":\"b\",\"type\":\"string\"}]}","properties":{}}
POST {s}/compatibility {"type":"STRING","schema":"","properties":{}}
POST {s}/schema {"type":"JSON","schema":"{\"type\":\"record\",\"name\":\"A\",\"fields\":[{\"name\":\"b\",\"type\":\"string\"}]}","properties":{}}
POST {s}/schema {"type":"STRING","schema":"","properties":{}}
POST {s}/schema {"type":"AVRO","schema":"{\"type\":\"record\",\"name\":\"A\",\"fields\":[{\"name\":\"a\",\"type\":\"string\"}]}","properties":{}}
POST {s}/schema {"type":"JSON","schema":"{\"type\":\"record\",\"name\":\"A\",\"fields\":[{\"name\":\"a\",\"type\":\"string\"},{\"name\":\"b\",\"type\":[\"null\",\"string\"],\"default\":null}]}","properties":{}}
GET {s}/schemas
GET {s}/metadata
POST {s}/schema {"type":"JSON","schema":"nope","properties":{}}
POST {s}/schema {"type":"JSON","schema":"{}","properties":{}}
POST {s}/schema {"type":"JSON","schema":"","properties":{}}
POST {s}/schema {"type":"NOPE","schema":"","properties":{}}
POST {s}/schema {"schema":""}
POST {s}/schema {"type":"STRING"}
POST {s}/schema
POST {s}/schema []
POST {s}/schema {"type":"STRING","schema":"x","properties":[]}
POST {s}/schema {"type":"STRING","schema":"x","properties":{"a":5}}
POST {s}/schema {"type":"STRING","schema":5}
DELETE {s}/schema
GET {s}/schema
GET {s}/schemas
GET {s}/schema/0
POST {s}/schema {"type":"STRING","schema":"","properties":{}}
GET {s}/schema
DELETE {s}/schema?force=true
GET {s}/schemas
DELETE {s}/schema
POST {z}/schema {"type":"INT32","schema":"","properties":{}}
POST {z}/schema {"type":"INT64","schema":"","properties":{}}
POST {z}/schema {"type":"NONE","schema":"","properties":{}}
POST {z}/schema {"type":"AUTO","schema":"","properties":{}}
POST {z}/schema {"type":"AUTO_CONSUME","schema":"","properties":{}}
POST {z}/schema {"type":"int32","schema":"","properties":{}}
GET {z}/schema
GET {z}/schemas
PUT {t}/schemaCompatibilityStrategy "ALWAYS_COMPATIBLE"
POST {tt}/schema {"type":"JSON","schema":"{\"type\":\"record\",\"name\":\"A\",\"fields\":[{\"name\":\"a\",\"type\":\"string\"}]}","properties":{}}
PUT {t}/schemaCompatibilityStrategy "ALWAYS_COMPATIBLE"
POST {tt}/schema {"type":"JSON","schema":"{\"type\":\"record\",\"name\":\"A\",\"fields\":[{\"name\":\"z\",\"type\":\"int\"}]}","properties":{}}
POST {tt}/compatibility {"type":"STRING","schema":"","properties":{}}
POST {tt}/schema {"type":"STRING","schema":"","properties":{}}
GET {tt}/schemas
DELETE {t}/schemaCompatibilityStrategy
POST {tt}/compatibility {"type":"JSON","schema":"{\"type\":\"record\",\"name\":\"A\",\"fields\":[{\"name\":\"q\",\"type\":\"int\"}]}","properties":{}}
PUT {n}/schemaCompatibilityStrategy "ALWAYS_INCOMPATIBLE"
POST {tt}/schema {"type":"JSON","schema":"{\"type\":\"record\",\"name\":\"A\",\"fields\":[{\"name\":\"z\",\"type\":\"int\"}]}","properties":{}}
POST {tt}/compatibility {"type":"STRING","schema":"","properties":{}}
GET {a}/schemas/public/gone/t/schema
POST {a}/schemas/public/gone/t/schema {"type":"STRING","schema":"","properties":{}}
DELETE {a}/schemas/public/gone/t/schema
GET {a}/schemas/public/gone/t/schemas
POST {a}/schemas/public/gone/t/compatibility {"type":"STRING","schema":"","properties":{}}
POST {a}/schemas/public/gone/t/version {"type":"STRING","schema":"","properties":{}}
GET {a}/schemas/nope/gone/t/schema
PUT {p}/partitions 2
POST {pp}/schema {"type":"STRING","schema":"","properties":{}}
GET {pp}/schema
GET {pp}-partition-0/schema
DELETE {pp}-partition-0/schema
GET {pp}/schema
"""

import re
import time


def run(env):
    place = {
        "n": f"/admin/v2/namespaces/public/{env.ns}", "t": env.topic_path("t"), "p": env.topic_path("p"), "x": env.topic_path("x"),
        "gone": "/admin/v2/namespaces/public/gone", "ns": env.ns, "a": "/admin/v2", "s": f"/admin/v2/schemas/public/{env.ns}/s", "z": f"/admin/v2/schemas/public/{env.ns}/z",
        "tt": f"/admin/v2/schemas/public/{env.ns}/t", "pp": f"/admin/v2/schemas/public/{env.ns}/p",
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
