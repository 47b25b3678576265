"""Each field of a configuration with values of every kind: what create says, and what get then shows."""

import json

FIELDS = """runtimeFlags tenant namespace name className inputs customSerdeInputs topicsPattern customSchemaInputs customSchemaOutputs
 inputSpecs inputTypeClassName output producerConfig outputSchemaType outputTypeClassName outputSerdeClassName logTopic
 processingGuarantees retainOrdering retainKeyOrdering batchBuilder forwardSourceMessageProperty userConfig secrets runtime autoAck
 maxMessageRetries deadLetterTopic subName parallelism resources fqfn windowConfig timeoutMs jar py go functionType cleanupSubscription
 customRuntimeOptions maxPendingAsyncRequests exposePulsarAdminClientEnabled skipToLatest subscriptionPosition""".split()
VALUES = [None, "", " ", "x", "1", "true", 0, 3, -1, 1.5, True, False, [], [None], ["x"], [1], {}, {"a": None}, {"a": "b"}, {"a": 1}, {"a": {}}]


def run(env):
    facts = {}
    number = 0
    for field in FIELDS:
        for value in VALUES:
            number += 1
            name = f"f{number}"
            path = f"/admin/v3/functions/public/{env.ns}/{name}"
            config = {"tenant": "public", "namespace": env.ns, "name": name, "runtime": "PYTHON", "className": "function.F",
                      "inputs": [env.topic("in")], "output": env.topic("out"), field: value}
            answer = env.rest("POST", path, parts={"functionConfig": config, "data": "@function.py"})
            if answer["status"] == 204:
                got = env.rest("GET", path).get("body")
                env.rest("DELETE", path)
                answer = {key: item for key, item in got.items() if key not in ("name", "tenant", "namespace")} if isinstance(got, dict) else got
            facts[f"{field} {json.dumps(value)}"] = json.loads(json.dumps(answer).replace(name + '"', 'NAME"').replace(name + " ", "NAME "))
    return facts
