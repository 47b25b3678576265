"""State over REST: odd keys, odd bodies, and what a function finds."""

import json
import time


def run(env):
    facts = {}
    path = f"/admin/v3/functions/public/{env.ns}/f"
    config = {"tenant": "public", "namespace": env.ns, "name": "f", "runtime": "PYTHON", "className": "function.F",
              "inputs": [env.topic("in")], "output": env.topic("out")}
    facts["create"] = env.rest("POST", path, parts={"functionConfig": config, "data": "@function.py"})
    for _ in range(60):
        if (env.rest("GET", path + "/status").get("body") or {}).get("numRunning"):
            break
        time.sleep(0.5)
    bodies = {"string": {"key": "k", "stringValue": "v"}, "other key": {"key": "other", "stringValue": "v"}, "no key": {"stringValue": "v"}, "null key": {"key": None, "stringValue": "v"},
              "number key": {"key": 1, "stringValue": "v"}, "empty": {}, "null": None, "list": [], "text": "x", "number": 3, "string number": {"key": "k", "stringValue": 5},
              "string bool": {"key": "k", "stringValue": True}, "string object": {"key": "k", "stringValue": {}}, "number text": {"key": "k", "numberValue": "7"}, "number bad text": {"key": "k", "numberValue": "x"},
              "number float": {"key": "k", "numberValue": 1.5}, "number big": {"key": "k", "numberValue": 9223372036854775808}, "number max": {"key": "k", "numberValue": 9223372036854775807}, "number negative": {"key": "k", "numberValue": -1},
              "number null": {"key": "k", "numberValue": None}, "number bool": {"key": "k", "numberValue": True}, "bytes": {"key": "k", "byteValue": "aGVsbG8="}, "bytes bad": {"key": "k", "byteValue": "###"},
              "bytes empty": {"key": "k", "byteValue": ""}, "bytes not text": {"key": "k", "byteValue": "/////w=="}, "bytes of eight": {"key": "k", "byteValue": "AAAAAAAAAAU="}, "bytes list": {"key": "k", "byteValue": [1, 2]}, "version": {"key": "k", "stringValue": "v", "version": 9},
              "version text": {"key": "k", "stringValue": "v", "version": "x"}, "unknown field": {"key": "k", "stringValue": "v", "nope": 1}, "all": {"key": "k", "stringValue": "v", "numberValue": 1, "byteValue": "aGVsbG8="},
              "string and number": {"key": "k", "stringValue": "v", "numberValue": 1}, "unicode": {"key": "k", "stringValue": "é☃"}, "long": {"key": "k", "stringValue": "x" * 3000}, "eight": {"key": "k", "stringValue": "12345678"}}
    for label, body in bodies.items():
        facts["put " + label] = env.rest("POST", path + "/state/k", parts={"state": json.dumps(body)})
        facts["get " + label] = env.rest("GET", path + "/state/k")
    facts["get other"] = env.rest("GET", path + "/state/other")
    facts["broken"] = env.rest("POST", path + "/state/k", parts={"state": "{"})
    facts["empty text"] = env.rest("POST", path + "/state/k", parts={"state": ""})
    facts["no state part"] = env.rest("POST", path + "/state/k", parts={"nope": "x"})
    facts["json body"] = env.rest("POST", path + "/state/k", {"key": "k", "stringValue": "v"})
    facts["nothing"] = env.rest("POST", path + "/state/k")
    for label, key in [("space", "a%20b"), ("slash", "a%2Fb"), ("two segments", "a/b"), ("unicode", "%C3%A9"), ("empty", ""), ("percent", "%25"), ("long", "k" * 500), ("dot", "."), ("dots", ".."), ("plus", "a+b"), ("semicolon", "a;b=c"), ("question", "a%3Fb")]:
        facts["key put " + label] = env.rest("POST", f"{path}/state/{key}", parts={"state": {"key": "k", "stringValue": "of " + label}})
        facts["key get " + label] = env.rest("GET", f"{path}/state/{key}")
    facts["get k"] = env.rest("GET", path + "/state/k")
    facts["put method"] = env.rest("PUT", path + "/state/k", parts={"state": {"key": "k", "stringValue": "v"}})
    facts["delete method"] = env.rest("DELETE", path + "/state/k")
    consumer = env.client.subscribe(env.topic("out"), "s")
    producer = env.client.create_producer(env.topic("in"), batching_enabled=False)

    def tell(text):
        producer.send(text.encode())
        try:
            facts["said " + text] = consumer.receive(timeout_millis=5000).data().decode()
        except Exception as error:
            facts["said " + text] = type(error).__name__

    tell("incr c 5")
    facts["counter"] = env.rest("GET", path + "/state/c")
    tell("incr c -7")
    facts["counter negative"] = env.rest("GET", path + "/state/c")
    tell("incr z 0")
    facts["counter zero"] = env.rest("GET", path + "/state/z")
    tell("incr big 9223372036854775807")
    facts["counter big"] = env.rest("GET", path + "/state/big")
    tell("incr big 1")
    facts["counter wrapped"] = env.rest("GET", path + "/state/big")
    facts["text over counter"] = env.rest("POST", path + "/state/c", parts={"state": {"key": "c", "stringValue": "v"}})
    facts["counter then"] = env.rest("GET", path + "/state/c")
    facts["number over counter"] = env.rest("POST", path + "/state/c", parts={"state": {"key": "c", "numberValue": 3}})
    facts["counter then 2"] = env.rest("GET", path + "/state/c")
    tell("get c x")
    tell("put s hello")
    facts["string"] = env.rest("GET", path + "/state/s")
    tell("put s again")
    facts["string again"] = env.rest("GET", path + "/state/s")
    tell("put e ")
    facts["string empty"] = env.rest("GET", path + "/state/e")
    tell("put u é☃")
    facts["string unicode"] = env.rest("GET", path + "/state/u")
    tell("put n 12345678")
    facts["string of eight"] = env.rest("GET", path + "/state/n")
    tell("del s x")
    facts["deleted"] = env.rest("GET", path + "/state/s")
    tell("put s third")
    facts["string after delete"] = env.rest("GET", path + "/state/s")
    facts["number by rest"] = env.rest("POST", path + "/state/r", parts={"state": {"key": "r", "numberValue": 3}})
    tell("get r x")
    facts["bytes by rest"] = env.rest("POST", path + "/state/b", parts={"state": {"key": "b", "byteValue": "/////w=="}})
    tell("get b x")
    facts["delete"] = env.rest("DELETE", path)
    facts["state after delete"] = env.rest("GET", path + "/state/c")
    return facts
