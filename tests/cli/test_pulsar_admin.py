"""``pulsar-admin functions`` as a translator: refusals, calls and what is printed, in the command's own words."""

import json

import pytest

from pfemu.admin.answer import Answer, answer_json, reason
from pfemu.cli.pulsar_admin.functions_command import FunctionsCommand
from pfemu.cli.pulsar_admin.java_json import gson_lines, jackson_lines, shown_config

F = ["--tenant", "public", "--namespace", "ns", "--name", "f"]


class Api:
    """Answers every call alike and remembers them."""

    def __init__(self, answer=None):
        self.answer = answer or Answer(204)
        self.requests = []

    def __call__(self, request):
        self.requests.append(request)
        return self.answer


def run(*arguments, answer=None):
    api = Api(answer)
    return FunctionsCommand(api).run(arguments), api.requests


BOTH_NAMES = "You must specify either a Fully Qualified Function Name (FQFN) or tenant, namespace, and function name"
MISMATCH = "com.fasterxml.jackson.databind.exc.MismatchedInputException"
STATE = "org.apache.pulsar.common.functions.FunctionState"
JACKSON = "com.fasterxml.jackson.core.JsonParseException"
GUARANTEES = "[ATLEAST_ONCE, ATMOST_ONCE, EFFECTIVELY_ONCE, MANUAL]"


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["s"], "Unmatched argument at index 1: 's'"),
        ([], "Missing required subcommand"),
        (["create", "word", "--nope"], "Unmatched arguments from index 2: 'word', '--nope'"),
        (["create", "--retain-ordering", "true"], "Unmatched argument at index 3: 'true'"),
        (["create", "-tenant", "-1"], "Unmatched argument at index 3: '-1'"),
        (["create", "--name", "-test"], "Expected parameter for option '--name' but found '-test'"),
        (["create", "--inputs", "a", "-ib"], "option '--inputs' (<inputs>) should be specified only once"),
        (["querystate", "-ww"], "option '--watch' should be specified only once"),
        (["create", "--parallelism", "x", "--nope"], "Invalid value for option '--parallelism': 'x' is not an int"),
        (["create", "--windowLengthCount=x"], "Invalid value for option '--windowLengthCount': 'x' is not an int"),
        (["get", "-h=5"], "Invalid value for option '--help': '5' is not a boolean"),
        (["create", "--className"], "Missing required parameter for option '--className' (<deprecatedClassName>)"),
        (["status", *F, "--instance-id", "x"], 'java.lang.NumberFormatException: For input string: "x"'),
        (["get"], "java.lang.RuntimeException: You must specify a name for the function or a Fully Qualified Function Name (FQFN)"),
        (
            ["get", "--fqfn", "a/b/c", "--name", "c"],
            f"java.lang.RuntimeException: {BOTH_NAMES}",
        ),
        (
            ["get", "--fqfn", "a/b"],
            "java.lang.RuntimeException: Fully qualified function names (FQFNs) must be of the form tenant/namespace/name",
        ),
        (["get", "--nope"], "Unknown option: '--nope'"),
        (["get", *F, "--state", "x"], "Unknown options: '--state', 'x'"),
        (["create", "--update-auth-data"], "Unknown option: '--update-auth-data'"),
        (["get", "--name"], "Missing required parameter for option '--name' (<functionName>)"),
        (["get", "--name", "--tenant", "x"], "Expected parameter for option '--name' but found '--tenant'"),
        (["querystate", *F], "State key needs to be specified"),
        (["querystate", *F, "-k", " "], "State key needs to be specified"),
        (["putstate", *F], "Missing required option: '--state=<state>'"),
        (["putstate", *F, "-s", " "], f"{MISMATCH}: No content to map due to end-of-input"),
        (
            ["putstate", *F, "-s", "[]"],
            f"{MISMATCH}: Cannot deserialize value of type `{STATE}` from Array value (token `JsonToken.START_ARRAY`)",
        ),
        (
            ["putstate", *F, "-s", "{nope"],
            f"{JACKSON}: Unexpected character ('n' (code 110)): was expecting double-quote to start field name",
        ),
        (["trigger", *F], "Either a trigger value or a trigger filepath needs to be specified"),
        (["create", "--py", "function.py", "--name", "f"], "No Function Classname specified"),
        (
            ["create", *F, "--function-config-file", "no-such.yaml"],
            "java.lang.IllegalArgumentException: no-such.yaml (No such file or directory)",
        ),
        (
            ["update", *F, "--processing-guarantees", "ONCE"],
            f"Invalid value for option '--processing-guarantees': expected one of {GUARANTEES} (case-sensitive) but was 'ONCE'",
        ),
    ],
)
def test_what_the_command_refuses_itself_is_never_asked(arguments, line):
    outcome, requests = run(*arguments)
    assert (outcome.exit_code, list(outcome.stderr), requests) == (1, [line], [])


