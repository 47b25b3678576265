"""`pfemu check`: what the worker and the instance would refuse or trip on, without a message; 0 clean, 2 not loadable, 3 refused."""

import json
import zipfile

import pytest

from pfemu.cli.main import cli
from tests.cli.commands import Outcome
from tests.samples.samples import SAMPLES

CLEAN_CODE, NOT_LOADABLE, REFUSED = 0, 2, 3
CLASS = "class F:\n    def process(self, input, context):\n        raise AssertionError('it ran')\n"
RECORD = "from pulsar.schema import Record, String\nclass Order(Record):\n    name = String()\n"


@pytest.fixture
def found(check):
    """Check with --json; return exit code and what was found, as `level: about text`."""

    def call(*arguments):
        outcome = check(*arguments, "--json")
        (line,) = outcome.lines
        report = json.loads(line)
        assert report["exitCode"] == outcome.code
        return outcome.code, [f"{each['level']}: {each['about']} {each['text']}" for each in report["findings"]]

    return call


@pytest.fixture
def function(write):
    return write("function.py", CLASS)


def test_a_function_that_a_cluster_would_run_is_clean_and_was_not_run(check, function):
    outcome = check(function)
    assert outcome == Outcome(CLEAN_CODE, "public/default/F: nothing that a cluster would refuse or ignore\n", "")
    assert check(function, "--strict").code == CLEAN_CODE


@pytest.mark.parametrize("sample", sorted(path.name for path in SAMPLES.glob("*.py")))
def test_every_sample_is_clean(check, sample):
    plain = ["--classname", "exclamation_plain"] if sample == "exclamation_plain.py" else []
    topics = ["--inputs", "a", "--output", "b"]
    outcome = check(SAMPLES / sample, *plain, *topics, "--strict")
    assert outcome.code == CLEAN_CODE, outcome.out


