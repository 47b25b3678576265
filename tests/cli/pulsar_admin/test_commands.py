"""One call for each command, and how its answer is shown."""

import pytest

from pfemu.admin.answer import Answer, answer_json
from pfemu.cli.pulsar_admin.java_json import gson_lines, jackson_lines, shown_config
from tests.cli.pulsar_admin.asking import F, run


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


def test_lists_and_nulls_have_lines_of_their_own_in_gson_alone():
    assert gson_lines({"a": [1, [2]], "n": None}) == ["{", '  "a": [', "    1,", "    [", "      2", "    ]", "  ]", "}"]
    assert jackson_lines([1, [2]]) == ["[ 1, [ 2 ] ]"]


def test_a_configuration_without_inputs_is_shown_as_it_is():
    assert shown_config({"name": "f"}) == {"name": "f"}
    assert shown_config({"inputSpecs": {"a": None}}) == {"inputSpecs": {"a": None}}


def test_what_is_built_in_is_listed_and_looked_for_again():
    assert run("available-functions", answer=answer_json(["one"]))[0].stdout == ["one"]
    outcome, [request] = run("reload")
    assert (outcome.exit_code, list(outcome.stdout), request.method, request.path) == (0, [], "POST", "/admin/v3/functions/builtins/reload")


@pytest.mark.parametrize(
    ("command", "lines"),
    [
        ("delete", ["    --fqfn=<fqfn>", "-h, --help", "    --name=<functionName>", "    --namespace=<namespace>"]),
        ("querystate", ["    --fqfn=<fqfn>", "-h, --help", "-k, --key=<key>", "    --name=<functionName>"]),
        ("reload", ["-h, --help", "-v, --version"]),
    ],
)
def test_help_lists_the_options_of_a_command_as_pulsar_admin_does(command, lines):
    result, requests = run(command, "--help")
    assert [line.removeprefix("  ") for line in result.stdout[2 : 2 + len(lines)]] == lines
    assert (result.exit_code, requests) == (0, [])
