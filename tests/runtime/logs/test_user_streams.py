"""The streams a function finds: what its code keeps of them leads to its log while it is called, and to the host otherwise."""

import io
import logging
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from pfemu.runtime.logs.function_log import FunctionLog, LogRouter
from pfemu.runtime.logs.user_streams import UserStreams
from tests.runtime.fakes import Rig

KEEPS = """
import logging
import sys

logger = logging.getLogger("keeps.its.own")
logger.propagate = False
logger.setLevel(logging.INFO)
handler = logging.StreamHandler(sys.stdout)
handler.setFormatter(logging.Formatter("%(levelname)s %(message)s"))
logger.addHandler(handler)
logging.basicConfig(level=logging.DEBUG)
print("loaded")


class F:
    def __init__(self):
        self.err = sys.stderr

    def process(self, input, context):
        logger.info(input)
        print(input, file=self.err)
        return str(sys.stdout is handler.stream)
"""


@pytest.fixture
def path(tmp_path):
    made = tmp_path / "function.py"
    made.write_text(KEEPS)
    yield made
    logging.getLogger("keeps.its.own").handlers.clear()


def test_what_a_module_kept_of_the_streams_leads_to_the_log_topic(path):
    with Rig(f"{path}:F", output="out", log_topic="log") as rig:
        rig.consumer.receive(b"tea")
        lines = [content.decode().partition("] ")[2] for content in rig.client.producers["log"].contents]
        assert lines == ["[INFO]: INFO tea", "[ERROR]: tea"]
        assert rig.client.producers["out"].contents == [b"True"]


def test_between_calls_it_leads_to_the_host_of_now(path, capsys, monkeypatch):
    with Rig(f"{path}:F") as rig:
        assert capsys.readouterr().out == "loaded\n"
        seen = len(rig.observer.logs)
        other = io.StringIO()
        monkeypatch.setattr(sys, "stdout", other)
        logging.getLogger("keeps.its.own").info("between")
        assert other.getvalue() == "INFO between\n"
        assert len(rig.observer.logs) == seen
        rig.consumer.receive(b"tea")
        assert other.getvalue() == "INFO between\nINFO tea\n"
        assert sys.stdout is other


def test_loading_leaves_the_host_its_streams_and_its_root_logger(path, monkeypatch):
    monkeypatch.setattr(logging.root, "handlers", [])
    before = sys.stdout, sys.stderr, logging.root.level
    with Rig(f"{path}:F"):
        assert (sys.stdout, sys.stderr, logging.root.level) == before
        assert not [handler for handler in logging.root.handlers if isinstance(handler, logging.StreamHandler)]


def test_who_stands_in_for_somebody_who_stands_in_gives_the_host_its_stream_back(path):
    host = sys.stdout
    with Rig(f"{path}:F") as first, Rig(f"{path}:F") as second:
        first.instance.log.enter()
        second.instance.log.enter()
        first.instance.log.leave()
        second.instance.log.leave()
    assert sys.stdout is host


def test_functions_on_two_threads_print_into_their_own_logs_whoever_began_later():
    host, router, records = sys.stdout, LogRouter(), {"first": [], "second": []}
    first, second = (FunctionLog(router, records[name].append, None, streams=UserStreams()) for name in records)
    with ThreadPoolExecutor(1) as other:
        other.submit(first.enter).result()
        second.enter()
        other.submit(print, "of the first").result()
        other.submit(first.leave).result()
        sys.stdout.write("of the second")
        second.leave()
    assert {name: [record.getMessage() for record in found] for name, found in records.items()} == {
        "first": ["of the first"],
        "second": ["of the second"],
    }
    assert sys.stdout is host


def test_a_handler_that_a_run_before_the_restart_left_says_nothing_for_the_function(path):
    with Rig(f"{path}:F", log_topic="log") as rig:
        rig.function.restart()
        rig.client.consumers[-1].receive(b"tea")
        lines = [content.decode().partition("] ")[2] for content in rig.client.producers["log"].contents]
        assert sorted(lines) == ["[ERROR]: tea", "[INFO]: INFO tea"]