@pytest.mark.parametrize(
    ("flags", "refusal"),
    [
        (["--inputs", "a/b"], "Input topic a/b is invalid"),
        (["--inputs", "a", "--output", "a"], "Output topic a is also being used as an input topic"),
        (["--processing-guarantees", "EFFECTIVELY_ONCE"], "Effectively-once processing guarantees not yet supported in Python"),
        (["--max-message-retries", "3"], "Message retries not yet supported in python"),
        (["--window-length-count", "5"], "There is currently no support windowing in python"),
        (["--parallelism", "0"], "Function parallelism must be a positive number"),
        (["--timeout-ms", "5000"], "no instance starts with it"),
        (["--pulsar-version", "2.11"], "Pulsar 2.11 is not known here"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_is_refused_is_refused_in_the_same_words(found, function, flags, refusal):
    code, findings = found(function, *flags)
    assert code == REFUSED
    assert findings[0].startswith("error:")
    assert refusal in findings[0]


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (["--classname", "function.G"], "Could not import User Function Module function.G"),
        (
            ["--custom-serde-inputs", '{"a": "function.No"}'],
            "inputSpecs.a.serdeClassName function.No cannot be made, and no instance starts",
        ),
        (["--custom-schema-inputs", '{"a": "{\\"schemaType\\": \\"int32\\"}"}'], "inputSpecs.a.schemaType int32 cannot be made"),
        (["--custom-schema-inputs", '{"a": "{\\"schemaType\\": \\"json\\"}"}'], "inputSpecs.a.schemaType json cannot be made"),
        (["--output-serde-classname", "function.No"], "outputSerdeClassName function.No (TypeError: 'NoneType' object is not callable)"),
        (["--schema-type", "json", "--output-type-class-name", "function.No"], "outputSchemaType json (AttributeError"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_class_that_cannot_be_had_is_named(found, function, flags, words):
    code, findings = found(function, *flags)
    assert code == NOT_LOADABLE
    assert any(words in finding for finding in findings if finding.startswith("error:")), findings


@pytest.mark.parametrize(
    ("source", "class_name", "words"),
    [
        ("class F:\n    def process(self, input): ...\n", "function.F", "each message fails with a TypeError"),
        ("class F:\n    def __init__(self, x): ...\n    def process(self, input, context): ...\n", "function.F", "each message fails"),
        ("def shout(input): return input\n", "function.shout", "each message fails with AttributeError"),
        ("def shout(input): return input\n", None, "on a cluster each message fails"),
        ("class F: pass\n", "function.F", "has no process"),
        ("import nothing_of_that_name\n", "function.F", "nothing_of_that_name"),
        ("class F:\n", "function.F", "expected an indented block"),
    ],
)
def test_code_of_which_each_message_would_fail_is_not_loadable(found, write, source, class_name, words):
    path = write("function.py", source)
    code, findings = found(path, *(["--classname", class_name] if class_name else []))
    assert code == NOT_LOADABLE
    assert findings[0].startswith("error:")
    assert words in findings[0]


def test_what_is_ignored_is_a_warning_and_with_strict_an_error(found, function):
    code, findings = found(function, "--skip-to-latest", "true", "--ram", "1")
    assert code == CLEAN_CODE
    assert [finding.split()[:2] for finding in findings] == [["warning:", "skipToLatest"], ["warning:", "resources"]]
    code, findings = found(function, "--skip-to-latest", "true", "--strict")
    assert (code, findings[0].split()[:2]) == (REFUSED, ["error:", "skipToLatest"])


def test_what_is_good_to_know_stays_a_warning(found, write):
    path = write("orders.py", RECORD + CLASS)
    flags = ["--classname", "orders.F", "--schema-type", "json", "--output-type-class-name", "orders.Order"]
    code, findings = found(path, *flags, "--strict")
    assert code == CLEAN_CODE
    assert [finding.split()[:2] for finding in findings] == [["warning:", "outputSchemaType"]]


def test_a_configuration_file_is_checked_with_what_it_spells_wrong(found, check, write, function):
    text = "py: function.py\nclassName: function.F\ninputs: [a]\nprocessingGuarantees: atmost_once\nprocesingGuarantees: MANUAL\n"
    code, findings = found(write("f.yaml", text))
    assert code == CLEAN_CODE
    assert any("did you mean `ATMOST_ONCE`?" in finding for finding in findings)
    assert any("did you mean `processingGuarantees`?" in finding for finding in findings)
    outcome = check(write("g.yaml", "py: function.py\nclassName: function.F\ninptus: [a]\n"))
    assert outcome.code == REFUSED
    assert outcome.out.startswith(
        "error: The configuration is refused: No input topic(s) specified for the function\n"
        "inptus is no field that Pulsar knows, and is left out; did you mean `inputs`?\n"
    )
    assert outcome.out.endswith("1 error\n")


def test_a_package_is_checked_for_its_layout_and_what_it_requires(found, tmp_path):
    path = tmp_path / "shop.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("shop/src/shop_function.py", CLASS)
        archive.writestr("shop/requirements.txt", "no-such-package-at-all\n")
    code, findings = found(path, "--classname", "shop_function.F", "--inputs", "a")
    assert code == CLEAN_CODE
    assert any("no-such-package-at-all" in finding for finding in findings)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("other/src/shop_function.py", CLASS)
    code, findings = found(path, "--classname", "shop_function.F", "--inputs", "a")
    assert code == NOT_LOADABLE
    assert "other" in findings[0]


def test_what_the_code_prints_is_not_in_the_report(check, write):
    path = write("loud.py", "print('loaded')\n" + CLASS)
    outcome = check(path, "--json")
    assert json.loads(outcome.out)["findings"] == []
    assert outcome.err == "loaded\n"


def test_nothing_to_check_and_an_unknown_option(check):
    assert check().code == NOT_LOADABLE
    assert check("absent.py").code == NOT_LOADABLE
    assert check(SAMPLES / "exclamation.py", "--input", "x").code == NOT_LOADABLE


def test_every_option_has_its_environment_variable(check, function):
    for option in cli.commands["check"].params:
        if option.param_type_name == "option":
            assert option.envvar == "PFEMU_" + option.opts[-1].lstrip("-").upper().replace("-", "_")
    assert check(function, env={"PFEMU_STRICT": "1", "PFEMU_SKIP_TO_LATEST": "true"}).code == REFUSED


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        (
            "inputs: [a]\npy: function.py\n",
            REFUSED,
            "error: className is not in the file, and is found in the code here; a cluster refuses that: No",
        ),
        (
            "inputs: [a]\nclassName: function.F\njar: f.jar\n",
            NOT_LOADABLE,
            "error:  The configuration names a function in 'jar', and pfemu runs Python",
        ),
        ("inputs: [a]\nclassName: function.F\ngo: f\n", NOT_LOADABLE, "error:  The configuration names a function in 'go'"),
        ("inputs: [a]\nclassName: function.F\npy: https://somewhere/f.py\n", NOT_LOADABLE, "error:  The code is at https://somewhere/f.py"),
        ("inputs: [a]\nclassName: function.F\npy: function://public/default/f@1\n", NOT_LOADABLE, "error:  The code is at function://"),
        (
            "topicsPattern: (\nclassName: function.F\npy: function.py\n",
            REFUSED,
            "error: topicsPattern ( cannot be made, and no instance starts",
        ),
    ],
    ids=["no class", "jar", "go", "url", "package", "pattern"],
)
def test_a_file_that_a_cluster_takes_otherwise_is_an_error(found, write, function, text, code, words):
    outcome, findings = found(write("f.yaml", text))
    assert outcome == code
    assert findings[0].startswith(words)


def test_a_schema_that_the_command_erases_is_said_and_is_there_with_its_flag(found, write, function):
    write("orders.py", RECORD + CLASS)
    config = write(
        "f.yaml", "inputs: [a]\noutput: b\nclassName: orders.F\npy: orders.py\noutputSchemaType: avro\noutputTypeClassName: orders.Order\n"
    )
    code, findings = found(config)
    assert code == CLEAN_CODE
    assert findings[0].startswith("warning: outputSchemaType of a file is erased by the command functions create")
    assert found(config, "--schema-type", "avro") == (CLEAN_CODE, [])
    assert found(config, "--strict")[0] == REFUSED


NO_CLASS = "AttributeError: 'NoneType' object has no attribute 'schema'"
NOT_IN_MODULE = (
    "The record class 'Order' cannot be had: ModuleNotFoundError: No module named 'Order'. It is named with its module, as in orders.Order"
)
NONE_NAMED = "A json schema is made of a record class, which inputTypeClassName or outputTypeClassName names: there is none"


@pytest.mark.parametrize(("named", "why"), [("", NONE_NAMED), ("Order", NOT_IN_MODULE)])
def test_a_record_class_that_cannot_be_had_is_said_of_inputs_and_of_the_output(found, write, named, why):
    write("orders.py", RECORD + CLASS)
    start = ["--py", write("orders.py", RECORD + CLASS), "--classname", "orders.F", *(["--output-type-class-name", named] if named else [])]
    code, findings = found(*start, "--inputs", "a", "--output", "b", "--schema-type", "json")
    assert code == NOT_LOADABLE
    assert findings[0].startswith(f"error: outputSchemaType json ({NO_CLASS}. {why}) is looked at when the first output is there")
    config = write(
        "f.yaml", f"className: orders.F\npy: orders.py\ninputSpecs: {{a: {{schemaType: json}}}}\ninputTypeClassName: {named or 'null'}\n"
    )
    code, findings = found(config)
    assert code == NOT_LOADABLE
    assert findings[0] == f"error: inputSpecs.a.schemaType json cannot be made, and no instance starts: {NO_CLASS}. {why}"


def test_the_figures_name_what_was_asked_for_where_no_function_has_a_name(check, write, monkeypatch, tmp_path):
    project = write("pfemu.yaml", "functions:\n- py: nowhere.py\n")
    assert check(project).lines == [
        "error: There is no file nowhere.py.",
        f"{tmp_path} has no Python file and no archive.",
        f"{project}, line 2: 1 error",
    ]
    assert check("nowhere.py").lines[-1] == "nowhere.py: 1 error"
    assert check("--py", "nowhere.py").lines[-1] == "nowhere.py: 1 error"
    write("pfemu.yaml", "other: 1\n")
    monkeypatch.chdir(tmp_path)
    assert check().lines[-1] == "pfemu.yaml: 1 error"
    assert check(".").lines[-1] == ".: 1 error"
