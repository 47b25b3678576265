"""The older functions API, and what a worker without connectors and packages answers."""

import pytest

from pfemu.admin.request import Request
from tests.admin.deployment import CONFIG, FUNCTION

V2 = "/admin/v2/functions/public/default/f"
FAILS = """from pulsar import Function


class F(Function):
    def process(self, input, context):
        context.incr_counter("seen", 1)
        raise ValueError(input)
"""


@pytest.mark.parametrize(("method", "path"), [("GET", ""), ("GET", "/status"), ("POST", "/stop"), ("POST", "/restart"), ("DELETE", "")])
def test_v2_knows_no_function_that_is_not_there(deployment, method, path):
    assert deployment.call(method, V2 + path) == (404, {"reason": "Function f doesn't exist"})


@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_v2_makes_and_changes_no_function(deployment, method):
    assert deployment.call(method, V2)[0] == 415
    status, body = deployment.call(method, V2, parts={"functionDetails": CONFIG})
    assert (status, body["reason"]) == (400, "Functions are made and changed by /admin/v3/functions here")


def test_v2_neither_starts_functions_nor_has_figures(deployment):
    deployment.create()
    assert [deployment.call(*call)[0] for call in [("POST", V2 + "/start"), ("GET", V2 + "/stats")]] == [404, 404]


def test_v2_shows_a_status_without_what_is_nothing(deployment):
    deployment.create(FAILS)
    deployment.emulator.topic("in").send("x")
    status, shown = deployment.call("GET", V2 + "/status")
    assert (status, deployment.call("GET", V2 + "/0/status")) == (200, (200, shown["functionStatusList"][0]))
    (instance,) = shown["functionStatusList"]
    assert (instance["running"], instance["numUserExceptions"], instance["instanceId"]) == (True, "1", "0")
    assert not instance.keys() & {"failureException", "numReceived", "numSystemExceptions"}
    assert {type(value) for failure in instance["latestUserExceptions"] for value in failure.values()} == {str}


def test_v2_fails_to_show_an_instance_that_was_stopped(deployment):
    deployment.create()
    assert deployment.call("POST", V2 + "/stop") == (200, None)
    assert deployment.call("GET", V2 + "/status")[0] == 500


def test_v2_shows_a_state_as_a_line(deployment):
    deployment.create(FAILS)
    assert deployment.call("GET", V2 + "/state/seen") == (404, {"reason": "key 'seen' doesn't exist."})
    deployment.emulator.topic("in").send("x")
    assert deployment.call("GET", V2 + "/state/seen") == (200, "value : 1, version : 0")
    assert deployment.call("GET", "/admin/v2/functions/public/default/nope/state/k") == (404, {"reason": "'nope' is not found"})


def test_v2_answers_what_is_done_with_200(deployment):
    deployment.create()
    assert deployment.call("POST", V2 + "/0/restart") == (200, None)
    assert deployment.call("POST", V2 + "/trigger", parts={"data": "x"}) == (200, "x")
    upload = {"path": "a/b", "data": ("f.py", "code")}
    assert deployment.call("POST", "/admin/v2/functions/upload", parts=upload) == (200, None)
    assert deployment.call("GET", "/admin/v2/functions/download?path=a/b") == (200, "code")
    assert deployment.call("GET", "/admin/v2/functions/connectors") == (200, [])
    assert deployment.call("DELETE", V2) == (200, None)
    assert deployment.call("GET", "/admin/v2/functions/public/default") == (200, [])


@pytest.mark.parametrize(("kind", "noun"), [("sources", "Source"), ("sinks", "Sink")])
def test_a_worker_has_no_connectors_and_makes_none(deployment, kind, noun):
    path = f"/admin/v3/{kind}/public/default/x"
    missing = {"reason": f"{noun} x doesn't exist"}
    for method, call in [("GET", ""), ("DELETE", ""), ("GET", "/status"), ("GET", "/0/status"), ("POST", "/start"), ("POST", "/0/stop")]:
        assert deployment.call(method, path + call) == (404, missing)
    assert (deployment.call("PUT", path)[0], deployment.call("POST", path)[0]) == (415, 415)
    assert deployment.call("PUT", path, parts={"a": "b"}) == (400, missing)
    assert deployment.call("POST", path, parts={"a": "b"}) == (400, {"reason": f"{noun} package is not provided"})
    no_archive = {"reason": "java.util.zip.ZipException: zip END header not found"}
    assert deployment.call("POST", path, parts={"data": ("x.nar", "x")}) == (400, no_archive)


