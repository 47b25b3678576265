"""The bans of ``[tool.ruff]`` are in force, and every exception gives its reason."""

import ast
import io
import json
import re
import subprocess
import sys
import tokenize

import pytest

from tests.architecture.source_tree import PYPROJECT, ROOT, SOURCE_FOLDERS, name_of, python_files

BANNED = PYPROJECT["tool"]["ruff"]["lint"]["flake8-tidy-imports"]["banned-api"]
FILES = python_files(*SOURCE_FOLDERS)
TEST_FILES = [path for path in python_files(ROOT / "tests") if path.name.startswith("test_")]

EXCEPTION = re.compile(r"noqa|type: ignore|pragma: no (?:cover|branch)|fmt: (?:off|skip)")
REASONED = re.compile(
    r"# (?:noqa: [A-Z]+\d+(?:, [A-Z]+\d+)*|type: ignore\[[\w, -]+\]|pragma: no (?:cover|branch)|fmt: (?:off|skip))(?: -|  ?#) .*\w{3}"
)


def banned_in(name, source):
    """Return the lines of ``source``, were it the file ``name``, in which ruff finds something banned."""
    command = [sys.executable, "-m", "ruff", "check", "--no-cache", "--output-format=json", "--stdin-filename", name, "-"]
    finished = subprocess.run(command, cwd=ROOT, input=source, capture_output=True, text=True, check=False)
    return {found["location"]["row"] for found in json.loads(finished.stdout) if found["code"] == "TID251"}


def each_banned_name():
    return "".join(f"import {name.partition('.')[0]}; {name}()\n" if "mock" not in name else f"import {name}\n" for name in BANNED)


@pytest.mark.parametrize("name", ["pfemu/emulator.py", "pfemu/cli/main.py", "tests/test_new.py", "sample_functions/new.py"])
def test_reading_a_clock_sleeping_mocking_and_unseeded_chance_are_refused(name):
    assert banned_in(name, each_banned_name()) == set(range(1, len(BANNED) + 1))


@pytest.mark.parametrize("name", ["pfemu/scheduling/clock.py", "benchmarks/new.py"])
def test_the_clock_module_and_benchmarks_read_real_time(name):
    assert not banned_in(name, each_banned_name())


@pytest.mark.parametrize("source", ["from time import sleep\nsleep(1)", "from unittest import mock", "from unittest.mock import patch"])
def test_a_ban_holds_however_the_name_is_imported(source):
    assert banned_in("tests/test_new.py", source)


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_an_exception_to_a_rule_has_its_reason_on_the_line(path):
    comments = [
        token
        for token in tokenize.generate_tokens(io.StringIO(path.read_text(encoding="utf-8")).readline)
        if token.type == tokenize.COMMENT
    ]
    bare = [
        f"{name_of(path)}:{comment.start[0]}: {comment.string}"
        for comment in comments
        if EXCEPTION.search(comment.string) and not REASONED.match(comment.string)
    ]
    assert not bare, "\n".join(bare)


def test_every_rule_switched_off_for_all_has_its_reason_on_the_line():
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    rules = re.findall(r'^  "([A-Z]+\d*)", *(#?.*)$', text, re.MULTILINE)
    lint = PYPROJECT["tool"]["ruff"]["lint"]
    off = [rule for rules_off in [lint["ignore"], *lint["per-file-ignores"].values()] for rule in rules_off]
    assert sorted(rule for rule, _ in rules) == sorted(off)
    assert [rule for rule, reason in rules if not re.match(r"# \S+ \S+", reason)] == []


@pytest.mark.parametrize("path", TEST_FILES, ids=name_of)
def test_the_name_of_a_test_is_a_sentence(path):
    source = path.read_text(encoding="utf-8")
    functions = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)]
    names = [node.name for node in functions if node.name.startswith("test_")]
    assert names or ".TestCase" in source, "no test in it, nor a state machine"
    assert [name for name in names if name.count("_") < 3] == []