def test_json_that_cannot_be_read_is_refused_as_gson_does():
    outcome, requests = run("update", *F, "--user-config", "{nope")
    assert (outcome.exit_code, outcome.stderr[0].partition(":")[0], requests) == (1, "com.google.gson.JsonSyntaxException", [])


def test_a_refusal_of_the_worker_is_printed_twice():
    outcome, _ = run("delete", *F, answer=reason(404, "Function f doesn't exist"))
    assert (outcome.exit_code, list(outcome.stderr)) == (1, ["Function f doesn't exist", "", "Reason: Function f doesn't exist"])


def test_a_refusal_without_a_reason_shows_its_status():
    outcome, _ = run("delete", *F, answer=Answer(500))
    assert list(outcome.stderr) == ["HTTP 500 Internal Server Error", "", "Reason: HTTP 500 Internal Server Error"]


@pytest.mark.parametrize(
    ("arguments", "method", "path", "printed"),
    [
        (["delete", *F], "DELETE", "/admin/v3/functions/public/ns/f", "Deleted successfully"),
        (["delete", "--fqfn", "a/b/c d"], "DELETE", "/admin/v3/functions/a/b/c%20d", "Deleted successfully"),
        (["delete", "--name=f"], "DELETE", "/admin/v3/functions/public/default/f", "Deleted successfully"),
        (["start", *F], "POST", "/admin/v3/functions/public/ns/f/start", "Started successfully"),
        (["stop", *F, "--instance-id", "2"], "POST", "/admin/v3/functions/public/ns/f/2/stop", "Stopped successfully"),
        (["restart", *F], "POST", "/admin/v3/functions/public/ns/f/restart", "Restarted successfully"),
        (["update", *F, "--parallelism", "2"], "PUT", "/admin/v3/functions/public/ns/f", "Updated successfully"),
    ],
)
def test_a_command_makes_one_call_and_says_so(arguments, method, path, printed):
    outcome, requests = run(*arguments)
    assert [(request.method, request.path) for request in requests] == [(method, path)]
    assert (outcome.exit_code, list(outcome.stdout)) == (0, [printed])


def test_create_sends_the_configuration_and_the_code(tmp_path):
    (tmp_path / "function.py").write_text("code", encoding="utf-8")
    arguments = [
        "--py",
        str(tmp_path / "function.py"),
        "--classname",
        "function.F",
        "-i",
        "a,b",
        "--auto-ack",
        "false",
        "--retain-ordering",
    ]
    outcome, (request,) = run("create", *F, *arguments)
    config = json.loads(request.parts["functionConfig"].content)
    assert list(outcome.stdout) == ["Created successfully"]
    assert (config["inputs"], config["autoAck"], config["retainOrdering"]) == (["a", "b"], False, True)
    assert (request.parts["data"].content, request.parts["data"].file_name) == (b"code", "function.py")


def test_code_at_an_address_is_sent_as_the_address():
    _, (request,) = run("update", *F, "--py", "http://host/function.py", "--classname", "function.F", "--update-auth-data")
    assert request.parts["url"].text == "http://host/function.py"
    assert json.loads(request.parts["updateOptions"].content) == {"updateAuthData": True}


def test_a_file_is_read_before_the_flags_count(tmp_path):
    (tmp_path / "f.yaml").write_text("name: g\nparallelism: 3\n", encoding="utf-8")
    _, (request,) = run("update", "--function-config-file", str(tmp_path / "f.yaml"), "--parallelism", "2")
    assert (request.path, json.loads(request.parts["functionConfig"].content)["parallelism"]) == ("/admin/v3/functions/public/default/g", 2)


