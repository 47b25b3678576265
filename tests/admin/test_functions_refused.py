"""What the functions API refuses: statuses and reasons as a real worker gives them."""

import json

import pytest

from pfemu.admin.request import Part
from tests.admin.deployment import CONFIG, ECHO, FUNCTION

MISSING = [
    ("GET", ""),
    ("DELETE", ""),
    ("GET", "/status"),
    ("GET", "/0/status"),
    ("GET", "/stats"),
    ("GET", "/0/stats"),
    ("POST", "/start"),
    ("POST", "/0/stop"),
    ("POST", "/restart"),
    ("GET", "/download"),
]


@pytest.mark.parametrize(("method", "call"), MISSING)
def test_a_function_that_is_not_there_is_404(deployment, method, call):
    assert deployment.call(method, FUNCTION + call) == (404, {"reason": "Function f doesn't exist"})


def test_an_update_of_a_function_that_is_not_there_is_400(deployment):
    assert deployment.update(userConfig={"a": 1}) == (400, {"reason": "Function f doesn't exist"})


@pytest.mark.parametrize(("place", "reason"), [("nope/default", "Tenant does not exist"), ("public/nope", "Namespace does not exist")])
def test_the_place_of_a_function_must_exist(deployment, place, reason):
    parts = {"functionConfig": CONFIG, "data": ("function.py", "")}
    assert deployment.call("POST", f"/admin/v3/functions/{place}/f", parts=parts) == (400, {"reason": reason})


def test_a_name_that_is_taken_goes_before_what_else_is_wrong(deployment):
    deployment.create()
    assert deployment.create(inputs=[], className="") == (400, {"reason": "Function f already exists"})


@pytest.mark.parametrize("text", ["null", "", None])
def test_a_configuration_has_to_come(deployment, text):
    parts = {"data": ("function.py", "")} | ({} if text is None else {"functionConfig": text})
    assert deployment.call("POST", FUNCTION, parts=parts) == (400, {"reason": "Function config is not provided"})
    deployment.create()
    assert deployment.call("PUT", FUNCTION, parts=parts) == (400, {"reason": "Function config is not provided"})


def test_a_configuration_that_is_no_json_is_answered_by_the_server_itself(deployment):
    status, page = deployment.call("POST", FUNCTION, parts={"functionConfig": "{nope"})
    assert (status, "<title>Error 400 Bad Request</title>" in page) == (400, True)


def test_a_function_needs_code_but_its_configuration_is_looked_at_first(deployment):
    assert deployment.call("POST", FUNCTION, parts={"functionConfig": CONFIG}) == (400, {"reason": "Function Package is not provided"})
    parts = {"functionConfig": {**CONFIG, "inputs": []}}
    assert deployment.call("POST", FUNCTION, parts=parts) == (400, {"reason": "No input topic(s) specified for the function"})


@pytest.mark.parametrize("url", ["ftp://x/y.py", "file:///no/such/file.py", "http://127.0.0.1:1/x.py", "x", "builtin://x"])
def test_code_at_an_address_that_has_none_is_refused_before_the_configuration(deployment, url):
    parts = {"functionConfig": {**CONFIG, "inputs": []}, "url": url}
    assert deployment.call("POST", FUNCTION, parts=parts) == (
        400,
        {"reason": "Function Package url is not valid.supported url (http/https/file)"},
    )


def test_packages_of_the_package_management_are_refused(deployment):
    url = "function://public/default/x@v1"
    answer = deployment.call("POST", FUNCTION, parts={"functionConfig": CONFIG, "url": url})
    assert answer == (400, {"reason": f"Function Package management service is disabled. Please enable it to use {url}"})


@pytest.mark.parametrize(("method", "call"), [("POST", ""), ("PUT", ""), ("POST", "/trigger"), ("POST", "/state/k")])
def test_a_body_without_parts_is_415(deployment, method, call):
    assert deployment.call(method, FUNCTION + call, {"a": 1})[0] == 415


@pytest.mark.parametrize(("method", "call"), [("POST", ""), ("PUT", ""), ("POST", "/trigger"), ("POST", "/state/k")])
def test_a_body_with_no_part_at_all_is_400(deployment, method, call):
    deployment.create()
    status, page = deployment.call(method, FUNCTION + call, parts={})
    assert (status, page is None) == (400, method == "PUT")


@pytest.mark.parametrize("instance", ["1", "-1", "7"])
def test_an_instance_that_is_not_there_has_no_status(deployment, instance):
    deployment.create()
    expected = (400, {"reason": f"Function f doesn't have instance with id {instance}"})
    assert deployment.call("GET", f"{FUNCTION}/{instance}/status") == expected
    assert deployment.call("GET", f"{FUNCTION}/{instance}/stats") == expected


def test_an_instance_that_is_not_there_is_not_stopped_or_restarted(deployment):
    deployment.create()
    assert deployment.call("POST", f"{FUNCTION}/1/stop") == (400, {"reason": "Operation not permitted"})
    assert deployment.call("POST", f"{FUNCTION}/1/restart") == (400, {"reason": "public/default/f/1 doesn't exist"})


