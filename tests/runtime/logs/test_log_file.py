"""The log file of an instance: its place, its lines, what gets into it and what does not, as recorded on a real Pulsar (05-log-file)."""

import logging
import re

import pytest

import pfemu
from pfemu.runtime.logs import log_file

CODE = """
import logging
from pulsar import Function


class F(Function):
    def process(self, input, context):
        logger = context.get_logger()
        logger.info("info %s", input)
        logger.debug("debug %s", input)
        print("printed", input)
        logging.getLogger("library").warning("of a library")
        if input == "raise":
            raise ValueError("in the file")
        if input == "quiet":
            logger.setLevel(logging.DEBUG)
        if input == "publish":
            context.publish("side", "x")
        return {} if input == "refused" else input
"""
TIME = re.compile(r"\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d{4}\] ")


class Deployed:
    """A function with a log directory, and its log files."""

    def __init__(self, directory):
        self.directory = directory
        (directory / "function.py").write_text(CODE)
        self.emulator = pfemu.Emulator(log_directory=directory / "logs" / "functions")

    def create(self, **settings):
        settings = {"class_name": "function.F", "name": "f", "inputs": ["in"], "output": "out", **settings}
        return self.emulator.create_function(self.directory / "function.py", **settings)

    def path(self, name="f-0.log"):
        return self.directory / "logs" / "functions" / "public" / "default" / "f" / name

    def lines(self, name="f-0.log"):
        """Return the lines, without times; every line that is no continuation has one."""
        return [TIME.sub("", line, count=1) for line in self.path(name).read_text().splitlines() if not line.startswith((" ", "Traceback"))]


@pytest.fixture
def deployed(tmp_path):
    made = Deployed(tmp_path)
    yield made
    made.emulator.close()


def test_nothing_is_written_where_nobody_asked(tmp_path):
    (tmp_path / "function.py").write_text(CODE)
    with pfemu.Emulator() as emulator:
        emulator.create_function(tmp_path / "function.py", inputs=["in"])
        emulator.topic("in").send("one")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["function.py"]


def test_the_lines_are_those_of_a_real_instance(deployed):
    deployed.create()
    deployed.emulator.topic("in").send_many(["one", "raise"])
    assert deployed.lines() == [
        "[INFO] function.py: info one",
        "[INFO] log.py: printed",
        "[INFO] log.py: one",
        "[WARNING] function.py: of a library",
        "[INFO] function.py: info raise",
        "[INFO] log.py: printed",
        "[INFO] log.py: raise",
        "[WARNING] function.py: of a library",
        "[ERROR] python_instance.py: Exception while executing user method",
        "ValueError: in the file",
    ]
    assert '  File "' in deployed.path().read_text()


def test_what_is_there_while_it_runs_is_in_the_file_and_a_restart_appends(deployed):
    function = deployed.create()
    deployed.emulator.topic("in").send("one")
    assert len(deployed.lines()) == 4
    function.restart()
    deployed.emulator.topic("in").send("two")
    assert len(deployed.lines()) == 8
    function.stop()
    handler = function.function.instances[0].log._file.file
    assert handler.stream is None


def test_each_instance_has_a_file(deployed):
    deployed.create(parallelism=2)
    for value in ("one", "two", "three", "four"):
        deployed.emulator.topic("in").send(value)
    assert sorted(path.name for path in deployed.path().parent.iterdir()) == ["f-0.log", "f-1.log"]
    assert sorted([*deployed.lines("f-0.log"), *deployed.lines("f-1.log")]).count("[INFO] log.py: printed") == 4


def test_with_a_log_topic_what_is_logged_meanwhile_is_not_in_the_file(deployed):
    deployed.create(log_topic="log")
    deployed.emulator.topic("in").send_many(["one", "refused"])
    assert deployed.lines() == [
        "[ERROR]: Uncaught exception in Python instance: IdentitySerde cannot serialize object of type <class 'dict'>"
    ]
    assert len(deployed.emulator.topic("log").messages) == 8


def test_failures_around_the_function_are_in_the_file(deployed):
    deployed.create()
    deployed.emulator.faults.fail_publish(topic="out")
    deployed.emulator.faults.fail_publish(topic="side")
    deployed.emulator.topic("in").send_many(["one", "refused", "publish"])
    failures = [line for line in deployed.lines() if line.startswith("[ERROR]")]
    assert [re.sub(r"\(\d+,", "(L,", line) for line in failures] == [
        "[ERROR] python_instance.py: Failed to publish to topic [out] with error [Result.Timeout] with src message id [(L,0,-1,-1)]",
        "[ERROR] python_instance.py: Uncaught exception in Python instance: IdentitySerde cannot serialize object of type <class 'dict'>",
        "[ERROR] contextimpl.py: Failed to publish to topic [side] with error [Result.Timeout] with src message id [(L,2,-1,-1)]",
    ]


def test_an_instance_that_does_not_start_says_why_in_the_file(deployed):
    with pytest.raises(pfemu.LoadError):
        deployed.create(class_name="function.Nothing")
    assert "[ERROR] log.py: Traceback" in TIME.sub("", deployed.path().read_text())
    assert "Could not import User Function Module function.Nothing" in deployed.path().read_text()


def test_a_level_below_info_is_for_who_asks_the_worker_for_it(deployed):
    function = deployed.create()
    deployed.emulator.topic("in").send_many(["quiet", "one"])
    assert [line for line in deployed.lines() if line.startswith("[DEBUG]")] == []
    function.function.instances[0].log.set_level(logging.DEBUG)
    deployed.emulator.topic("in").send("two")
    assert [line for line in deployed.lines() if line.startswith("[DEBUG]")] == ["[DEBUG] function.py: debug two"]


def test_the_file_is_rotated_and_five_older_ones_stay(deployed, monkeypatch):
    assert (log_file.MAX_BYTES, log_file.BACKUPS) == (10_485_760, 5)
    monkeypatch.setattr(log_file, "MAX_BYTES", 400)
    deployed.create()
    deployed.emulator.topic("in").send_many([f"m{number}" for number in range(40)])
    names = sorted(path.name for path in deployed.path().parent.iterdir())
    assert names == ["f-0.log", *(f"f-0.log.{number}" for number in range(1, 6))]
    assert "m39" in deployed.path().read_text() + deployed.path("f-0.log.1").read_text()


def test_a_directory_that_cannot_be_made_keeps_the_instance_from_starting(tmp_path):
    (tmp_path / "function.py").write_text(CODE)
    (tmp_path / "taken").write_text("a file")
    with pfemu.Emulator(log_directory=tmp_path / "taken") as emulator, pytest.raises(OSError, match="taken"):
        emulator.create_function(tmp_path / "function.py", class_name="function.F", inputs=["in"])