@pytest.mark.parametrize(("kind", "noun"), [("sources", "Sources"), ("sinks", "Sinks")])
def test_no_connector_is_built_in(deployment, kind, noun):
    assert deployment.call("GET", f"/admin/v3/{kind}/builtin{kind}") == (200, [])
    assert deployment.call("GET", f"/admin/v3/{kind}/public/default") == (200, [])
    assert deployment.call("POST", f"/admin/v3/{kind}/reloadBuiltIn{noun}") == (204, None)
    assert deployment.call("GET", f"/admin/v3/{kind}/builtin{kind}/x/configdefinition")[0] == 500
    assert deployment.call("GET", "/admin/v2/worker/connectors") == (200, [])


def test_the_packages_of_a_broker_are_turned_off(deployment):
    off = (503, {"reason": "Package Management Service is not enabled in the broker."})
    path = "/admin/v3/packages/function/public/default"
    for method, call in [("GET", ""), ("GET", "/x"), ("GET", "/x/1"), ("DELETE", "/x/1"), ("GET", "/x/1/metadata")]:
        assert deployment.call(method, path + call) == off
    assert deployment.call("POST", path + "/x/1")[0] == 415
    assert deployment.call("POST", path + "/x/1", parts={"file": ("x", "x")}) == off
    assert deployment.call("PUT", path + "/x/1/metadata", {"description": "x"}) == off
    nothing = "Unknown error, metadata is null when processing update package metadata request"
    assert deployment.call("PUT", path + "/x/1/metadata") == (400, {"reason": nothing})
    assert deployment.call("GET", "/admin/v3/packages/nope/public/default") == (412, {"reason": "Invalid package domain: 'nope'"})


@pytest.mark.parametrize("path", ["", "/a", "a/", "a//b", "./a", "a/..", "a\tb"])
def test_a_file_is_kept_under_no_path_that_names_no_log(deployment, path):
    parts = {"path": path, "data": ("f.py", "code")}
    assert deployment.call("POST", "/admin/v3/functions/upload", parts=parts)[0] == 500


def test_a_path_to_keep_a_file_under_has_no_spaces(deployment):
    status, body = deployment.call("POST", "/admin/v3/functions/upload", parts={"path": "a b", "data": ("f.py", "code")})
    reason = "Invalid stream name : 'Invalid log name \"/a b\" caused by empty space specified @2'"
    assert (status, body) == (500, {"reason": reason})


def test_an_address_that_is_none_is_told_with_the_place(deployment):
    refused = deployment.call("POST", FUNCTION, parts={"functionConfig": CONFIG, "url": "http://"})
    assert refused == (400, {"reason": "Expected authority at index 7: http://"})


def test_blank_json_is_none(deployment):
    refused = deployment.call("POST", FUNCTION, parts={"functionConfig": " ", "data": ("function.py", "")})
    assert refused == (400, {"reason": "Function config is not provided"})
    deployment.create()
    assert deployment.call("POST", FUNCTION + "/state/k", parts={"state": " "})[0] == 500


def test_a_pattern_with_more_braces_answers_what_the_better_one_does_not(deployment):
    assert deployment.call("GET", "/admin/v3/functions/builtins/reload") == (200, [])
    assert deployment.call("DELETE", "/admin/v3/functions/builtins/reload")[0] == 405


def test_methods_are_listed_as_a_java_set_has_them(deployment):
    answer = deployment.api.answer(Request.of_target("OPTIONS", FUNCTION, b"", None))
    assert answer.body == b"HEAD, DELETE, POST, GET, OPTIONS, PUT"


def test_the_worker_shows_the_figures_of_all_instances(deployment):
    deployment.create(parallelism=2)
    status, (first, second) = deployment.call("GET", "/admin/v2/worker-stats/functionsmetrics")
    assert (status, first["name"], second["name"]) == (200, "public/default/f:0", "public/default/f:1")
    assert first["metrics"]["receivedTotal"] == 0
    assert deployment.call("GET", "/admin/v2/worker/cluster/leader/ready") == (200, True)


def test_there_is_one_broker_and_it_leads(deployment):
    assert (
        deployment.call("GET", "/admin/v2/brokers") == deployment.call("GET", "/admin/v2/brokers/standalone") == (200, ["127.0.0.1:8080"])
    )
    leads = {"serviceUrl": "http://127.0.0.1:8080", "brokerId": "127.0.0.1:8080"}
    assert deployment.call("GET", "/admin/v2/brokers/leaderBroker") == (200, leads)
