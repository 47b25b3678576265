"""`pfemu.yaml`: what is refused with its line, and what a run makes of the rest."""

import pytest
from click.testing import CliRunner

from pfemu.cli.main import cli

SHOP = """
import json
class Checkout:
    def process(self, input, context):
        order = json.loads(input)
        context.incr_counter(order["item"], 1)
        return order["item"]
def process(input):
    return f"pack {input}"
"""
PROJECT = """\
functions:
  - source: functions/shop.py:Checkout
    name: checkout
    inputs: [orders]
    output: items
  - name: packing
    py: functions/shop.py
    className: shop
    inputs: [items]
    output: parcels
topics:
  orders:
    partitions: 3
    retentionPolicies: {retentionTimeInMinutes: 10, retentionSizeInMB: -1}
  items:
    deduplicationEnabled: true
namespaces:
  public/default:
    messageTTLInSeconds: 3600
seeds:
  orders:
    - value: {item: tea}
      key: ada
    - '{"item": "milk"}'
state:
  checkout:
    tea: 40
    note: green
"""
ANCHORS = "functions: [&a shop.py, *a]\n"


@pytest.fixture
def project(write):
    """Write a project with some of its text replaced, and return its path."""
    write("functions/shop.py", SHOP)

    def make(old="", new=""):
        assert old in PROJECT
        return write("pfemu.yaml", PROJECT.replace(old, new, 1) if old else PROJECT)

    return make


@pytest.mark.parametrize(
    ("old", "new", "line", "problem"),
    [
        ("inputs: [items]", "inptus: [items]", 9, "functions[1] has no field 'inptus'; did you mean 'inputs'?"),
        ("className: shop", "className: [a]", 8, "functions[1].className cannot be read: Cannot deserialize value of type"),
        ("    className: shop\n", "    runtime: PYHTON\n", 8, "functions[1].runtime has no choice 'PYHTON'; did you mean PYTHON?"),
        ("    py: functions/shop.py\n", "", 6, "functions[1] has no code: say where it is with source or py"),
        ("    className: shop\n", "    source: a.py\n", 6, "functions[1] has source and py, which both say the same: give one"),
        ("    className: shop\n", "    secretsFile: no.yaml\n", 8, "functions[1].secretsFile names a file that is not there: no.yaml"),
        ("partitions: 3", "partitions: 0", 13, "topics.orders.partitions must be 1 or more, not 0"),
        ("partitions: 3", "partitions: three", 13, 'topics.orders.partitions must be a whole number, not "three"'),
        ("partitions: 3", "partitons: 3", 13, "topics.orders has no field 'partitons'; did you mean 'partitions'?"),
        ("partitions: 3", "schema: {type: JSN}", 13, 'topics.orders.schema.type has no choice "JSN"; did you mean JSON?'),
        ("retentionSizeInMB: -1", "retentionSizeInMB: 0", 14, "topics.orders.retentionPolicies must limit both time and size or neither"),
        ("deduplicationEnabled: true", "deduplicationEnabled: maybe", 16, 'must be true or false, not "maybe"'),
        ("  orders:\n    partitions: 3", "  a/b:\n    partitions: 3", 13, "topics.a/b is no topic: Invalid short topic name 'a/b'"),
        ("topics:", "topcis:", 12, "a project has no field 'topcis'; did you mean 'topics'?"),
        ("public/default", "default", 19, "namespaces.default is no namespace"),
        ("key: ada", "kye: ada", 22, "seeds.orders[0] is no message: unknown field 'kye'."),
        ("key: ada", "topic: items", 22, "seeds.orders[0] names a topic, and stands under one"),
        ("- value: {item: tea}\n      key: ada", "nothing", 22, "seeds.orders names a file that is not there"),
        ("tea: 40", "tea: 4.5", 27, "state.checkout.tea is neither a text, which is a value, nor a whole number"),
        ("  checkout:\n    tea", "  chekout:\n    tea", 27, "there is no function 'chekout'; did you mean 'checkout'?"),
    ],
)
def test_what_is_wrong_is_refused_with_its_line(run, project, old, new, line, problem):
    path = project(old, new)
    if new == "nothing":
        path.write_text(PROJECT.partition("seeds:")[0] + "seeds:\n  orders: nothing.txt\n")
    outcome = run(path)
    assert (outcome.code, outcome.out) == (3, "")
    assert problem in outcome.err
    assert f"{path}, line " in outcome.err
    assert abs(int(outcome.err.partition(", line ")[2].partition(":")[0]) - line) <= 1


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "names no function"),
        ("functions: []\n", "names no function"),
        ("functions: shop.py\n", 'functions must be a list, not "shop.py"'),
        ("- functions\n", "must be a mapping"),
        ("functions: [a.py\n", "line 2: it cannot be read: "),
        ("functions: [pfemu.yaml]\n", "functions[0] names a project file, pfemu.yaml"),
        ("functions: [{}]\n", "functions[0] has no code"),
        (ANCHORS, "line 1: anchors and aliases are not read"),
    ],
)
def test_what_is_no_project_is_refused(run, write, text, problem):
    outcome = run(write("pfemu.yaml", text))
    assert (outcome.code, outcome.out) == (3, "")
    assert problem in outcome.err


