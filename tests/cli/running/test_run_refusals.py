"""What bad input gets: one clear message that names the cause and the next step, the right exit code, no runtime frames."""

import json

import pytest

from tests.samples.samples import SAMPLES

CODE_CANNOT_RUN, REFUSED = 2, 3
ECHO = "def process(input):\n    return input\n"


def assert_refused(outcome, code, *texts):
    assert outcome.code == code, outcome.err
    assert outcome.out == ""
    for text in texts:
        assert text in outcome.err
    assert "/pfemu/" not in outcome.err
    assert outcome.err.count("Traceback") <= 1


def test_no_such_file(run, write):
    path = write("exclamation.py", ECHO)
    assert_refused(run(path.with_name("exclamaton.py")), CODE_CANNOT_RUN, "There is no file", "exclamation.py")


def test_no_function_in_the_file(run, write):
    assert_refused(run(write("empty.py", "x = 1\n")), CODE_CANNOT_RUN, "empty.py", "process")


def test_two_candidates_are_named_and_one_must_be_chosen(run, write):
    two = "class A:\n    def process(self, input, context): ...\nclass B:\n    def process(self, input, context): ...\n"
    outcome = run(write("two.py", two))
    assert_refused(outcome, CODE_CANNOT_RUN, "A", "B", "two.py:A")


def test_the_choice_between_two_candidates_is_made_as_said(run, write):
    two = write(
        "two.py",
        "class A:\n    def process(self, input, context): return 'a'\nclass B:\n    def process(self, input, context): return 'b'\n",
    )
    assert run(f"{two}:B", stdin="x\n").out == "b\n"
    assert run(two, "--classname", "two.A", stdin="x\n").out == "a\n"


def test_a_syntax_error_shows_its_line(run, write):
    outcome = run(write("broken.py", "def process(input):\n    return input +\n"))
    assert_refused(outcome, CODE_CANNOT_RUN, "broken.py", "line 2", "return input +", "^")


def test_an_error_while_importing_shows_the_users_own_frames(run, write):
    outcome = run(write("fails.py", "def helper():\n    raise RuntimeError('no disk')\n\nhelper()\n" + ECHO))
    assert_refused(outcome, CODE_CANNOT_RUN, "RuntimeError: no disk", "fails.py", "helper()")


def test_a_missing_dependency_says_which_and_what_to_install(run, write):
    outcome = run(write("needs.py", "import cv2\n" + ECHO))
    assert_refused(outcome, CODE_CANNOT_RUN, "cv2", "pip install opencv-python", "needs.py")


def test_a_class_without_process(run, write):
    outcome = run(write("no_process.py", "class Shout:\n    def proces(self, input, context): ...\n"))
    assert_refused(outcome, CODE_CANNOT_RUN, "process", "proces")


def test_a_file_that_is_no_python(run, write):
    assert_refused(run(write("function.jar", b"PK")), CODE_CANNOT_RUN, "function.jar", ".py")


def test_no_function_at_all(run):
    assert_refused(run(), CODE_CANNOT_RUN, "No function is given", "pfemu run function.py")


def test_an_invalid_topic_name(run, exclamation):
    assert_refused(run(exclamation, "--inputs", "a/b"), REFUSED, "Input topic a/b is invalid")
    assert_refused(run(exclamation, "--output", "a/b"), REFUSED, "Output topic a/b is invalid")


def test_a_user_config_that_is_no_json(run, exclamation):
    outcome = run(exclamation, "--user-config", "{'greeting: 1}")
    assert_refused(outcome, CODE_CANNOT_RUN, "--user-config cannot be read: Unterminated string", "{'greeting: 1}", "single quotes")


def test_a_user_config_file_that_is_none(run, exclamation, write):
    assert_refused(run(exclamation, "--user-config-file", write("config.yaml", "a: [1")), CODE_CANNOT_RUN, "config.yaml", "line 1")
    assert_refused(run(exclamation, "--user-config-file", write("list.json", "[1]")), CODE_CANNOT_RUN, "list.json", "an object")
    assert_refused(run(exclamation, "--user-config-file", "absent.yaml"), CODE_CANNOT_RUN, "absent.yaml", "does not exist")


def test_input_that_the_serde_cannot_read_is_told_with_its_message(run):
    outcome = run(
        SAMPLES / "custom_serde.py",
        *("--inputs", "orders", "--custom-serde-inputs", '{"orders": "custom_serde.OrderSerDe"}'),
        *("--output-serde-classname", "custom_serde.OrderSerDe"),
        stdin='{"customer": "ada", "item": "tea", "amount": 1}\nno json\n',
    )
    assert outcome.code == 1
    assert json.loads(outcome.out)["customer"] == "ada"
    assert "JSONDecodeError: Expecting value" in outcome.err
    assert "decoding, encoding or publishing" in outcome.err
    assert "no json" in outcome.err


