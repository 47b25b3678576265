"""One recording, done again on an emulator: its steps in virtual time, with the recorder's own waiting."""

from __future__ import annotations

import base64
import json
import re
import threading
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pulsar

import pfemu
from pfemu.admin.api import AdminApi
from pfemu.cli.pulsar_admin.functions_command import FunctionsCommand
from pfemu.metrics.exporter import ExportedInstance, function_labels, render
from pfemu.model.functions.function_details import FunctionDetails
from pfemu.runtime.function import FunctionServices
from pfemu.runtime.worker.functions_worker import FunctionsWorker, WorkerServices
from pfemu.scheduling.clock import VirtualClock
from tests.traces.baton import BatonScheduler, BatonThread, ProcessKilled
from tests.traces.instance_client import InstanceClient
from tests.traces.normalising import payload
from tests.traces.rest import Answering, Rest
from tests.traces.spawned import virtual_threading
from tests.traces.user_imports import imports_of_functions
from tests.traces.virtual_time import process_modules, virtual_datetime, virtual_time

FUNCTIONS = "/admin/v3/functions/public"
START_MS = 1_763_000_000_000
START_DELAY_MS = 700
"""About what the real process took, from the answer to ``create`` to its first subscription."""
NAMESPACE = "t0f1e2d3c4b"
ENDLESS_S = 60
DEAD_ANSWER_S = 1.24
"""What the real worker took, by the restarts counted in the recordings, to show the status of an instance that does not answer."""
_COUNTERS = ("receivedTotal", "processedSuccessfullyTotal", "systemExceptionsTotal", "userExceptionsTotal")
Through = Callable[[Answering], Answering]
_OBSERVED = ["messages", "status", "stats", "subscriptions", "get"]
_OF_THE_BROKER = {"messages", "subscriptions", "metadata"}
_OF_A_SUBSCRIPTION = ("type", "msgBacklog", "unackedMessages", "isDurable", "totalMsgExpired")