def test_a_partition_count_the_broker_refuses_is_told_with_its_line(run, project):
    outcome = run(project("  items:\n    deduplicationEnabled: true", "  orders-partition-0:\n    partitions: 2"))
    assert outcome.code == 3
    assert "pfemu.yaml, line 16: This topic already exists" in outcome.err


def test_flags_of_one_function_are_refused_beside_a_project(run, project):
    outcome = run(project(), "--inputs", "a")
    assert outcome.code == 2
    assert "--inputs configures one function: write it into" in outcome.err


def test_a_project_is_given_alone(run, project, write):
    outcome = run(project(), write("more.py", "def process(input):\n    return input\n"))
    assert outcome.code == 2
    assert "names its functions itself: give it alone" in outcome.err


@pytest.mark.parametrize("how", ["given", "found", "directory", "named by its functions"])
def test_a_project_runs(run, project, how, monkeypatch):
    path = project()
    if how == "found":
        monkeypatch.chdir(path.parent)
    if how == "named by its functions":
        path = path.rename(path.with_name("shop.yaml"))
    targets = {"found": [], "directory": [path.parent]}.get(how, [path])
    outcome = run(*targets, "--state")
    assert (outcome.code, sorted(outcome.lines)) == (0, ["pack milk", "pack tea"])
    assert "state of public/default/checkout:\n  note = b'green'" in outcome.err or "note = 'green'" in outcome.err
    assert "tea = 41" in outcome.err


def test_lines_that_are_read_come_after_the_seeds(run, project):
    outcome = run(project("    partitions: 3\n", ""), stdin='{"item": "jam"}\n')
    assert outcome.lines == ["pack tea", "pack milk", "pack jam"]


def test_topics_are_there_before_the_functions_with_what_is_said_of_them(run, project):
    outcome = run(project(), "--json")
    acknowledged = {each["topic"] for each in outcome.of("ack")}
    assert any(topic.startswith("persistent://public/default/orders-partition-") for topic in acknowledged)


def test_a_pattern_reads_the_topics_of_the_project_from_the_start(run, write):
    write("echo.py", "def process(input):\n    return input\n")
    text = "functions: [{py: echo.py, className: echo, topicsPattern: persistent://public/default/o.*, output: end}]\n"
    path = write("pfemu.yaml", text + "topics: {one: , other: }\nseeds: {one: [a], other: [b]}\n")
    assert sorted(run(path).lines) == ["a", "b"]