def test_lists_print_a_name_a_line():
    assert list(run("list", answer=answer_json(["f", "g"]))[0].stdout) == ["f", "g"]


def test_a_configuration_is_shown_as_gson_writes_it():
    config = {"inputSpecs": {"in": {"poolMessages": False, "regexPattern": True}}, "userConfig": {}, "n": 1.0}
    assert list(run("get", *F, answer=answer_json(config))[0].stdout) == [
        "{",
        '  "inputSpecs": {',
        '    "in": {',
        '      "isRegexPattern": true,',
        '      "poolMessages": false',
        "    }",
        "  },",
        '  "userConfig": {},',
        '  "n": 1.0',
        "}",
    ]


def test_figures_are_shown_as_jackson_writes_them():
    stats = {"total": 1, "average": None, "instances": [{"id": 0, "list": []}], "empty": {}}
    assert list(run("stats", *F, answer=answer_json(stats))[0].stdout) == [
        "{",
        '  "total" : 1,',
        '  "average" : null,',
        '  "instances" : [ {',
        '    "id" : 0,',
        '    "list" : [ ]',
        "  } ],",
        '  "empty" : { }',
        "}",
    ]


def test_trigger_prints_what_comes_back(tmp_path):
    outcome, (request,) = run("trigger", *F, "--trigger-value", "x", "--topic", "in", answer=Answer(200, b"a\nb\n"))
    assert (list(outcome.stdout), request.parts["data"].text, request.parts["topic"].text) == (["a", "b"], "x", "in")
    (tmp_path / "payload").write_bytes(b"x")
    _, (request,) = run("trigger", *F, "--trigger-file", str(tmp_path / "payload"))
    assert list(request.parts) == ["dataStream"]


def test_state_is_put_and_shown_by_its_key():
    _, (request,) = run("putstate", *F, "-s", '{"key": "a/b", "stringValue": "v"}')
    assert request.path.endswith("/f/state/a/b")
    outcome, _ = run("querystate", *F, "-k", "a", answer=answer_json({"key": "a", "version": 0}))
    assert list(outcome.stdout) == ["{", '  "key": "a",', '  "version": 0', "}"]


def test_bytes_of_a_state_are_shown_as_numbers_of_java():
    outcome, _ = run("querystate", *F, "-k", "a", answer=answer_json({"key": "a", "byteValue": "/wE="}))
    assert list(outcome.stdout) == ["{", '  "key": "a",', '  "byteValue": [', "    -1,", "    1", "  ]", "}"]


LONG = "9223372036854775808"
LONG_RANGE = f"Numeric value ({LONG}) out of range of long (-{LONG} - 9223372036854775807)"
DATABIND = "com.fasterxml.jackson.databind"
COERCION = "Caused by: com.fasterxml.jackson.core.exc.InputCoercionException"
NO_LONG = "not a valid `java.lang.Long` value"
BASE64 = f'{DATABIND}.exc.InvalidFormatException: Cannot deserialize value of type `byte[]` from String ""'
UNPADDED = (
    "Unexpected end of base64-encoded String: base64 variant 'MIME-NO-LINEFEEDS' expects padding"
    " (one or more '=' characters) at the end. This Base64Variant might have been incorrectly configured"
)


