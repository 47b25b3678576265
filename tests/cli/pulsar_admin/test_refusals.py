"""What ``pfemu functions`` refuses in pulsar-admin's words."""

import pytest

from pfemu.admin.answer import Answer, reason
from tests.cli.pulsar_admin.asking import F, run

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


def test_why_there_is_nothing_to_download_is_not_said(tmp_path):
    outcome, _ = run("download", *F, "--destination-file", str(tmp_path / "f"), answer=reason(404, "Function f doesn't exist"))
    assert (list(outcome.stderr), (tmp_path / "f").exists()) == (["HTTP 404 Not Found", "", "Reason: HTTP 404 Not Found"], False)
