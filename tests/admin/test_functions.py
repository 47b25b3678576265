"""The functions API: deploying, running and asking functions."""

from pathlib import Path

import pytest

from pfemu.runtime.worker.runtime_spawner import NO_ANSWER
from tests.admin.deployment import CONFIG, ECHO, FUNCTION

TAGGED = ECHO.replace("return input", "return f\"{context.get_user_config_value('tag')} {input}\"")
BROKEN = "import nothing_of_that_name\n" + ECHO
IDENTITY = ECHO.replace("return input", "return context.get_function_id() + context.get_function_version()")


def send(deployment, *values):
    for value in values:
        deployment.emulator.topic("in").send(value)


def test_a_created_function_runs_and_is_shown(deployment):
    assert deployment.create() == (204, None)
    send(deployment, "a")
    assert deployment.emulator.topic("out").values() == ["a"]
    assert deployment.call("GET", "/admin/v3/functions/public/default") == (200, ["f"])
    shown = deployment.call("GET", FUNCTION)[1]
    assert (shown["className"], shown["inputSpecs"]["in"]["regexPattern"]) == ("function.F", False)
    assert deployment.call("GET", f"{FUNCTION}/download") == (200, ECHO)


def test_functions_that_come_go_or_are_replaced_are_counted_and_who_only_asks_is_not(deployment):
    functions = deployment.emulator.functions
    deployment.create()
    assert functions.changes == 1
    deployment.call("GET", FUNCTION)
    send(deployment, "a")
    deployment.call("POST", f"{FUNCTION}/restart")
    assert functions.changes == 1
    deployment.update(TAGGED, userConfig={"tag": "new"})
    before = functions.changes
    assert before > 1
    deployment.call("DELETE", FUNCTION)
    assert (functions.changes, list(functions)) == (before + 1, [])


def test_the_path_names_the_function_whatever_its_configuration_says(deployment):
    deployment.create(name="f", tenant="other", namespace="other")
    assert deployment.call("GET", FUNCTION)[1]["namespace"] == "default"


def test_a_worker_as_it_is_delivered_takes_no_code_by_an_address(deployment, tmp_path: Path):
    (tmp_path / "function.py").write_text(ECHO, encoding="utf-8")
    parts = {"functionConfig": CONFIG, "url": (tmp_path / "function.py").as_uri()}
    refused = {"reason": "Function Package url is not valid.supported url (http/https/file)"}
    assert deployment.call("POST", FUNCTION, parts=parts) == (400, refused)


def test_the_handle_of_a_created_function_is_kept(deployment):
    deployment.create(ECHO.replace("return input", "raise ValueError(input)"))
    send(deployment, "x")
    handle = deployment.emulator.functions["public/default/f"]
    assert [str(failure.error) for failure in handle.exceptions] == ["x"]


def test_status_and_stats_count_what_was_done(deployment):
    deployment.create()
    send(deployment, "a", "b")
    assert deployment.status()["numSuccessfullyProcessed"] == 2
    assert deployment.call("GET", f"{FUNCTION}/stats")[1]["receivedTotal"] == 2
    assert deployment.call("GET", f"{FUNCTION}/0/stats")[1]["receivedTotal"] == 2
    assert deployment.call("GET", f"{FUNCTION}/0/status")[1] == deployment.status()


def test_an_update_starts_anew_with_what_it_changes(deployment):
    deployment.create(TAGGED, userConfig={"tag": "one"})
    send(deployment, "a")
    assert deployment.update(userConfig={"tag": "two"}) == (204, None)
    assert deployment.status()["numReceived"] == 0
    send(deployment, "b")
    assert deployment.emulator.topic("out").values() == ["one a", "two b"]


def test_the_same_code_again_is_a_change(deployment):
    deployment.create()
    assert deployment.update() == (400, {"reason": "Update contains no change"})
    assert deployment.update(ECHO) == (204, None)


def test_authentication_data_alone_is_a_change(deployment):
    deployment.create()
    parts = {"functionConfig": {}, "updateOptions": {"updateAuthData": True}}
    assert deployment.call("PUT", FUNCTION, parts=parts) == (204, None)


