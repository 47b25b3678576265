"""`pfemu run` says what a cluster would take without a word; --strict refuses it; state and metrics are where they are asked to be."""

import contextlib
import threading
import urllib.request

import pytest
from prometheus_client.parser import text_string_to_metric_families

from pfemu.metrics.page_server import MetricsServer
from tests.samples.samples import SAMPLES

FAILED, CANNOT_RUN, REFUSED = 1, 2, 3
QUITS = "class Quits:\n    def process(self, input, context):\n        raise SystemExit(1)\n"


def warnings(outcome):
    return [line.removeprefix("warning: ") for line in outcome.err.splitlines() if line.startswith("warning: ")]


def test_a_plain_run_has_nothing_to_warn_about(run, exclamation):
    assert warnings(run(exclamation, stdin="a\n")) == []
    assert run(exclamation, "--strict", stdin="a\n").out == "a!\n"


@pytest.mark.parametrize(
    ("flags", "warning"),
    [
        (["--skip-to-latest", "true"], "skipToLatest is never read"),
        (["--timeout-ms", "20000"], "timeoutMs stops no function"),
        (["--forward-source-message-property", "true"], "forwardSourceMessageProperty forwards nothing"),
        (
            ["--output-serde-classname", "no.SerDe"],
            "outputSerdeClassName no.SerDe (TypeError: 'NoneType' object is not callable) is looked at when",
        ),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_a_setting_that_does_nothing_gets_one_line_and_a_strict_run_does_not_start(run, exclamation, flags, warning):
    outcome = run(exclamation, *flags, stdin="")
    assert outcome.code == 0
    assert [line[: len(warning)] for line in warnings(outcome)] == [warning]
    strict = run(exclamation, *flags, "--strict", stdin="a\n")
    assert (strict.code, strict.out) == (REFUSED, "")
    assert warning in strict.error


def test_what_happens_is_said_the_moment_it_does_and_a_strict_run_has_failed(run, write):
    quits = write("quits.py", QUITS)
    outcome = run(quits, stdin="a\nb\n")
    assert warnings(outcome)[0].startswith("SystemExit in process ends the thread")
    assert run(quits, "--strict", stdin="a\n").code == FAILED
    silent = (
        "class No:\n    def serialize(self, x): return None\n    def deserialize(self, x): return x\ndef process(input): return input\n"
    )
    flags = [write("silent.py", silent), "--classname", "silent", "--output-serde-classname", "silent.No"]
    assert run(*flags, stdin="a\n").code == 0
    assert run(*flags, "--strict", stdin="a\n").code == FAILED


def test_an_unknown_version_is_refused_with_what_is_known(run, exclamation):
    outcome = run(exclamation, "--pulsar-version", "3.0", stdin="a\n")
    assert (outcome.code, outcome.out) == (REFUSED, "")
    assert "Pulsar 3.0 is not known here" in outcome.error
    assert "Known: 4.0 (" in outcome.error
    assert run(exclamation, "--pulsar-version", "4.0.8", stdin="a\n").out == "a!\n"


@pytest.mark.parametrize("flags", [["--state", "none"], ["--state=none"], ["--state-store", "none"]], ids=" ".join)
def test_without_a_state_store_state_vanishes_and_that_is_said(run, flags):
    outcome = run(SAMPLES / "word_count.py", *flags, "--state", stdin="tea tea\n")
    assert outcome.code == 0
    assert "state: empty" in outcome.err
    assert warnings(outcome)[0].startswith("state is off, as on a cluster without a table service: put_state and incr_counter do nothing")
    assert "tea = 2" in run("--state", SAMPLES / "word_count.py", stdin="tea tea\n").err


def test_a_state_store_that_is_none_and_one_at_a_url_are_two(run, exclamation):
    outcome = run(exclamation, "--state", "none", "--state-url", "redis://127.0.0.1:1")
    assert outcome.code == CANNOT_RUN
    assert "give one" in outcome.err
    assert run(exclamation, "--state=redis").code == CANNOT_RUN


def test_a_redis_that_is_not_there_is_said(run, exclamation):
    outcome = run(exclamation, "--state-url", "redis://127.0.0.1:1/0", stdin="a\n")
    assert (outcome.code, outcome.out) == (CANNOT_RUN, "")
    assert "redis://127.0.0.1:1/0" in outcome.error


def test_state_is_kept_in_the_redis_at_the_url(run):
    from fakeredis import TcpFakeServer

    with contextlib.closing(TcpServer(TcpFakeServer(("127.0.0.1", 0), server_type="redis"))) as redis:
        flags = [SAMPLES / "word_count.py", "--state-url", redis.url, "--state"]
        assert "tea = 2" in run(*flags, stdin="tea tea\n").err
        assert "tea = 3" in run(*flags, stdin="tea\n").err


class TcpServer:
    """A Redis for one test, on a thread."""

    def __init__(self, server):
        self._server = server
        server.daemon_threads = True
        server.block_on_close = False
        self.url = f"redis://127.0.0.1:{server.server_address[1]}/0"
        self._thread = threading.Thread(target=server.serve_forever, daemon=True)
        self._thread.start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def test_the_metrics_are_served_while_it_runs(run, write):
    source = """
import urllib.request
from prometheus_client import Counter
SEEN = Counter("lines_seen", "Lines")
class Look:
    def process(self, input, context):
        SEEN.inc()
        with urllib.request.urlopen(input, timeout=10) as page:
            return page.read().decode()
"""
    looks = write("looks.py", source)
    port = free_port()
    outcome = run(looks, "--metrics-port", port, stdin=f"http://127.0.0.1:{port}/metrics\n")
    assert f"metrics: http://127.0.0.1:{port}/metrics" in outcome.err
    found = {sample.name: sample.value for family in text_string_to_metric_families(outcome.out) for sample in family.samples}
    assert found["pulsar_function_received_total"] == 1
    assert found["lines_seen_total"] == 1
    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5)


def test_the_metrics_at_the_end_have_what_the_function_registered(run, write):
    source = 'from prometheus_client import Counter\nSEEN = Counter("lines_seen", "Lines")\ndef process(input): SEEN.inc()\n'
    assert "lines_seen_total 2.0" in run(write("counts.py", source), "--metrics", stdin="a\nb\n").err


def test_a_port_that_is_taken_is_said(run, exclamation):
    server = MetricsServer(0, lambda accept: (b"", "text/plain"))
    port = server._server.server_address[1]
    try:
        outcome = run(exclamation, "--metrics-port", port, stdin="a\n")
    finally:
        server.close()
    assert (outcome.code, outcome.out) == (CANNOT_RUN, "")
    assert f"--metrics-port {port} cannot be listened to" in outcome.error


def free_port():
    server = MetricsServer(0, lambda accept: (b"", "text/plain"))
    server.close()
    return server._server.server_address[1]


def test_the_environment_may_say_that_there_is_no_state_store(run):
    def answer(flag=None, **env):
        return run(SAMPLES / "word_count.py", *([flag] if flag else []), stdin="tea tea\n", env=env)

    assert answer(PFEMU_STATE="none").out == "tea None\n"
    assert answer("--state=memory", PFEMU_STATE="none").out == "tea 2\n"
    assert "tea = 2" in answer(PFEMU_STATE="1").err
    assert answer(PFEMU_STATE="perhaps").code == CANNOT_RUN


def test_a_place_where_no_log_files_can_be_is_told_by_its_option(run, exclamation, write):
    file = write("file", "")
    outcome = run(exclamation, "--log-dir", file / "logs", stdin="a\n")
    assert (outcome.code, outcome.out) == (CANNOT_RUN, "")
    assert outcome.error == f"--log-dir {file / 'logs'} cannot be made: Not a directory.\n"
