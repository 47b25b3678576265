"""The hooks and fixtures that pytest sees. Everything behind them is loaded when a test first uses it."""

from __future__ import annotations

import gc
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pytest_pfemu import options as options_module

if TYPE_CHECKING:
    from pfemu.emulator import Emulator
    from pytest_pfemu.golden import PulsarGolden
    from pytest_pfemu.marker import Options
    from pytest_pfemu.pulsar_context import PulsarContext
    from pytest_pfemu.pulsar_function import PulsarFunction

_EMULATOR = pytest.StashKey["Emulator"]()
_GOLDEN = pytest.StashKey["PulsarGolden"]()
_UNUSED_GOLDEN_FILES = pytest.StashKey[set[Path]]()
_FAILED_PART = pytest.StashKey[bool]()
_FIXTURES = pytest.StashKey["Fixtures"]()

# ----------------------------------------------------------------------------------------------------------- configuration


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare ini keys and options."""
    options_module.add_options(parser)


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker; refuse settings that ask for what there is not."""
    config.addinivalue_line("markers", options_module.MARKER)
    options_module.check_configuration(config)
    config.stash[_UNUSED_GOLDEN_FILES] = set()
    config.stash[_FIXTURES] = fixtures = Fixtures()
    config.pluginmanager.register(fixtures, "pfemu-fixtures")


def pytest_report_header(config: pytest.Config) -> str:
    """Say what is emulated, and how strictly."""
    return options_module.header(config)


# ---------------------------------------------------------------------------------------------------------------- fixtures


class Fixtures:
    """The fixtures of a session, which know the test that runs: pytest's own ``request`` costs each test more than an emulator does."""

    item: pytest.Item
    _marked_options: Options | None = None
    _unmarked_options: Options | None = None

    def begin(self, item: pytest.Item) -> None:
        """Begin a test: read its markers, also if it has no fixtures, so that none is wrong unnoticed; raises as ``options_of``."""
        __tracebackhide__ = True
        self.item, self._marked_options = item, None
        if item.get_closest_marker("pfemu") is not None:
            from pytest_pfemu.marker import options_of

            self._marked_options = options_of(item)

    @property
    def options(self) -> Options:
        """What counts for the test: without a marker the same for all."""
        if self._marked_options is not None:
            return self._marked_options
        if self._unmarked_options is None:
            from pytest_pfemu.marker import options_of

            self._unmarked_options = options_of(self.item)
        return self._unmarked_options

    @pytest.fixture
    def pulsar_emulator(self) -> Iterator[Emulator]:
        """A fresh Pulsar with functions, for this test alone. Time stands still until the test moves it.

        Sending runs everything to idle, so the next line can look:

            def test_shouts(pulsar_emulator, pulsar_function):
                pulsar_function("shout.py", inputs=["words"], output="shouted")
                pulsar_emulator.topic("words").send("tea", key="k1")
                assert pulsar_emulator.topic("shouted") == ["tea!"]

        pulsar_emulator.advance(seconds=60) moves broker time: redelivery, delays, timeouts.
        pulsar_emulator.client is a pulsar.Client; .faults and .shuffle(seed) make things go wrong on request.
        """
        from pfemu.emulator import Emulator
        from pfemu.scheduling.stepping import SteppingScheduler

        __tracebackhide__ = True
        item, options = self.item, self.options
        gc.collect(0)  # the last test's emulator, which is one cycle of references: its memory serves this one while it is in the caches
        scheduler = SteppingScheduler(step_limit=options.step_limit)
        with Emulator(scheduler=scheduler, pulsar_version=options.pulsar_version, runtime=options.runtime) as emulator:
            if options.seed is not None:
                emulator.shuffle(options.seed)
            item.stash[_EMULATOR] = emulator
            item.stash[_FAILED_PART] = False
            yield emulator
            del item.stash[_EMULATOR]  # pytest keeps every item to the end of the session

    @pytest.fixture
    def pulsar_function(self, pulsar_emulator: Emulator) -> PulsarFunction:
        """Deploys functions on pulsar_emulator: call it with a path, a class, a callable or a configuration.

            function = pulsar_function("shout.py", inputs=["words"], output="shouted", user_config={"mark": "!"})

        The answer shows what the function did: function.state, .counters, .metrics, .logs, .exceptions, .stats;
        and function.restart(), .reload(), .crash(). A strict test fails at its end for exceptions that nobody looked at.
        @pytest.mark.pfemu("shout.py", inputs=["words"]) sets what pulsar_function() starts from.
        """
        from pytest_pfemu.pulsar_function import PulsarFunction

        __tracebackhide__ = True
        return PulsarFunction(pulsar_emulator, self.options, self.item.path, self.item.config.rootpath)

    @pytest.fixture
    def pulsar_context(self) -> Iterator[PulsarContext]:
        """A Context to call process(input, context) with directly; it records what the function does with it.

            def test_counts(pulsar_context):
                pulsar_context.set_message(key="k1", properties={"lang": "en"})
                Count().process("tea", pulsar_context)
                assert pulsar_context.counters == {"tea": 1}

        .published, .logs, .acked, .state, .counters, .metrics are what it did. The user config, secrets and inputs are the marker's.
        """
        from pytest_pfemu.pulsar_context import PulsarContext

        __tracebackhide__ = True
        context = PulsarContext.of(self.options, self.item.path.parent)
        yield context
        context.close()

    @pytest.fixture
    def pulsar_golden(self, pulsar_emulator: Emulator) -> Iterator[PulsarGolden]:
        """Compares all that the test's functions did with a JSON file beside the test: outputs, state, metrics, logs.

        It does so at the end of the test, or where the test calls pulsar_golden.check(); pytest --pfemu-update writes the file.
        """
        from pytest_pfemu.golden import PulsarGolden
        from pytest_pfemu.golden_files import golden_file

        item = self.item
        golden = PulsarGolden(pulsar_emulator, golden_file(item), update=item.config.getoption("pfemu_update"))
        item.stash[_GOLDEN] = golden
        yield golden
        del item.stash[_GOLDEN]  # as the emulator

    @pytest.hookimpl
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> None:
        """Show an error without pfemu's own frames. Not in a wrapper: pytest takes over the error of a unittest in a hook of its own."""
        if call.excinfo is not None:
            from pytest_pfemu.tracebacks import hide_own_frames

            hide_own_frames(item, call.excinfo)


