"""Status, statistics, start, stop, restart of instances, with numbers that are there and that are not."""

import time


def run(env):
    facts = {}
    path = f"/admin/v3/functions/public/{env.ns}/f"
    config = {"tenant": "public", "namespace": env.ns, "name": "f", "runtime": "PYTHON", "className": "function.F",
              "inputs": [env.topic("in")], "output": env.topic("out"), "parallelism": 2}
    facts["create"] = env.rest("POST", path, parts={"functionConfig": config, "data": "@function.py"})

    def ready(count=2):
        for _ in range(80):
            if (env.rest("GET", path + "/status").get("body") or {}).get("numRunning", 0) >= count:
                return
            time.sleep(0.5)

    ready()
    for number in ("0", "1", "2", "-1", "x", "1.0", "00", "+1", "99999999999", " ", "%20", "0x1", "1e0"):
        for what in ("status", "stats"):
            facts[f"{what} {number}"] = env.rest("GET", f"{path}/{number.replace(' ', '%20')}/{what}")
        facts[f"method {number}"] = env.rest("GET", f"{path}/{number.replace(' ', '%20')}/start")
    for number in ("2", "-1", "x", "1.0", "99999999999", "0x1"):
        for what in ("start", "stop", "restart"):
            facts[f"{what} {number}"] = env.rest("POST", f"{path}/{number}/{what}")
    facts["start running"] = env.rest("POST", path + "/start")
    facts["start running 1"] = env.rest("POST", path + "/1/start")
    facts["stop 1"] = env.rest("POST", path + "/1/stop")
    time.sleep(7)
    facts["status, 1 stopped"] = env.rest("GET", path + "/status")
    facts["status 1, stopped"] = env.rest("GET", path + "/1/status")
    facts["stats, 1 stopped"] = env.rest("GET", path + "/stats")
    facts["stats 1, stopped"] = env.rest("GET", path + "/1/stats")
    facts["stop 1 again"] = env.rest("POST", path + "/1/stop")
    facts["start 1"] = env.rest("POST", path + "/1/start")
    ready()
    facts["status 1, started"] = env.rest("GET", path + "/1/status")
    facts["with body"] = env.rest("POST", path + "/stop", {"a": 1})
    time.sleep(7)
    facts["status, stopped"] = env.rest("GET", path + "/status")
    facts["stats, stopped"] = env.rest("GET", path + "/stats")
    for number in ("0", "1", "2"):
        facts[f"status {number}, all stopped"] = env.rest("GET", f"{path}/{number}/status")
        facts[f"stats {number}, all stopped"] = env.rest("GET", f"{path}/{number}/stats")
    facts["get, stopped"] = env.rest("GET", path)
    facts["list, stopped"] = env.rest("GET", f"/admin/v3/functions/public/{env.ns}")
    facts["start 0"] = env.rest("POST", path + "/0/start")
    ready(1)
    facts["status, 0 started"] = env.rest("GET", path + "/status")
    facts["start all"] = env.rest("POST", path + "/start")
    ready()
    facts["status, all started"] = env.rest("GET", path + "/status")
    facts["delete"] = env.rest("DELETE", path)
    facts["delete again"] = env.rest("DELETE", path)
    facts["status, deleted"] = env.rest("GET", path + "/status")
    facts["stop, deleted"] = env.rest("POST", path + "/stop")
    return facts