@pytest.mark.parametrize(
    ("fields", "lines"),
    [
        (
            '"numberValue": true',
            [f"{MISMATCH}: Cannot deserialize value of type `java.lang.Long` from Boolean value (token `JsonToken.VALUE_TRUE`)"],
        ),
        (
            '"version": [1]',
            [f"{MISMATCH}: Cannot deserialize value of type `java.lang.Long` from Array value (token `JsonToken.START_ARRAY`)"],
        ),
        (
            '"numberValue": "x"',
            [f'{DATABIND}.exc.InvalidFormatException: Cannot deserialize value of type `java.lang.Long` from String "x": {NO_LONG}'],
        ),
        (f'"numberValue": {LONG}', [f"{DATABIND}.JsonMappingException: {LONG_RANGE}", f"{COERCION}: {LONG_RANGE}", "\t... 33 more"]),
        (
            '"numberValue": 1e30',
            [
                f"{DATABIND}.JsonMappingException: {LONG_RANGE.replace(LONG, '1e30', 1)}",
                f"{COERCION}: {LONG_RANGE.replace(LONG, '1e30', 1)}",
                "\t... 33 more",
            ],
        ),
        (
            '"stringValue": {}',
            [f"{MISMATCH}: Cannot deserialize value of type `java.lang.String` from Object value (token `JsonToken.START_OBJECT`)"],
        ),
        (
            '"byteValue": 5',
            [f"{MISMATCH}: Cannot deserialize value of type `byte[]` from Integer value (token `JsonToken.VALUE_NUMBER_INT`)"],
        ),
        (
            '"byteValue": 1.5',
            [f"{MISMATCH}: Cannot deserialize value of type `byte[]` from Floating-point value (token `JsonToken.VALUE_NUMBER_FLOAT`)"],
        ),
        (
            '"byteValue": "ab%"',
            [f"{BASE64}: Failed to decode VALUE_STRING as base64 (MIME-NO-LINEFEEDS): Illegal character '%' (code 0x25) in base64 content"],
        ),
        (
            '"byteValue": "dGV4dA"',
            [f"{BASE64}: {UNPADDED}"],
        ),
        (
            '"byteValue": [300]',
            [
                f"{DATABIND}.JsonMappingException: Numeric value (300) out of range of Java byte",
                f"{COERCION}: Numeric value (300) out of range of Java byte",
                "\t... 35 more",
            ],
        ),
        (
            '"byteValue": ["x"]',
            [f'{DATABIND}.exc.InvalidFormatException: Cannot deserialize value of type `byte[]` from String "x": not a valid `byte` value'],
        ),
    ],
)
def test_a_state_with_a_field_of_another_kind_is_never_put(fields, lines):
    outcome, requests = run("putstate", *F, "-s", f'{{"key": "k", {fields}}}')
    assert (outcome.exit_code, list(outcome.stderr), requests) == (1, lines, [])


@pytest.mark.parametrize(
    ("state", "key"),
    [
        ('{"key": 5, "numberValue": " 5 ", "byteValue": [1, -2]}', "5"),
        ('{"key": 1.50, "numberValue": 1.5, "byteValue": "dGV4dA=="}', "1.50"),
        ('{"key": true, "numberValue": "", "stringValue": 5, "other": []}', "true"),
    ],
)
def test_a_state_with_fields_that_become_others_is_put(state, key):
    _, (request,) = run("putstate", *F, "-s", state)
    assert request.path.endswith(f"/state/{key}")


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("a/b", "public/ns/a/b"),
        ("/x", "public/ns/x"),
        ("a%41", "public/ns/a%41"),
        ("a%zz", "public/ns/a%25zz"),
        ("a;b?c#d", "public/ns/a;b%3Fc%23d"),
        ("a+b&c=d:@!$'()*,", "public/ns/a+b&c=d:@!$'()*,"),
        ("", "public/ns"),
    ],
)
def test_names_become_paths_as_jersey_writes_them(name, path):
    _, (request,) = run("delete", "--tenant", "public", "--namespace", "ns", "--name", name)
    assert request.path == f"/admin/v3/functions/{path}"


def test_why_there_is_nothing_to_download_is_not_said(tmp_path):
    outcome, _ = run("download", *F, "--destination-file", str(tmp_path / "f"), answer=reason(404, "Function f doesn't exist"))
    assert (list(outcome.stderr), (tmp_path / "f").exists()) == (["HTTP 404 Not Found", "", "Reason: HTTP 404 Not Found"], False)


def test_a_download_makes_the_folders_above_its_file_and_is_refused_a_folder(tmp_path):
    outcome, requests = run("download", *F, "--destination-file", str(tmp_path))
    assert (list(outcome.stderr)[2], requests) == (f"Reason: java.io.FileNotFoundException: {tmp_path} (Is a directory)", [])
    run("download", *F, "--destination-file", str(tmp_path / "a" / "b" / "f"), answer=Answer(200, b"x"))
    assert (tmp_path / "a" / "b" / "f").read_bytes() == b"x"


def test_lists_and_nulls_have_lines_of_their_own_in_gson_alone():
    assert gson_lines({"a": [1, [2]], "n": None}) == ["{", '  "a": [', "    1,", "    [", "      2", "    ]", "  ]", "}"]
    assert jackson_lines([1, [2]]) == ["[ 1, [ 2 ] ]"]