@pytest.mark.parametrize("instance", ["x", "1.0", "99999999999"])
def test_the_number_of_an_instance_is_a_number(deployment, instance):
    deployment.create()
    for method, what in (("GET", "status"), ("GET", "stats"), ("POST", "start"), ("POST", "stop")):
        status, page = deployment.call(method, f"{FUNCTION}/{instance}/{what}")
        assert (status, "<title>Error 500 Request failed.</title>" in page) == (500, True)
    assert deployment.call("POST", f"{FUNCTION}/{instance}/restart") == (500, {"reason": f'For input string: "{instance}"'})


def test_an_update_without_a_configuration_is_refused_before_the_function_is_looked_for(deployment):
    parts = {"data": ("function.py", "")}
    assert deployment.call("PUT", FUNCTION, parts=parts) == (400, {"reason": "Function config is not provided"})


@pytest.mark.parametrize("config", [{"customSerdeInputs": {"a": None}}, {"inputSpecs": {"a": {"schemaProperties": {"b": None}}}}])
def test_a_null_that_nobody_expects_is_refused_without_a_word(deployment, config):
    assert deployment.create(**config) == (400, {})
    deployment.create()
    assert deployment.update(**config)[0] == 400


def test_keys_of_an_output_have_names(deployment):
    crypto = {"cryptoKeyReaderClassName": "a.B", "encryptionKeys": ["k", None]}
    assert deployment.create(producerConfig={"cryptoConfig": crypto}) == (400, {"reason": "Element at index 1 is null."})


@pytest.mark.parametrize("name", ["a%2Fb", "a@b"])
def test_a_name_that_no_package_can_have_is_refused_last(deployment, name):
    path, plain = f"/admin/v3/functions/public/default/{name}", name.replace("%2F", "/")
    reason = f"java.lang.IllegalArgumentException: Invalid package name 'FUNCTION://public/default/{plain}@0'"
    parts = {"functionConfig": CONFIG, "data": ("function.py", "")}
    assert deployment.call("POST", path, parts=parts) == (500, {"reason": reason})
    assert deployment.call("POST", path, parts={"functionConfig": CONFIG})[0] == 400


@pytest.mark.parametrize(
    ("config", "code", "reason"),
    [
        ({"runtime": "JAVA"}, "x", "java.util.zip.ZipException: zip END header not found"),
        ({"jar": "f.jar", "runtime": "PYTHON", "inputs": []}, "x", "java.util.zip.ZipException: zip END header not found"),
        ({"jar": "builtin://f"}, "x", "No Function f found"),
        ({"jar": "f.jar"}, None, "Function package is not provided"),
        ({"jar": "f.jar", "inputs": []}, "", "No input topic(s) specified for the function"),
        ({"jar": "f.jar", "className": ""}, "", "Function class name is not provided."),
        ({"jar": "f.jar"}, "", "Function class function.F must be in class path"),
    ],
)
def test_a_function_for_java_is_refused_as_a_worker_refuses_one_whose_archive_has_not_its_class(deployment, config, code, reason):
    full = {name: value for name, value in {**CONFIG, **config}.items() if name != "py"}
    parts = {"functionConfig": full} | ({} if code is None else {"data": ("f.jar", code)})
    assert deployment.call("POST", FUNCTION, parts=parts) == (400, {"reason": reason})


def test_the_package_that_is_there_is_what_an_update_for_java_opens(deployment):
    deployment.create()
    assert deployment.update(jar="f.jar") == (400, {"reason": "java.util.zip.ZipException: zip END header not found"})


def test_an_address_that_is_blank_is_none(deployment):
    parts = {"functionConfig": CONFIG, "url": " "}
    assert deployment.call("POST", FUNCTION, parts=parts) == (400, {"reason": "Function Package is not provided"})


def test_what_runs_is_not_started_and_what_is_stopped_not_stopped(deployment):
    deployment.create()
    refused = (400, {"reason": "Operation not permitted"})
    assert deployment.call("POST", f"{FUNCTION}/start") == refused
    assert deployment.call("POST", f"{FUNCTION}/stop") == (204, None)
    assert deployment.call("POST", f"{FUNCTION}/stop") == refused
    assert deployment.call("POST", f"{FUNCTION}/0/stop") == refused


@pytest.mark.parametrize(
    ("method", "call", "status"), [("POST", "/status", 405), ("GET", "/start", 405), ("DELETE", "/state/k", 405), ("GET", "/nope", 404)]
)
def test_an_unknown_call_is_answered_by_the_server_itself(deployment, method, call, status):
    assert deployment.call(method, FUNCTION + call)[0] == status


@pytest.mark.parametrize(
    ("parts", "status", "reason"),
    [
        ({"topic": "in"}, 400, "Trigger Data is not provided"),
        ({"data": "x", "topic": "persistent://public/default/in"}, 400, "Function in trigger function has unidentified topic"),
    ],
)
def test_trigger_takes_data_and_the_topic_as_it_was_configured(deployment, parts, status, reason):
    deployment.create()
    assert deployment.call("POST", f"{FUNCTION}/trigger", parts=parts) == (status, {"reason": reason})