class Replay:
    """An emulator with a namespace of its own, and what a scenario asks of it. It is also the ``env`` of a script.

    ``through`` makes, of what answers admin calls, what they are made through.
    """

    def __init__(self, folder: Path, through: Through = lambda answer: answer) -> None:
        self.ns = NAMESPACE
        self.service = "pulsar://emulator"
        self.folder = folder
        self.scheduler = BatonScheduler(VirtualClock(START_MS))
        self.emulator = pfemu.Emulator(scheduler=self.scheduler)
        self.emulator.worker = FunctionsWorker(self._worker_services(self.emulator.worker.services))
        self.emulator.create_namespace(f"public/{self.ns}")
        self.client = self.emulator.client
        self.admin_call_s = 0.0
        """What a call of the admin API takes."""
        self._imports = imports_of_functions(
            {
                "datetime": virtual_datetime(self.scheduler),
                "threading": virtual_threading(self.scheduler),
                "time": virtual_time(self.scheduler),
                **process_modules(self._kill_caller),
            }
        )
        self._imports.__enter__()
        self._answer = through(AdminApi(self.emulator).answer)
        self._rest = Rest(self._answer, folder)
        self._scenario: dict[str, Any] = {}
        self._functions: list[str] = []
        self._producers: dict[str, pulsar.Producer] = {}
        self._watchers: dict[str, pulsar.Consumer] = {}
        self._seen: dict[str, list[dict[str, Any]]] = {}

    def close(self) -> None:
        """Give everything back."""
        self._imports.__exit__(None, None, None)
        self.emulator.close()

    # ------------------------------------------------------------------------------------------- what a script may use

    def expand(self, value: Any) -> Any:
        """Put the namespace in."""
        if isinstance(value, dict):
            return {self.expand(name): self.expand(item) for name, item in value.items()}
        if isinstance(value, list):
            return [self.expand(item) for item in value]
        return value.replace("{ns}", self.ns) if isinstance(value, str) else value

    def topic(self, name: str) -> str:
        """Return the full name; a name without a slash is one of the run's namespace."""
        name = self.expand(name)
        return name if "/" in name else f"persistent://public/{self.ns}/{name}"

    def topic_path(self, name: str) -> str:
        """Return the path of a topic in the admin API."""
        return "/admin/v2/" + self.topic(name).replace("://", "/")

    def rest(
        self, method: str, path: str, json: Any = None, parts: Any = None, text: str | None = None, timeout: float = 60
    ) -> dict[str, Any]:
        """Make a call of the admin API; see ``admin_call_s``."""
        self.emulator.advance(self.admin_call_s)
        return self._rest.call(method, path, json, parts, text)

    # ------------------------------------------------------------------------------------------------- functions' code

    def _worker_services(self, services: WorkerServices) -> WorkerServices:
        """Let each instance behave as if it had a process: its time is virtual, it takes time to start, and it can be killed."""

        def services_for(details: FunctionDetails) -> FunctionServices:
            return replace(
                services.services_for(details),
                new_thread=partial(BatonThread, scheduler=self.scheduler),
                new_client=partial(InstanceClient, self.emulator.engine),
                start_delay_ms=START_DELAY_MS,
            )

        return replace(services, services_for=services_for)

    def _kill_caller(self) -> None:
        """Kill the instance whose code asks for it."""
        baton = getattr(threading.current_thread(), "baton", None)
        for handle in self.emulator.functions.values():
            for spawner in handle.function.spawners:
                if baton is not None and spawner.instance.thread is baton:
                    spawner.kill(ProcessKilled())

    # ------------------------------------------------------------------------------------------------------------ steps

    def run(self, scenario: dict[str, Any]) -> dict[str, Any]:
        """Do all steps and return what the recorder would have recorded."""
        self._scenario = scenario
        for name, count in scenario.get("partitioned", {}).items():
            self.rest("PUT", self.topic_path(name) + "/partitions", count)
        for name in scenario.get("watch", []):
            self._seen[name] = []
            self._watchers[name] = self.client.subscribe(self.topic(name), "watch", initial_position=pulsar.InitialPosition.Earliest)
        steps = []
        for number, step in enumerate(scenario["steps"]):
            seen = getattr(self, "_do_" + step["do"])(step)
            if seen is not None:
                steps.append({"step": number, **{name: step[name] for name in ("do", "as") if name in step}, **seen})
        wanted = scenario.get("observe", _OBSERVED)
        of_functions = [what for what in wanted if what not in _OF_THE_BROKER]
        functions = {name: {what: self._see(what, name) for what in of_functions} for name in self._functions if of_functions}
        return {"steps": steps, "functions": functions, **{what: self._see(what) for what in wanted if what in _OF_THE_BROKER}}

    def _do_create(self, step: dict[str, Any], method: str = "POST") -> dict[str, Any]:
        name, file = step.get("fn", "f"), step.get("file", "function.py")
        defaults = {"tenant": "public", "namespace": self.ns, "name": name, "runtime": "PYTHON", "py": "function.py"}
        config = {**defaults, **self.expand(step.get("config", {}))}
        parts = {"functionConfig": {field: value for field, value in config.items() if value is not None}}
        if file:
            parts["data"] = "@" + file
        answer = self.rest(method, f"{FUNCTIONS}/{self.ns}/{name}", parts={**parts, **self.expand(step.get("parts", {}))})
        if answer["status"] == 204:
            if name not in self._functions:
                self._functions.append(name)
            if step.get("delete"):
                self.rest("DELETE", f"{FUNCTIONS}/{self.ns}/{name}")
            elif step.get("ready", True):
                self._do_ready({"count": config.get("parallelism", 1), **step})
        return answer

    def _do_update(self, step: dict[str, Any]) -> dict[str, Any]:
        return self._do_create({"file": None, **step}, "PUT")

    def _do_ready(self, step: dict[str, Any]) -> None:
        def is_ready() -> bool:
            status = self._see("status", step.get("fn", "f")).get("body")
            return isinstance(status, dict) and status.get("numRunning", 0) >= step.get("count", 1)

        self._wait(is_ready, step.get("within", 40), 0.25)

    def _wait(self, done: Callable[[], bool], within_s: float, pause_s: float) -> None:
        end_ms = self.scheduler.now_ms() + within_s * 1000
        while self.scheduler.now_ms() < end_ms and not done():
            self.emulator.advance(pause_s)

    def _do_rest(self, step: dict[str, Any]) -> dict[str, Any]:
        step = self.expand(step)
        return self.rest(step["method"], step["path"], step.get("json"), step.get("parts"), step.get("text"))

    def _do_send(self, step: dict[str, Any]) -> None:
        for message in step["messages"]:
            producer = self._producer(self.topic(message.get("topic", step.get("topic", "in"))), step.get("producer", {}))
            renamed = {"key": "partition_key", "event_time": "event_timestamp"}
            keywords = {renamed.get(name, name): value for name, value in message.items() if name not in {"topic", "value", "base64"}}
            data = base64.b64decode(message["base64"]) if "base64" in message else message["value"].encode()
            if step.get("async"):
                producer.send_async(data, None, **keywords)
            else:
                producer.send(data, **keywords)
            self.emulator.advance(step.get("gap", 0))
        for producer in self._producers.values():
            producer.flush()

    def _producer(self, topic: str, options: dict[str, Any]) -> pulsar.Producer:
        key = json.dumps([topic, options])
        if key not in self._producers:
            self._producers[key] = self.client.create_producer(topic, **{"batching_enabled": False, **options})
        return self._producers[key]

    def _do_settle(self, step: dict[str, Any]) -> None:
        """Wait until the function's counters stand still, and ``received`` messages are done."""
        since_ms, last = self.scheduler.now_ms(), None

        def stands_still() -> bool:
            nonlocal since_ms, last
            stats = self._see("stats", step.get("fn", "f")).get("body")
            now = [stats.get(name) or 0 for name in _COUNTERS] if isinstance(stats, dict) else [0]
            if now != last:
                since_ms, last = self.scheduler.now_ms(), now
            done = now[0] >= step.get("received", 0) and sum(now[1:]) >= now[0]
            return self.scheduler.now_ms() - since_ms > step.get("quiet", 0.8) * 1000 and (done or "received" not in step)

        self._wait(stands_still, step.get("max", 12), 0.2)
        self.emulator.advance(0.4)

    def _do_sleep(self, step: dict[str, Any]) -> None:
        self.emulator.advance(step["s"])

    def _do_kill(self, step: dict[str, Any]) -> dict[str, Any]:
        spawners = self.emulator.worker.function(("public", self.ns, step.get("fn", "f"))).spawners
        alive = [spawner for spawner in spawners if spawner.alive]
        for spawner in alive:
            if spawner.instance.instance_id in step.get("instances", [0]):
                spawner.kill(ProcessKilled())
        self.emulator.settle()
        return {"found": len(alive)}

    def _do_cli(self, step: dict[str, Any]) -> dict[str, Any]:
        """Run ``pulsar-admin functions``; ``{work}`` is the folder."""
        _, *arguments = [argument.replace("{work}", str(self.folder.resolve())) for argument in self.expand(step["args"])]
        outcome = FunctionsCommand(self._answer).run(arguments)
        without_frames = [line for line in outcome.stderr if line.strip()[:3] != "at "]
        return {"exit": outcome.exit_code, "stdout": list(outcome.stdout)[:60], "stderr": without_frames}

    def _do_observe(self, step: dict[str, Any]) -> dict[str, Any]:
        return {what: self._see(what, step.get("fn", "f")) for what in step["what"]}

    # -------------------------------------------------------------------------------------------------------- observing

    def _see(self, what: str, function: str = "") -> Any:
        if what in {"get", "status", "stats"}:
            self._wait_for_the_dead(what, function)
            return self.rest("GET", f"{FUNCTIONS}/{self.ns}/{function}" + ("" if what == "get" else "/" + what))
        return getattr(self, "_see_" + what)(function)

    def _wait_for_the_dead(self, what: str, function: str) -> None:
        """Take as long as the real worker took to ask processes that do not answer; 30 s timers count restarts meanwhile."""
        handle = self.emulator.functions.get(f"public/{self.ns}/{function}")
        if what != "get" and handle is not None:
            self.emulator.advance(DEAD_ANSWER_S * sum(spawner.died_of is not None for spawner in handle.function.spawners))

    def _see_messages(self, _function: str) -> dict[str, Any]:
        end_ms = self.scheduler.now_ms() + ENDLESS_S * 1000
        for name, consumer in self._watchers.items():
            while (message := _next(consumer)) is not None:
                self._seen[name].append(_shown_message(message))
                if self.scheduler.now_ms() > end_ms:
                    raise TimeoutError(f"messages keep coming to {name}: the recorder would never have gone on")
        if name := self._scenario.get("relative_partition"):
            items, count = sorted(self._seen[name], key=lambda item: str(item["payload"])), self._scenario["partitioned"][name]
            return {name: [{**item, "partition": (item["partition"] - items[0]["partition"]) % count} for item in items]}
        by: Callable[[Any], str] = json.dumps if self._scenario.get("sort") else lambda _item: ""
        return {name: sorted(found, key=lambda item: (item.get("partition", 0), by(item))) for name, found in self._seen.items()}

    def _see_subscriptions(self, _function: str) -> dict[str, Any]:
        """Return what the broker says of the subscriptions, but the recorder's own, of the scenario's inputs."""
        seen: dict[str, Any] = {}
        for name in self._scenario.get("inputs", ["in"]):
            count = (self.rest("GET", self.topic_path(name) + "/partitions").get("body") or {}).get("partitions", 0)
            for topic in [f"{self.topic(name)}-partition-{index}" for index in range(count)] or [self.topic(name)]:
                stats = self.rest("GET", self.topic_path(topic) + "/stats?getPreciseBacklog=true")
                seen[topic] = stats if stats["status"] != 200 else _shown_subscriptions(stats["body"]["subscriptions"])
        return seen

    def _see_metadata(self, _function: str) -> dict[str, Any]:
        """Return the stored metadata of messages that the watchers have not received yet."""
        seen: dict[str, list[dict[str, str]]] = {name: [] for name in self._watchers}
        for name, found in seen.items():
            for position in range(1, 41):
                if self.rest("GET", f"{self.topic_path(name)}/subscription/watch/position/{position}")["status"] != 200:
                    break
                headers = {key: value for key, value in sorted(self._rest.headers.items()) if key.startswith("X-Pulsar")}
                found.append({key: value for key, value in headers.items() if "time" not in key.lower() and key != "X-Pulsar-Message-ID"})
        return seen

    def _see_metrics(self, function: str) -> dict[str, list[str]]:
        """Return the metrics page of each running instance."""
        spawners = self.emulator.worker.function(("public", self.ns, function)).spawners
        pages = {}
        for number, spawner in enumerate(spawners):
            snapshot = spawner.snapshot()
            if snapshot is not None:
                labels = function_labels("public", self.ns, function, number)
                pages[str(number)] = render([ExportedInstance(labels, snapshot)]).splitlines()
        return pages

    def _see_log_file(self, _function: str) -> None:
        """See nothing: it is not compared."""


def _next(consumer: pulsar.Consumer) -> pulsar.Message | None:
    try:
        message = consumer.receive(timeout_millis=700)
    except pulsar.Timeout:
        return None
    consumer.acknowledge(message)
    return message


def _shown_message(message: pulsar.Message) -> dict[str, Any]:
    shown = {
        "key": message.partition_key(),
        "ordering_key": message.ordering_key(),
        "properties": message.properties(),
        "event_time": message.event_timestamp(),
    }
    found = {"payload": payload(message.data()), **{name: value for name, value in shown.items() if value not in ("", 0, {})}}
    if partition := re.search(r"-partition-(\d+)$", message.topic_name()):
        found["partition"] = int(partition[1])
    return found


def _shown_subscriptions(subscriptions: dict[str, Any]) -> dict[str, Any]:
    return {
        name: {
            **{field: value.get(field) for field in _OF_A_SUBSCRIPTION},
            "consumers": [
                {"metadata": consumer.get("metadata"), "unackedMessages": consumer.get("unackedMessages")}
                for consumer in value.get("consumers", [])
            ],
        }
        for name, value in subscriptions.items()
        if name != "watch"
    }