def test_a_configuration_without_inputs_is_shown_as_it_is():
    assert shown_config({"name": "f"}) == {"name": "f"}
    assert shown_config({"inputSpecs": {"a": None}}) == {"inputSpecs": {"a": None}}


def test_files_are_uploaded_and_downloaded(tmp_path):
    source, destination = tmp_path / "code.py", tmp_path / "again.py"
    source.write_bytes(b"code")
    outcome, [request] = run("upload", "--source-file", str(source), "--path", "a/b")
    assert (outcome.stdout, request.path) == (["Uploaded successfully"], "/admin/v3/functions/upload")
    assert (request.parts["path"].text, request.parts["data"].content, request.parts["data"].file_name) == ("a/b", b"code", "code.py")
    outcome, [request] = run("download", "--destination-file", str(destination), "--path", "a/b", answer=Answer(200, b"again"))
    assert (outcome.stdout, request.path, request.query) == (["Downloaded successfully"], "/admin/v3/functions/download", {"path": "a/b"})
    assert destination.read_bytes() == b"again"
    _, [request] = run("download", *F, "--destination-file", str(destination), "--transform-function", answer=Answer(200, b""))
    assert (request.path, request.query) == ("/admin/v3/functions/public/ns/f/download", {"transform-function": "true"})


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["upload", "--path", "x"], "--source-file needs to be specified"),
        (["download", *F], "--destination-file needs to be specified"),
        (["upload", "--path", "x", "--source-file", ""], "--source-file needs to be specified"),
        (["localrun"], "java.lang.IllegalArgumentException: No Function name specified"),
        (["localrun", *F, "--py", "/no/such.py", "--classname", "function.F"], "The specified python file does not exist"),
        (["localrun", *F, "--instance-id-offset", "x"], "Invalid value for option '--instance-id-offset': 'x' is not an int"),
        (["localrun", *F, "--broker-service-url"], "Missing required parameter for option '--broker-service-url' (<brokerServiceUrl>)"),
        (
            ["localrun", *F, "--go", "http://host/f", "--use-tls", "--brokerServiceUrl", "pulsar://host"],
            "localrun starts a function beside a cluster; here that is the run itself: pfemu run function.py",
        ),
    ],
)
def test_files_and_runs_that_cannot_be_had_are_refused(arguments, line):
    outcome, requests = run(*arguments)
    assert (outcome.exit_code, list(outcome.stderr), requests) == (1, [line], [])


def test_what_is_built_in_is_listed_and_looked_for_again():
    assert run("available-functions", answer=answer_json(["one"]))[0].stdout == ["one"]
    outcome, [request] = run("reload")
    assert (outcome.exit_code, list(outcome.stdout), request.method, request.path) == (0, [], "POST", "/admin/v3/functions/builtins/reload")


@pytest.mark.parametrize(
    ("arguments", "lines"),
    [
        (["lst"], ["Unmatched argument at index 1: 'lst'", "Did you mean: functions list or functions stats or functions status?"]),
        (["create", "--nam", "x"], ["Unknown options: '--nam', 'x'", "Possible solutions: --namespace, --name"]),
        (["list", "-tenant", "public"], ["Unknown options: '-tenant', 'public'", "Possible solutions: --tenant"]),
        (["putstate", *F, "-s", "{}"], ["null", "", "Reason: java.lang.NullPointerException: path is 'null'."]),
        (
            ["upload", "--path", "x", "--source-file", "/no/such/file"],
            ["null", "", "Reason: java.lang.IllegalArgumentException: File is not a normal file /no/such/file"],
        ),
    ],
)
def test_a_refusal_says_what_may_have_been_meant(arguments, lines):
    outcome, requests = run(*arguments)
    assert (outcome.exit_code, list(outcome.stderr), requests) == (1, lines, [])


def test_an_instance_that_is_no_number_is_told_and_yet_a_success():
    outcome, requests = run("stop", *F, "--instance-id", "x")
    assert (outcome.exit_code, outcome.stdout, outcome.stderr, requests) == (
        0,
        ["Stopped successfully"],
        ["instance-id must be a number"],
        [],
    )