def test_an_output_that_the_serde_refuses_is_told(run, write):
    outcome = run(write("listing.py", "def process(input):\n    return [input]\n"), stdin="x\n")
    assert outcome.code == 1
    assert "IdentitySerde cannot serialize object of type <class 'list'>" in outcome.err


def test_a_broken_json_line_is_told_by_its_number_and_what_was_before_is_processed(run, exclamation, write):
    outcome = run(exclamation, "--input", write("in.jsonl", '{"value": "a"}\n{"value": "b"\n{"value": "c"}\n'))
    assert outcome.code == CODE_CANNOT_RUN
    assert outcome.out == "a!\n"
    assert "in.jsonl, line 2: not JSON" in outcome.error
    assert "received 1 · processed 1" in outcome.err


def test_an_input_topic_that_cannot_be_is_told_by_its_line(run, exclamation, write):
    outcome = run(exclamation, "--input", write("in.jsonl", '{"value": "a", "topic": "a/b"}\n'))
    assert_refused(outcome, CODE_CANNOT_RUN, "'a/b'")


@pytest.mark.parametrize(
    ("flags", "refusal"),
    [
        (["--processing-guarantees", "EFFECTIVELY_ONCE"], "Effectively-once processing guarantees not yet supported in Python"),
        (["--max-message-retries", "3"], "Message retries not yet supported in python"),
        (["--dead-letter-topic", "dead"], "Dead Letter Topic specified, however max retries is set to infinity"),
        (["--window-length-count", "5"], "There is currently no support windowing in python"),
        (["--inputs", "a", "--output", "a"], "Output topic a is also being used as an input topic"),
        (["--parallelism", "0"], "Function parallelism must be a positive number"),
        (["--retain-ordering", "--retain-key-ordering"], "Only one of retain ordering or retain key ordering can be set"),
        (
            ["--processing-guarantees", "ATMOST_ONCE", "--auto-ack", "false"],
            "When Guarantees == ATMOST_ONCE, autoAck must be equal to true",
        ),
        (["--timeout-ms", "0"], "Function timeout must be a positive number"),
        (["--cpu", "-1"], "The cpu allocation for the function must be positive"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_the_worker_or_its_command_refuses_is_refused_in_their_words(run, exclamation, flags, refusal):
    assert_refused(run(exclamation, *flags, stdin="x\n"), REFUSED, refusal)


@pytest.mark.parametrize(
    ("flags", "refusal"),
    [
        (["--parallelism", "many"], "Invalid value for option '--parallelism': 'many' is not an int"),
        (["--processing-guarantees", "atleast_once"], "(case-sensitive) but was 'atleast_once'"),
        (["--subs-position", "latest"], "(case-sensitive) but was 'latest'"),
        (["--fqfn", "a/b"], "Fully qualified function names (FQFNs) must be of the form tenant/namespace/name"),
        (["--auto-ack", "yes"], "Invalid value for option '--auto-ack': 'yes' is not a boolean"),
        (["--input-specs", "{"], "--input-specs cannot be read"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_flag_of_the_wrong_form_is_a_usage_error_in_the_commands_words(run, exclamation, flags, refusal):
    assert_refused(run(exclamation, *flags, stdin="x\n"), CODE_CANNOT_RUN, refusal)


def test_what_is_accepted_but_does_not_start_is_told_apart(run, exclamation):
    outcome = run(exclamation, "--timeout-ms", "5000", stdin="x\n")
    assert_refused(outcome, REFUSED, "no instance starts", "Unacknowledged message timeout should be greater than 10 seconds")


def test_a_class_name_that_is_wrong_is_told_in_the_instances_words(run, exclamation):
    assert_refused(
        run(exclamation, "--classname", "exclamation.Shout"), CODE_CANNOT_RUN, "Could not import User Function Module exclamation.Shout"
    )


def test_two_functions_or_two_files_at_once(run, exclamation, write):
    assert_refused(run(exclamation, "--py", "other.py"), CODE_CANNOT_RUN, "give one")
    yaml = write("f.yaml", "name: f\n")
    assert_refused(run(yaml, "--function-config-file", yaml), CODE_CANNOT_RUN, "two configuration files")
    assert_refused(run(exclamation, "--user-config", "{}", "--user-config-file", yaml), CODE_CANNOT_RUN, "use one")


def test_a_configuration_file_that_is_not_there_or_no_yaml(run, write):
    assert_refused(run("absent.yaml"), CODE_CANNOT_RUN, "absent.yaml")
    assert_refused(run(write("broken.yaml", "inputs: [a\n")), REFUSED, "broken.yaml")


def test_an_unknown_option(run, exclamation):
    assert_refused(run(exclamation, "--input-topic", "a"), CODE_CANNOT_RUN, "No such option", "--input")
