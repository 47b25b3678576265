"""Functions whose runtime is not Python, with packages and without, and what is refused first."""


def run(env):
    facts = {}
    base = {"className": "function.F", "inputs": [env.topic("in")], "output": env.topic("out"), "namespace": env.ns, "tenant": "public"}
    number = 0
    for runtime in ("JAVA", "GO", None):
        for file in ("function.py", "empty.txt", "plain.zip", None):
            for label, config in {"plain": {}, "no class": {"className": None}, "empty class": {"className": ""}, "no input": {"inputs": None}, "bad input": {"inputs": ["a/b"]}, "window": {"windowConfig": {"windowLengthCount": 2}}, "retries": {"maxMessageRetries": 2}, "once": {"processingGuarantees": "EFFECTIVELY_ONCE"}, "parallelism": {"parallelism": 0}, "jar": {"jar": "x.jar"}, "builtin jar": {"jar": "builtin://x"}, "py": {"py": "function.py"}, "go": {"go": "function"}, "serde": {"customSerdeInputs": {"x": "a.B"}}, "schema": {"inputSpecs": {"x": {"schemaType": "a.B"}}}, "null spec": {"inputSpecs": {"x": None}}, "sub position": {"subscriptionPosition": "Earliest", "userConfig": {"a": 1}}}.items():
                number += 1
                name = f"f{number}"
                path = f"/admin/v3/functions/public/{env.ns}/{name}"
                full = {**base, "name": name, "runtime": runtime, **config}
                parts = {"functionConfig": {k: v for k, v in full.items() if v is not None}}
                if file:
                    parts["data"] = "@" + file
                answer = env.rest("POST", path, parts=parts)
                if answer["status"] == 204:
                    got = env.rest("GET", path).get("body")
                    env.rest("DELETE", path)
                    answer = {k: v for k, v in got.items() if k not in ("name", "tenant", "namespace")}
                facts[f"{runtime} {file} {label}"] = answer
    return facts