def test_trigger_is_refused_as_its_producer_is(deployment):
    deployment.create()
    assert deployment.call("POST", "/admin/v2/persistent/public/default/in/terminate")[0] == 200
    answer = deployment.call("POST", f"{FUNCTION}/trigger", parts={"data": "x"})
    assert answer == (500, {"reason": "Pulsar error: TopicTerminated"})


def test_trigger_needs_a_topic_that_exists(deployment):
    deployment.create(inputs=None, topicsPattern="persistent://public/default/in-.*")
    answer = deployment.call("POST", f"{FUNCTION}/trigger", parts={"data": "x"})
    assert answer == (400, {"reason": "Function in trigger function is not ready"})


def test_trigger_sends_nothing_that_does_not_fit_the_topics_json_schema(deployment):
    deployment.create()
    schema = {"type": "JSON", "schema": '{"type":"record","name":"R","fields":[{"name":"a","type":["null","int"]}]}', "properties": {}}
    deployment.call("POST", "/admin/v2/schemas/public/default/in/schema", schema)
    status, body = deployment.call("POST", f"{FUNCTION}/trigger", parts={"data": "{broken"})
    assert status == 400
    assert body["reason"].startswith(
        "Failed to serialize input with error: com.fasterxml.jackson.core.JsonParseException: Unexpected character ('b' (code 98))"
    )
    assert body["reason"].endswith("line: 1, column: 2]. Please checkif input data conforms with the schema of the input topic.")
    assert deployment.call("POST", f"{FUNCTION}/trigger", parts={"data": '{"a": 1}'})[0] == 200


def test_trigger_of_several_inputs_needs_the_topic(deployment):
    deployment.create(inputs=["a", "b"])
    answer = deployment.call("POST", f"{FUNCTION}/trigger", parts={"data": "x"})
    assert answer == (400, {"reason": "Function in trigger function has more than 1 input topics"})


def test_trigger_gives_up_after_ten_seconds(deployment):
    deployment.create("def process(input):\n    return None\n", className="function")
    before_ms = deployment.emulator.scheduler.now_ms()
    assert deployment.call("POST", f"{FUNCTION}/trigger", parts={"data": "x"}) == (408, {"reason": "Request Timed Out"})
    assert deployment.emulator.scheduler.now_ms() - before_ms == 10_000


def test_state_of_a_function_that_is_not_there_is_not_found(deployment):
    assert deployment.call("GET", f"{FUNCTION}/state/k") == (404, {"reason": "'f' is not found"})
    answer = deployment.call("POST", f"{FUNCTION}/state/k", parts={"state": {"key": "k", "stringValue": "v"}})
    assert answer == (404, {"reason": "'f' is not found"})


def test_state_that_cannot_be_stored_is_refused(deployment):
    deployment.create()
    path = f"{FUNCTION}/state/k"
    assert deployment.call("GET", path) == (404, {"reason": "key 'k' doesn't exist."})
    assert deployment.call("POST", path, parts={"state": {"key": "other", "stringValue": "v"}})[0] == 400
    assert deployment.call("POST", path, parts={"state": {"key": "k"}}) == (500, {"reason": "Invalid state value"})
    assert deployment.call("POST", path, parts={"state": "text"})[0] == 400
    assert deployment.call("POST", path, parts={"state": ""})[0] == 500
    assert deployment.call("POST", path, parts={"data": "x"})[0] == 500


def test_a_function_made_in_the_process_has_no_package_to_download(deployment):
    deployment.emulator.create_function(lambda text: text, name="f", inputs=["in"])
    assert deployment.call("GET", f"{FUNCTION}/download") == (404, {"reason": "Function f doesn't exist"})


def test_a_part_that_is_not_utf_8_is_no_configuration(deployment):
    assert deployment.call("POST", FUNCTION, parts={"functionConfig": Part(b"\xff")})[0] == 400


def test_downloads_by_path_are_not_known(deployment):
    assert deployment.call("GET", "/admin/v3/functions/download")[0] == 500


def test_what_a_cluster_takes_and_ignores_a_strict_emulator_refuses(deployment):
    deployment.emulator.strict = True
    status, answer = deployment.create(skipToLatest=True)
    assert (status, answer["reason"].partition(":")[0]) == (400, "skipToLatest is never read")
    assert deployment.call("GET", FUNCTION)[0] == 404
    assert deployment.create() == (204, None)
    assert deployment.update(code=ECHO, skipToLatest=True)[0] == 400
    deployment.emulator.topic("in").send("a")
    assert deployment.emulator.topic("out").values() == ["a"]


@pytest.mark.parametrize("options", [[1], 5, "x"])
def test_options_of_an_update_are_an_object(deployment, options):
    deployment.create()
    parts = {"functionConfig": {"userConfig": {"a": 1}}, "updateOptions": json.dumps(options)}
    assert deployment.call("PUT", FUNCTION, parts=parts)[0] == 400
    assert "a" not in deployment.call("GET", FUNCTION)[1]["userConfig"]