def test_a_function_made_in_the_process_keeps_its_code_when_updated(deployment):
    deployment.emulator.create_function(lambda text: text + "!", name="f", inputs=["in"], output="out")
    assert deployment.update(userConfig={"a": 1}) == (204, None)
    send(deployment, "x")
    assert deployment.emulator.topic("out").values() == ["x!"]


def test_code_that_does_not_load_is_accepted_and_started_every_thirty_seconds(deployment):
    assert deployment.create(BROKEN) == (204, None)
    assert (deployment.status()["running"], deployment.status()["error"]) == (False, NO_ANSWER)
    deployment.emulator.advance(29)
    assert deployment.status()["numRestarts"] == 0
    deployment.emulator.advance(31)
    assert (deployment.status()["numRestarts"], deployment.status()["error"]) == (2, "")


def test_an_update_repairs_a_function_that_dies(deployment):
    deployment.create(BROKEN)
    assert deployment.update(ECHO) == (204, None)
    assert (deployment.status()["running"], deployment.status()["numRestarts"]) == (True, 0)
    deployment.emulator.advance(60)
    assert deployment.status()["numRestarts"] == 0


def test_a_killed_process_gives_back_what_it_held_and_comes_again(deployment):
    deployment.create(autoAck=False)
    send(deployment, "a")
    spawner = deployment.emulator.worker.function(("public", "default", "f")).spawners[0]
    deployment.emulator.advance(10)
    spawner.kill(RuntimeError("killed"))
    deployment.emulator.settle()
    assert (deployment.status()["running"], deployment.status()["numReceived"]) == (False, 0)
    deployment.emulator.advance(20)
    assert (deployment.status()["running"], deployment.status()["numRestarts"], deployment.status()["numReceived"]) == (True, 1, 1)


def test_killing_what_does_not_run_changes_nothing(deployment):
    deployment.create()
    deployment.call("POST", f"{FUNCTION}/stop")
    deployment.emulator.worker.function(("public", "default", "f")).spawners[0].kill(RuntimeError("killed"))
    deployment.emulator.advance(60)
    assert deployment.status()["error"] == ""


def test_a_stopped_function_leaves_messages_waiting_and_shows_no_exceptions(deployment):
    deployment.create()
    deployment.call("POST", f"{FUNCTION}/stop")
    send(deployment, "a")
    assert deployment.emulator.topic("out").values() == []
    assert "latestUserExceptions" not in deployment.status()
    deployment.call("POST", f"{FUNCTION}/start")
    assert deployment.emulator.topic("out").values() == ["a"]


def test_one_instance_stops_and_starts_by_itself(deployment):
    deployment.create(parallelism=2)
    deployment.call("POST", f"{FUNCTION}/1/stop")
    shown = deployment.call("GET", f"{FUNCTION}/status")[1]
    assert (shown["numInstances"], shown["numRunning"]) == (2, 1)
    assert deployment.call("POST", f"{FUNCTION}/1/start") == (204, None)
    assert deployment.call("GET", f"{FUNCTION}/status")[1]["numRunning"] == 2


def test_whatever_starts_or_stops_of_a_function_starts_its_other_instances_anew(deployment):
    deployment.create(parallelism=2)
    for call, running in (("/1/stop", [0]), ("/1/start", [0, 1]), ("/1/stop", [0]), ("/start", [0, 1])):
        send(deployment, "a", "b", "c", "d")
        assert deployment.call("POST", FUNCTION + call) == (204, None)
        statuses = [each["status"] for each in deployment.call("GET", f"{FUNCTION}/status")[1]["instances"]]
        assert [number for number, status in enumerate(statuses) if status["running"]] == running
        assert [status["numReceived"] for status in statuses] == [0, 0]


def test_a_restart_of_one_instance_leaves_the_others_alone(deployment):
    deployment.create(parallelism=2)
    send(deployment, "a", "b")
    deployment.call("POST", f"{FUNCTION}/1/restart")
    assert deployment.call("GET", f"{FUNCTION}/0/stats")[1]["receivedTotal"] == 1
    assert deployment.call("GET", f"{FUNCTION}/1/stats")[1]["receivedTotal"] == 0


