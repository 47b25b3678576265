"""`pfemu graph`: what is drawn, and where to."""

import json
import xml.etree.ElementTree as ET

import pytest
from click.testing import CliRunner

from pfemu.cli.main import cli
from tests.samples.samples import SAMPLES

PIPELINE = SAMPLES / "pipeline"


@pytest.fixture
def graph():
    """Call `pfemu graph` in this process."""

    def call(*arguments, columns="100"):
        return CliRunner(env={"COLUMNS": columns, "NO_COLOR": None, "CI": None}).invoke(cli, ["graph", *map(str, arguments)])

    return call


def edges(outcome):
    read = json.loads(outcome.stdout)
    labels = {node["id"]: node["label"] for node in read["nodes"]}
    return {(labels[each["source"]], labels[each["target"]], each["kind"]) for each in read["edges"]}


def test_what_a_run_would_refuse_is_refused(graph, write):
    outcome = graph(write("a.py", "def process(input):\n    return input\n"), "--inputs", "a/b")
    assert (outcome.exit_code, outcome.stdout) == (3, "")
    assert "Input topic a/b is invalid" in outcome.stderr
    assert graph("nowhere.py").exit_code == 2
    assert graph(write("pfemu.yaml", "functions: [{source: a.py, inptus: [a]}]\n")).exit_code == 3


def test_a_projects_functions_and_topics(graph):
    assert edges(graph(PIPELINE, "--format", "json")) == {
        ("readings", "check", "input"),
        ("check", "checked", "output"),
        ("check", "bad-readings", "publish"),
        ("checked", "average", "input"),
        ("average", "averages", "output"),
        ("checked", "watch", "input"),
        ("watch", "alerts", "publish"),
    }


def test_the_flags_of_a_run_count(graph, write):
    path = write("a.py", "def process(input):\n    return input\n")
    outcome = graph(path, "--name", "f", "--inputs", "a,b", "--output", "c", "--log-topic", "l", "--format", "json")
    assert edges(outcome) == {("a", "f", "input"), ("b", "f", "input"), ("f", "c", "output"), ("f", "l", "log")}


def test_a_pattern_is_a_node_that_its_topics_lead_to(graph, write):
    write("a.py", "def process(input):\n    return input\n")
    one = write("one.yaml", "py: a.py\nclassName: a\nname: one\ninputs: [start]\noutput: mid-a\n")
    two = write("two.yaml", "py: a.py\nclassName: a\nname: two\ntopicsPattern: persistent://public/default/mid-.*\noutput: end\n")
    assert {("mid-a", "mid-.*", "match"), ("mid-.*", "two", "input")} <= edges(graph(one, two, "--format", "json"))


def test_what_only_a_run_tells_is_said_and_seen_with_observed(graph, write):
    write("r.py", "class R:\n    def process(self, input, context):\n        context.publish(f'to-{input}', input)\n")
    path = write("pfemu.yaml", "functions: [r.py]\nseeds: {R-in: [tea, tea]}\n")
    assert "not shown: R also publishes where only a run tells (r.py, line 3)" in graph(path).stdout
    observed = graph(path, "--observed", "--format", "json")
    assert ("R", "to-tea", "publish") in edges(observed)
    facts = {node["label"]: node["facts"] for node in json.loads(observed.stdout)["nodes"]}
    assert (facts["R"], facts["to-tea"]) == (["2 processed"], ["2 messages"])


def test_a_picture_of_characters_fits_the_terminal(graph):
    wide, narrow = graph(PIPELINE, columns="120").stdout, graph(PIPELINE, columns="50").stdout
    assert "▶ averages" in wide
    assert "▼" in narrow
    assert max(map(len, narrow.splitlines())) <= 50
    assert "\x1b[" not in wide
    assert "\x1b[" in graph(PIPELINE, "--color", "always").stdout


def test_a_file_gets_what_its_name_says(graph, tmp_path):
    assert graph(PIPELINE, "-o", tmp_path / "p.svg").stdout == ""
    assert ET.fromstring((tmp_path / "p.svg").read_text()).tag.endswith("svg")
    graph(PIPELINE, "-o", tmp_path / "p.mmd")
    assert (tmp_path / "p.mmd").read_text().startswith("flowchart LR\n")
    graph(PIPELINE, "-o", tmp_path / "p.txt", "--color", "always")
    assert "\x1b[" not in (tmp_path / "p.txt").read_text()


def test_a_file_whose_name_says_nothing_is_refused_before_anything_is_written(graph, tmp_path):
    ran = graph(PIPELINE, "-o", tmp_path / "picture.svgg")
    assert ran.exit_code == 2
    assert "A name that ends in .svgg does not tell what to write: say --format" in ran.stderr
    assert not (tmp_path / "picture.svgg").exists()


def test_the_prompt_draws_with_figures(terminal):
    running = terminal(SAMPLES / "exclamation.py")
    running.see("Ctrl-D ends.")
    running.type("tea\r")
    running.see("→ tea!")
    running.type(":graph\r")
    running.see("1 processed")
    running.type("\x04")
    assert running.end()[0] == 0
