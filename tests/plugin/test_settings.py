"""Ini keys, options, the header, what --fixtures teaches, and what loading the plugin costs."""

import re
import subprocess
import sys

import pytest

from pfemu.model.pulsar_version import DEFAULT_VERSION
from pfemu.runtime import runtimes
from pytest_pfemu.options import EMULATED_PULSAR, RUNTIMES
from tests.plugin.running import run

pytest_plugins = ["pytester"]
pytestmark = pytest.mark.timeout(300)  # each starts a pytest of its own

PASSES = "def test_it(pulsar_emulator): pass"
HEAVY = {"pfemu", "pulsar", "_pulsar", "redis", "fakeredis", "prometheus_client", "watchdog", "rich", "yaml", "click"}
LOADED = "import sys; import pytest; before = set(sys.modules); import pytest_pfemu.plugin; print(*sorted(set(sys.modules) - before))"


def test_the_header_says_what_is_emulated_and_how(pytester):
    run(pytester, PASSES).stdout.fnmatch_lines(["pfemu: Pulsar 4.0, strict"])
    changed = run(pytester, PASSES, "--pfemu-seed=7", "--pfemu-update", "--pfemu-runtime=process", ini="pfemu_strict = false")
    changed.stdout.fnmatch_lines(
        ["pfemu: Pulsar 4.0, not strict, functions in processes of their own, shuffled by seed 7, golden files are written"]
    )


@pytest.mark.parametrize(
    ("ini", "options", "said"),
    [
        ("pfemu_allow = everything", (), "pfemu: pfemu_allow names no finding 'everything'. There are: exceptions, unacknowledged, *"),
        ("pfemu_allow = exeptions", (), "pfemu: pfemu_allow names no finding 'exeptions'; did you mean 'exceptions'? There are: *"),
        (
            "pfemu_allow = exceptions,dead_letters",
            (),
            "pfemu: pfemu_allow names no finding 'exceptions,dead_letters'; several stand apart by blanks. There are: *",
        ),
        ("pfemu_strict = maybe", (), "pfemu: pfemu_strict is true or false: invalid truth value 'maybe'"),
        ("pfemu_pulsar_version = 3.0", (), "pfemu: Pulsar 3.0 is not known here, so nothing can be said of what it ignores. Known: 4.0 *"),
        (
            "",
            ["--pfemu-pulsar-version=5.0"],
            "pfemu: Pulsar 5.0 is not known here, so nothing can be said of what it ignores. Known: 4.0 *",
        ),
        ("pfemu_runtime = cluster", (), "pfemu: pfemu_runtime is thread or process, not 'cluster'"),
        ("pfemu_step_limit = many", (), "pfemu: pfemu_step_limit is a number above 0, not 'many'"),
    ],
)
def test_a_setting_that_asks_for_what_there_is_not_is_refused(pytester, ini, options, said):
    result = run(pytester, PASSES, *options, ini=ini)
    result.stderr.fnmatch_lines([f"ERROR: {said}"])
    assert result.ret == pytest.ExitCode.USAGE_ERROR


def test_the_version_the_tests_are_written_for_may_be_named(pytester):
    run(pytester, PASSES, ini="pfemu_pulsar_version = 4.0").assert_outcomes(passed=1)
    run(pytester, PASSES, "--pfemu-pulsar-version=4.0.8").assert_outcomes(passed=1)


def test_the_version_that_is_shown_and_the_runtimes_are_the_emulators_own():
    assert EMULATED_PULSAR == DEFAULT_VERSION
    assert RUNTIMES == runtimes.RUNTIMES


def test_an_endless_loop_is_explained_at_the_step_limit(pytester):
    result = run(
        pytester,
        """
def test_it(pulsar_emulator, pulsar_function):
    pulsar_function(Shout, inputs=["orders"], output="orders2")
    pulsar_function(Shout, inputs=["orders2"], output="orders", name="back")
    pulsar_emulator.topic("orders").send("tea")
""",
        ini="pfemu_step_limit = 2000",
    )
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*EndlessLoopError: still busy after 2,000 steps*Does a function publish to its own input*"])


def test_the_fixtures_teach_what_they_do(pytester):
    text = run(pytester, PASSES, "--fixtures", "-v").stdout.str()
    for said in (
        "A fresh Pulsar with functions, for this test alone.",
        'pulsar_emulator.topic("words").send("tea", key="k1")',
        "Deploys functions on pulsar_emulator: call it with a path, a class, a callable or a configuration.",
        "A Context to call process(input, context) with directly; it records what the function does with it.",
        "Compares all that the test's functions did with a JSON file beside the test",
    ):
        assert said in text


def test_loading_the_plugin_imports_nothing_heavy():
    finished = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True)
    loaded = set(finished.stdout.split())
    assert {name.partition(".")[0] for name in loaded}.isdisjoint(HEAVY), loaded
    assert {name for name in loaded if name.startswith("pytest_pfemu")} == {"pytest_pfemu", "pytest_pfemu.options", "pytest_pfemu.plugin"}
    assert len(loaded) < 10, loaded


def test_a_run_that_does_not_use_the_plugin_imports_nothing_of_pfemu(pytester):
    pytester.makepyfile("import sys\n\ndef test_it():\n    assert not {'pfemu', 'pulsar', 'redis'} & set(sys.modules)")
    pytester.runpytest_subprocess("-p", "no:cacheprovider").assert_outcomes(passed=1)


def test_the_options_are_explained_in_the_help(pytester):
    text = re.sub(r"\s+", " ", pytester.runpytest_subprocess("--help").stdout.str())
    for said in (
        "--pfemu-update",
        "--pfemu-seed=N",
        "--pfemu-no-strict",
        "--pfemu-pulsar-version=VERSION",
        "--pfemu-runtime={thread,process}",
        "pfemu_allow (args)",
        "pfemu_strict (bool)",
    ):
        assert said in text