def test_the_restarts_of_a_process_are_forgotten_when_it_is_stopped(deployment):
    deployment.create("raise SystemExit(1)")
    deployment.emulator.advance(65)
    assert deployment.status()["numRestarts"] == 2
    deployment.call("POST", f"{FUNCTION}/stop")
    assert (deployment.status()["numRestarts"], deployment.status()["error"]) == (0, "")


def test_fewer_instances_after_an_update_end_the_others(deployment):
    deployment.create(parallelism=3)
    deployment.update(parallelism=1)
    assert deployment.call("GET", f"{FUNCTION}/status")[1]["numInstances"] == 1
    send(deployment, "a")
    assert deployment.emulator.topic("out").values() == ["a"]


@pytest.mark.parametrize("call", ["/restart", "/0/restart"])
def test_a_restart_lets_stopped_instances_run_and_starting_them_starts_them_anew(deployment, call):
    deployment.create(parallelism=2)
    deployment.call("POST", f"{FUNCTION}/0/stop")
    deployment.call("POST", FUNCTION + call)
    send(deployment, "a", "b")
    assert deployment.call("GET", f"{FUNCTION}/status")[1]["numRunning"] == 2
    assert deployment.call("GET", f"{FUNCTION}/stats")[1]["receivedTotal"] == 2
    assert deployment.call("POST", f"{FUNCTION}/start") == (204, None)
    assert deployment.call("GET", f"{FUNCTION}/stats")[1]["receivedTotal"] == 0


CONFIGURED = ECHO.replace("return input", "return context.get_user_config_value('v')")


@pytest.mark.parametrize("call", ["/restart", "/0/restart"])
def test_what_was_updated_while_it_was_stopped_is_restarted_as_it_was_and_started_as_it_is(deployment, call):
    deployment.create(CONFIGURED, userConfig={"v": "old"})
    deployment.call("POST", f"{FUNCTION}/stop")
    deployment.update(userConfig={"v": "new"})
    deployment.call("POST", FUNCTION + call)
    send(deployment, "a")
    assert deployment.call("GET", FUNCTION)[1]["userConfig"] == {"v": "new"}
    assert deployment.call("POST", f"{FUNCTION}/start") == (204, None)
    send(deployment, "b")
    assert deployment.emulator.topic("out").values() == ["old", "new"]


def test_of_two_instances_the_stopped_one_stays_what_it_was(deployment):
    deployment.create(CONFIGURED, parallelism=2, userConfig={"v": "old"})
    deployment.call("POST", f"{FUNCTION}/1/stop")
    deployment.update(parallelism=2, userConfig={"v": "new"})
    deployment.call("POST", f"{FUNCTION}/restart")
    send(deployment, "a", "b")
    assert sorted(deployment.emulator.topic("out").values()) == ["new", "old"]


def test_an_instance_below_zero_means_all(deployment):
    deployment.create(parallelism=2)
    assert deployment.call("POST", f"{FUNCTION}/-1/stop") == (204, None)
    assert deployment.call("GET", f"{FUNCTION}/status")[1]["numRunning"] == 0


def test_a_restart_takes_another_id_and_version(deployment):
    deployment.create(IDENTITY)
    send(deployment, "a", "b")
    deployment.call("POST", f"{FUNCTION}/restart")
    send(deployment, "c")
    first, second, third = deployment.emulator.topic("out").values()
    assert first == second != third


def test_a_deleted_function_takes_its_state_and_its_subscription_along(deployment):
    deployment.create()
    deployment.call("POST", f"{FUNCTION}/state/k", parts={"state": {"key": "k", "stringValue": "v"}})
    assert deployment.call("DELETE", FUNCTION) == (204, None)
    assert deployment.call("GET", "/admin/v2/persistent/public/default/in/subscriptions") == (200, [])
    deployment.create()
    assert deployment.call("GET", f"{FUNCTION}/state/k")[0] == 404
    assert list(deployment.emulator.functions) == ["public/default/f"]


def test_a_subscription_stays_where_it_is_to_stay_or_others_use_it(deployment):
    deployment.create(name="kept", cleanupSubscription=False)
    deployment.create(name="one", subName="shared")
    deployment.create(name="two", subName="shared")
    for name in ("kept", "one"):
        deployment.call("DELETE", f"/admin/v3/functions/public/default/{name}")
    assert deployment.call("GET", "/admin/v2/persistent/public/default/in/subscriptions")[1] == ["shared", "public/default/kept"]


