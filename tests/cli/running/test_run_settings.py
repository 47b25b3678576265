"""Where settings come from: command line over environment over configuration file."""

import pytest

from pfemu.cli.main import cli
from pfemu.cli.options.flags import ADMIN_FLAGS, environment_variable
from pfemu.model.command.cli_flags import KNOWN

GREET = """
class Greet:
    def process(self, input, context):
        return f"{context.get_user_config_value('greeting')} {input}"
"""
NOT_PYTHON = {"jar", "go", "function-type"}
NOT_FOR_CREATE = {"update-auth-data"}


@pytest.fixture
def greet(write):
    return write("greet.py", GREET)


@pytest.fixture
def config(write, greet):
    return write("greet.yaml", "py: greet.py\ninputs: [names]\noutput: greetings\nuserConfig: {greeting: Hej}\n")


def test_every_flag_of_create_that_makes_sense_for_python_is_there():
    assert {flag.name for flag in ADMIN_FLAGS} == KNOWN - NOT_PYTHON - NOT_FOR_CREATE - {"py"}


def test_every_option_has_its_environment_variable():
    for option in cli.commands["run"].params:
        if option.param_type_name == "option" and option.name != "help":
            name = option.opts[-1].lstrip("-")
            assert option.envvar == environment_variable(name), name


def test_a_configuration_file_is_a_target_and_its_code_stands_beside_it(run, config, monkeypatch, tmp_path_factory):
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    outcome = run(config, stdin="Ada\n")
    assert outcome.out == "Hej Ada\n"
    assert "public/default/Greet: names -> greetings" in outcome.err


def test_the_command_line_goes_over_the_environment_over_the_file(run, greet, config):
    def greeting(*flags, **env):
        return run(greet, "--function-config-file", config, *flags, stdin="x\n", env=env).out.split()[0]

    assert greeting() == "Hej"
    assert greeting(PFEMU_USER_CONFIG='{"greeting": "env"}') == "env"
    assert greeting("--user-config", '{"greeting": "flag"}', PFEMU_USER_CONFIG='{"greeting": "env"}') == "flag"


def test_a_file_without_topics_gets_none(run, greet, write):
    outcome = run(write("bare.yaml", "py: greet.py\n"))
    assert outcome.code == 3
    assert "No input topic(s) specified for the function" in outcome.err
    outcome = run(write("no_output.yaml", "py: greet.py\ninputs: [a]\n"), stdin="x\n")
    assert (outcome.code, outcome.out) == (0, "")
    assert "a -> no output topic" in outcome.err


def test_numbers_of_user_config_are_floats_and_those_of_a_file_stay(run, write):
    show = write("show.py", "class Show:\n    def process(self, input, context):\n        return str(context.get_user_config_map())\n")
    assert run(show, "--user-config", '{"n": 5}', stdin="x\n").out == "{'n': 5.0}\n"
    assert run(show, "--user-config-file", write("c.yaml", "n: 5\n"), stdin="x\n").out == "{'n': 5}\n"
    assert run(show, "--user-config-file", write("c.json", '{"n": 5}'), stdin="x\n").out == "{'n': 5}\n"


def test_secrets_reach_the_function(run, write):
    show = write("show.py", "class Show:\n    def process(self, input, context):\n        return context.get_secret('token')\n")
    assert run(show, "--secrets", '{"token": "t"}', stdin="x\n").out == "t\n"


def test_a_name_names_function_topics_and_subscription(run, greet):
    outcome = run(greet, "--name", "hello", "--json", stdin="x\n")
    [summary] = outcome.of("summary")
    assert summary["function"] == "public/default/hello"
    assert summary["backlog"] == {"persistent://public/default/hello-in": {"public/default/hello": 0}}
    [summary] = run(greet, "--fqfn", "acme/ops/hello", "--subs-name", "s", "--json", stdin="x\n").of("summary")
    assert summary["function"] == "acme/ops/hello"
    assert list(summary["backlog"].values()) == [{"s": 0}]


def test_at_most_once_does_not_bring_a_failed_message_back(run, write):
    fail = write("fail.py", "def process(input):\n    raise ValueError(input)\n")
    outcome = run(fail, "--processing-guarantees", "ATMOST_ONCE", "--json", stdin="x\n")
    [summary] = outcome.of("summary")
    assert (summary["user_exceptions"], summary["unacked"]) == (1, 0)
    assert "does not come again" in run(fail, "--processing-guarantees", "ATMOST_ONCE", stdin="x\n").err


def test_without_auto_ack_messages_stay_unacknowledged(run, greet):
    [summary] = run(greet, "--auto-ack", "false", "--json", stdin="x\n").of("summary")
    assert (summary["processed"], summary["unacked"]) == (1, 1)


def test_orderings_choose_the_subscription(run, greet):
    for flag in ("--retain-ordering", "--retain-key-ordering"):
        assert run(greet, flag, "--user-config", '{"greeting": "hi"}', stdin="x\n").out == "hi x\n"


def test_misspelt_fields_of_a_file_are_named(run, greet, write):
    outcome = run(write("typo.yaml", "py: greet.py\ninputs: [a]\nproccessingGuarantees: ATMOST_ONCE\n"), stdin="")
    assert "warning: proccessingGuarantees" in outcome.err
    assert "did you mean `processingGuarantees`?" in outcome.err
    outcome = run(write("case.yaml", "py: greet.py\ninputs: [a]\nprocessingGuarantees: atmost_once\n"), stdin="")
    assert "ATMOST_ONCE" in outcome.err
