"""Each field of the parts of a configuration with values of every kind: what create says, and what get then shows."""

import json

PARTS = {"inputSpecs": "schemaType serdeClassName isRegexPattern regexPattern schemaProperties consumerProperties receiverQueueSize cryptoConfig poolMessages",
         "producerConfig": "maxPendingMessages maxPendingMessagesAcrossPartitions useThreadLocalProducers cryptoConfig batchBuilder compressionType batchingConfig",
         "resources": "cpu ram disk",
         "cryptoConfig": "cryptoKeyReaderClassName cryptoKeyReaderConfig encryptionKeys producerCryptoFailureAction consumerCryptoFailureAction",
         "batchingConfig": "enabled batchingMaxPublishDelayMs roundRobinRouterBatchingPartitionSwitchFrequency batchingMaxMessages batchingMaxBytes batchBuilder",
         "windowConfig": "windowLengthCount windowLengthDurationMs slidingIntervalCount lateDataTopic maxLagMs timestampExtractorClassName actualWindowFunctionClassName processingGuarantees"}
VALUES = [None, "", " ", "x", "1", "true", 0, 3, -1, 1.5, 3000000000, True, [], [None], ["x"], {}, {"a": None}, {"a": "b"}, {"a": 1}]


def run(env):
    facts = {}
    number = 0
    for part, fields in PARTS.items():
        for field in fields.split():
            for value in VALUES:
                number += 1
                name = f"f{number}"
                path = f"/admin/v3/functions/public/{env.ns}/{name}"
                config = {"tenant": "public", "namespace": env.ns, "name": name, "runtime": "PYTHON", "className": "function.F",
                          "output": env.topic("out")}
                inner = {field: value}
                if part == "inputSpecs":
                    config["inputSpecs"] = {env.topic("in"): inner}
                else:
                    config["inputs"] = [env.topic("in")]
                    if part == "cryptoConfig":
                        config["producerConfig"] = {"cryptoConfig": {"cryptoKeyReaderClassName": "a.B", "encryptionKeys": ["k"], **inner}}
                    elif part == "batchingConfig":
                        config["producerConfig"] = {"batchingConfig": inner}
                    else:
                        config[part] = inner
                answer = env.rest("POST", path, parts={"functionConfig": config, "data": "@function.py"})
                if answer["status"] == 204:
                    got = env.rest("GET", path).get("body")
                    env.rest("DELETE", path)
                    answer = {key: got.get(key) for key in ("inputSpecs", "producerConfig", "resources", "windowConfig", "batchBuilder") if key in got} if isinstance(got, dict) else got
                facts[f"{part} {field} {json.dumps(value)}"] = json.loads(json.dumps(answer).replace(name + '"', 'NAME"').replace(name + " ", "NAME "))
    return facts