def test_the_subscriptions_of_a_pattern_go_with_the_function(deployment):
    deployment.emulator.topic("x-1").send("before")
    deployment.create(inputs=None, topicsPattern="persistent://public/default/x-.*")
    assert deployment.call("GET", "/admin/v2/persistent/public/default/x-1/subscriptions")[1] == ["public/default/f"]
    deployment.call("DELETE", FUNCTION)
    assert deployment.call("GET", "/admin/v2/persistent/public/default/x-1/subscriptions")[1] == []


def test_an_input_whose_name_cannot_be_is_no_hindrance_to_deleting(deployment):
    deployment.create(inputs=["//x"])
    assert deployment.call("DELETE", FUNCTION) == (204, None)


def test_trigger_answers_with_the_output_of_its_message(deployment):
    deployment.create()
    assert deployment.call("POST", f"{FUNCTION}/trigger", parts={"data": "hello"}) == (200, "hello")
    assert deployment.call("POST", f"{FUNCTION}/trigger", parts={"data": "hello", "topic": "in"}) == (200, "hello")


def test_trigger_without_an_output_topic_answers_at_once_with_nothing(deployment):
    deployment.create(output=None)
    assert deployment.call("POST", f"{FUNCTION}/trigger", parts={"data": "x"}) == (204, None)


def test_trigger_by_file_delivers_an_empty_message(deployment):
    deployment.create(ECHO.replace("return input", "return repr(input)"))
    answer = deployment.call("POST", f"{FUNCTION}/trigger", parts={"dataStream": ("payload.txt", "content")})
    assert answer == (200, "''")


def test_trigger_passes_over_outputs_that_are_not_its_own(deployment):
    code = ECHO.replace("return input", 'context.publish(context.get_output_topic(), "other")\n        return input')
    deployment.create(code)
    assert deployment.call("POST", f"{FUNCTION}/trigger", parts={"data": "mine"}) == (200, "mine")


def test_trigger_never_has_an_answer_from_a_partitioned_input(deployment):
    deployment.emulator.create_partitioned_topic("in", 2)
    deployment.create()
    assert deployment.call("POST", f"{FUNCTION}/trigger", parts={"data": "x"})[0] == 408


def test_state_goes_in_and_comes_out(deployment):
    deployment.create()
    assert deployment.call("POST", f"{FUNCTION}/state/a%2Fb", parts={"state": {"key": "a/b", "stringValue": "v"}}) == (204, None)
    assert deployment.call("GET", f"{FUNCTION}/state/a%2Fb") == (200, {"key": "a/b", "stringValue": "v", "version": 0})


def test_functions_of_other_runtimes_are_accepted_and_do_not_run(deployment):
    assert deployment.create(runtime="GO", py=None) == (204, None)
    assert deployment.status()["running"] is False


@pytest.mark.parametrize("call", ["connectors", "builtins"])
def test_nothing_is_built_in_at_all(deployment, call):
    assert deployment.call("GET", f"/admin/v3/functions/{call}") == (200, [])


def test_the_old_api_lists_functions_and_shows_their_details(deployment):
    deployment.create()
    assert deployment.call("GET", "/admin/v2/functions/public/default") == (200, ["f"])
    shown = deployment.call("GET", "/admin/v2/functions/public/default/f")[1]
    assert (shown["runtime"], shown["source"]["inputSpecs"], shown["resources"]["ram"]) == ("PYTHON", {"in": {}}, "1073741824")


def test_workers_of_the_cluster_are_one(deployment):
    assert [worker["workerId"] for worker in deployment.call("GET", "/admin/v2/worker/cluster")[1]] == [deployment_worker(deployment)]


def deployment_worker(deployment):
    return deployment.call("GET", "/admin/v2/worker/cluster/leader")[1]["workerId"]


def test_a_segment_of_a_path_ends_at_a_semicolon(deployment):
    deployment.create()
    assert deployment.call("GET", f"{FUNCTION};a=b")[1]["name"] == "f"
