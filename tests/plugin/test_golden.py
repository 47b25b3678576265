"""Golden files: written on request, compared otherwise; a missing and an unused one are said."""

import json

import pytest

from tests.plugin.running import explanation, run, said_of

pytest_plugins = ["pytester"]
pytestmark = pytest.mark.timeout(300)  # each starts a pytest of its own

TESTS = """
@pytest.mark.parametrize("words", [["tea"], ["tea", "milk"]], ids=["one", "two"])
def test_shouts(pulsar_emulator, pulsar_function, pulsar_golden, words):
    pulsar_function(Shout, inputs=["orders"], output="shouted")
    pulsar_emulator.topic("orders").send_many(words)

class TestTwice:
    def test_checks(self, pulsar_emulator, pulsar_function, pulsar_golden):
        function = pulsar_function(Shout, inputs=["orders"], output="shouted")
        pulsar_emulator.topic("orders").send("tea", key="k1")
        pulsar_golden.check("before")
        pulsar_emulator.topic("orders").send("bad")
        pulsar_golden.check("after")
"""
GOLDEN = {
    "functions": {
        "public/default/Shout": {
            "counters": {"seen": 1},
            "exceptions": ["ValueError: no tea left"],
            "logs": ["INFO saw tea", "INFO saw bad"],
            "processed_successfully": 1,
            "received": 2,
            "user_exceptions": 1,
        }
    },
    "topics": {
        "orders": [{"key": "k1", "value": "tea"}, {"value": "bad"}],
        "shouted": [{"input": "orders #0", "value": "tea!"}],
    },
}


def names(pytester):
    return sorted(path.name for path in (pytester.path / "golden" / "test_it").iterdir())


def test_a_golden_file_is_missing_then_written_then_compared(pytester):
    missing = run(pytester, TESTS)
    missing.assert_outcomes(failed=3)
    assert said_of(missing, "test_shouts[one]").startswith(
        "there is no golden file golden/test_it/test_shouts[one].json yet: pytest --pfemu-update writes it\nit would hold:\n{\n"
    )
    run(pytester, TESTS, "--pfemu-update").assert_outcomes(passed=3)
    assert names(pytester) == [
        "TestTwice.test_checks.after.json",
        "TestTwice.test_checks.before.json",
        "test_shouts[one].json",
        "test_shouts[two].json",
    ]
    written = pytester.path / "golden" / "test_it" / "TestTwice.test_checks.after.json"
    assert json.loads(written.read_text()) == GOLDEN
    run(pytester, TESTS).assert_outcomes(passed=3)


def test_a_run_that_differs_is_shown_as_a_difference(pytester):
    run(pytester, TESTS, "--pfemu-update")
    differs = run(pytester, TESTS.replace('["tea", "milk"]', '["tea", "cocoa"]'))
    differs.assert_outcomes(passed=2, failed=1)
    said = said_of(differs, "test_shouts[two]")
    assert said.startswith(
        "the run differs from golden/test_it/test_shouts[two].json; if it is right now, pytest --pfemu-update writes it anew\n"
    )
    assert '-        "value": "milk!"\n+        "value": "cocoa!"\n' in said


def test_golden_files_of_no_test_are_named_and_removed_on_update(pytester):
    run(pytester, TESTS, "--pfemu-update")
    fewer = TESTS.replace('["tea"], ["tea", "milk"]', '["tea"]').replace('"one", "two"', '"one"')
    named = run(pytester, fewer)
    named.stdout.fnmatch_lines(
        ["*pfemu: golden files of no test*", "golden/test_it/test_shouts[[]two].json", "pytest --pfemu-update removes them"]
    )
    named.assert_outcomes(passed=2)
    partial = run(pytester, fewer, "-k", "shouts")
    partial.stdout.no_fnmatch_line("*golden files of no test*")
    in_workers = run(pytester, fewer, "-n", "2")
    in_workers.stdout.fnmatch_lines(["*pfemu: golden files of no test*", "golden/test_it/test_shouts[[]two].json"])
    removed = run(pytester, fewer, "--pfemu-update")
    removed.stdout.fnmatch_lines(["*pfemu: golden files of no test, removed*"])
    assert "test_shouts[two].json" not in names(pytester)


ALIKE = """
@pytest.mark.parametrize("word", ["a/b", "a b", "a_b"])
def test_shouts(pulsar_emulator, pulsar_function, pulsar_golden, word):
    pulsar_function(Shout, inputs=["orders"], output="shouted")
    pulsar_emulator.topic("orders").send(word)
    pulsar_golden.check("now/then")

@pytest.mark.parametrize("word", ["tea"], ids=["\u00e9" * 300])
def test_at_length(pulsar_emulator, pulsar_function, pulsar_golden, word):
    pulsar_function(Shout, inputs=["orders"], output="shouted")
    pulsar_emulator.topic("orders").send(word)
"""


def test_names_that_files_cannot_have_are_kept_apart(pytester):
    run(pytester, ALIKE, "--pfemu-update").assert_outcomes(passed=4)
    assert len(names(pytester)) == 4
    assert any(name.startswith("test_shouts[a_b].now_then~") for name in names(pytester))
    run(pytester, ALIKE).assert_outcomes(passed=4)


def test_golden_files_of_checks_and_modules_that_are_gone_are_named(pytester, monkeypatch):
    run(pytester, TESTS, "--pfemu-update")
    folder = pytester.path / "golden"
    (folder / "test_gone").mkdir()
    (folder / "test_gone" / "test_shouts.json").write_text((folder / "test_it" / "test_shouts[one].json").read_text())
    (folder / "others").mkdir()
    (folder / "others" / "of_somebody_else.json").write_text("{}")
    changed = TESTS.replace('check("after")', 'check("later")')
    renamed = run(pytester, changed, "--pfemu-update", "-k", "checks")
    renamed.stdout.fnmatch_lines(["*golden files of no test, removed*", "golden/test_it/TestTwice.test_checks.after.json"])
    monkeypatch.chdir(pytester.mkdir("below"))
    removed = pytester.runpytest_subprocess("--pfemu-update", "-p", "no:cacheprovider", "--rootdir", "..", "..")
    removed.stdout.fnmatch_lines(["*golden files of no test, removed*", "golden/test_gone/test_shouts.json"])
    assert names(pytester)[:2] == ["TestTwice.test_checks.before.json", "TestTwice.test_checks.later.json"]
    assert [path.name for path in folder.rglob("*/*.json") if path.parent.name != "test_it"] == ["of_somebody_else.json"]


def test_each_check_of_a_test_has_its_own_name(pytester):
    result = run(pytester, TESTS.replace('"before"', "").replace('"after"', ""), "--pfemu-update")
    result.assert_outcomes(passed=2, failed=1)
    assert explanation(result, "TestTwice.test_checks") == (
        "ValueError: golden/test_it/TestTwice.test_checks.json was checked already: give each check of a test a name of its own, "
        "check('later')\n"
    )