# --------------------------------------------------------------------------------------------------- the course of a test


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Let the fixtures know the test."""
    __tracebackhide__ = True
    item.config.stash[_FIXTURES].begin(item)


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None]:
    """Look, after a test that passed, for what it left behind unseen."""
    yield
    if _EMULATOR in item.stash and not _has_failed(item):
        _finish(item, item.stash[_EMULATOR])


def _has_failed(item: pytest.Item) -> bool:
    """Whether a test failed that nevertheless returned: for a subtest, or a unittest whose error pytest keeps until it reports."""
    return item.stash[_FAILED_PART] or bool(getattr(item, "_excinfo", None))


def _finish(item: pytest.Item, emulator: Emulator) -> None:
    if _GOLDEN in item.stash:
        _finish_golden(item, item.stash[_GOLDEN])
    options = item.config.stash[_FIXTURES].options
    if options.strict:
        from pytest_pfemu.strictness import error_left_behind, left_behind

        text = left_behind(emulator, options.allow)
        if text:
            error = error_left_behind(emulator, options.allow)
            trace = None if error is None else error.__traceback__
            raise pytest.fail.Exception(text, pytrace=False).with_traceback(trace)  # --pdb stops where that ends


def _finish_golden(item: pytest.Item, golden: PulsarGolden) -> None:
    from pytest_pfemu.golden_files import unused_by

    golden.check_unless_done()
    item.config.stash[_UNUSED_GOLDEN_FILES].update(unused_by(golden))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add what was in the emulator to the report of a test that failed, or of a fixture that did."""
    report = yield
    if report.failed and _EMULATOR in item.stash:
        from pytest_pfemu.report import what_there_was

        item.stash[_FAILED_PART] = True
        report.sections.append(("pfemu: what there was", what_there_was(item.stash[_EMULATOR])))
    return report


def pytest_assertrepr_compare(op: str, left: object, right: object) -> list[str] | None:
    """Explain a failed comparison of what a handle shows."""
    if not any(type(side).__module__.startswith(("pfemu.", "pytest_pfemu.")) for side in (left, right)):
        return None
    from pytest_pfemu.comparison import explain

    return explain(op, left, right)


# ------------------------------------------------------------------------------------------------------------ golden files


def pytest_collection_finish(session: pytest.Session) -> None:
    """Find golden files that belong to no test, if all tests were collected that could own one."""
    if any("pulsar_golden" in getattr(item, "fixturenames", ()) for item in session.items):
        from pytest_pfemu.golden_files import unused_files

        session.config.stash[_UNUSED_GOLDEN_FILES] = unused_files(session)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Remove unused golden files when updating; a worker of xdist tells the one who reports."""
    unused = session.config.stash[_UNUSED_GOLDEN_FILES]
    if unused and session.config.getoption("pfemu_update"):
        from pytest_pfemu.golden_files import remove

        remove(unused)
    output: dict[str, object] | None = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["pfemu_unused_golden_files"] = sorted(map(str, unused))


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: object) -> None:
    """Hear from a worker of xdist."""
    config: pytest.Config = node.config  # type: ignore[attr-defined] # xdist's WorkerController, which need not be installed
    told: list[str] = getattr(node, "workeroutput", {}).get("pfemu_unused_golden_files", [])
    config.stash[_UNUSED_GOLDEN_FILES].update(map(Path, told))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Name the golden files that no test uses."""
    unused = config.stash[_UNUSED_GOLDEN_FILES]
    if unused:
        from pytest_pfemu.golden_files import shown

        removed = config.getoption("pfemu_update")
        terminalreporter.section("pfemu: golden files of no test" + (", removed" if removed else ""))
        for path in sorted(unused):
            terminalreporter.line(shown(path, config.rootpath))
        if not removed:
            terminalreporter.line("pytest --pfemu-update removes them")