def test_seeds_may_be_lines_of_a_file_or_json_lines(run, write):
    write("echo.py", "class Echo:\n    def process(self, input, context):\n        return f'{context.get_partition_key()}:{input}'\n")
    write("words.txt", "tea\nmilk\n")
    write("more.jsonl", '{"value": "jam", "key": "k"}\n')
    functions = "functions: [{source: echo.py, inputs: [a, b], output: end}]\n"
    path = write("pfemu.yaml", functions + "seeds: {a: words.txt, b: more.jsonl}\n")
    assert run(path).lines == [":tea", ":milk", "k:jam"]
    write("more.jsonl", '{"valu": "jam"}\n')
    outcome = run(path)
    assert outcome.code == 2
    assert "more.jsonl, line 1: unknown field 'valu'" in outcome.err


def test_a_schema_that_the_broker_refuses_is_told_with_the_line_of_its_topic(run, write):
    write("echo.py", "def process(input):\n    return input\n")
    functions = "functions: [{py: echo.py, className: echo, inputs: [a]}]\n"
    path = write("pfemu.yaml", functions + "topics: {a: {schema: schema.json}}\n")
    write("schema.json", '{"type": "STRING", "schema": ""}')
    assert run(path).code == 0
    write("schema.json", '{"type": "AVRO", "schema": {"type": "recrd"}}')
    assert "pfemu.yaml, line 2: " in run(path).err


def test_functions_may_be_files_of_their_own_and_bring_secrets_and_user_config(run, write):
    write("deep/ask.py", "class Ask:\n    def process(self, input, context):\n        return context.get_secret('who')\n")
    write("deep/echo.yaml", "py: echo.py\nclassName: echo\nname: echo\ninputs: [start]\noutput: middle\n")
    write("deep/echo.py", "def process(input):\n    return input\n")
    write("deep/secrets.yaml", "who: ada\n")
    ask = "  - {source: ask.py, inputs: [middle], output: end, secretsFile: secrets.yaml}\n"
    path = write("deep/pfemu.yaml", "functions:\n  - echo.yaml\n" + ask)
    assert run(path, stdin="x\n").out == "ada\n"


def test_bare_code_gets_its_topics_by_its_name(run, write):
    write("shout.py", "class Shout:\n    def process(self, input, context):\n        return f'{input}!'\n")
    assert run(write("pfemu.yaml", "functions: [shout.py]\nseeds: {Shout-in: [tea]}\n")).out == "tea!\n"


def test_a_directory_of_configurations_is_a_run_of_all(run, write):
    write("fns/echo.py", "def process(input):\n    return input\n")
    write("fns/a.yaml", "py: echo.py\nclassName: echo\nname: one\ninputs: [start]\noutput: middle\n")
    path = write("fns/b.yaml", "py: echo.py\nclassName: echo\nname: two\ninputs: [middle]\noutput: end\n")
    outcome = run(path.parent, stdin="tea\n")
    assert outcome.out == "tea\n"
    assert "public/default/one: received 1" in outcome.err
    assert "neither a pfemu.yaml nor configuration files" in run(write("empty/x.txt", "").parent).err


def test_on_a_terminal_the_seeds_come_first(terminal, project):
    running = terminal(project())
    running.see("A line is a message to orders. Ctrl-D ends.")
    running.see("→ pack ")
    running.type('{"item": "jam"}\r')
    running.see("→ pack jam")
    running.type("\x04")
    code, shown = running.end()
    assert code == 0
    assert "public/default/packing: received 3 · processed 3" in shown


def check(path, *flags):
    return CliRunner().invoke(cli, ["check", str(path), *flags])


def test_all_of_a_project_is_checked(project):
    outcome = check(project())
    assert outcome.exit_code == 0
    assert "public/default/checkout: nothing that a cluster would refuse or ignore" in outcome.output
    assert "public/default/packing: nothing" in outcome.output
    outcome = check(project("name: packing", "name: checkout"))
    assert outcome.exit_code == 3
    assert "Function checkout already exists" in outcome.output
    assert check(project("  checkout:", "  chekout:")).exit_code == 3
    assert "did you mean 'partitions'" in check(project("partitions: 3", "partitons: 3")).output
    assert (
        "Effectively-once"
        in check(project("    className: shop\n", "    className: shop\n    processingGuarantees: EFFECTIVELY_ONCE\n")).output
    )
