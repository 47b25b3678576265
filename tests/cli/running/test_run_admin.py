"""`pfemu run --admin-port` serves Pulsar's admin REST, and `pfemu functions` speaks to it."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager

import pytest
from click.testing import CliRunner

from pfemu.admin.request import Part, Request
from pfemu.cli.main import cli
from pfemu.cli.pulsar_admin.admin_calls import AdminCalls
from pfemu.metrics.page_server import MetricsServer
from tests.samples.samples import SAMPLES

CANNOT_RUN, REFUSED = 2, 1
PATIENCE_S = 50
FUNCTIONS = "/admin/v3/functions/public/default"
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("PFEMU_")}


class Served:
    """A `pfemu run --admin-port 0` as a process, and calls of its admin REST."""

    def __init__(self, process):
        self.process = process
        self.listening = self.event()
        self.call = AdminCalls(self.listening["url"])

    def event(self):
        """Return the next event."""
        line = self.process.stdout.readline()
        assert line, self.process.stderr.read().decode()
        return json.loads(line)

    def see(self, kind):
        """Return the next event of a kind."""
        while (event := self.event())["event"] != kind:
            pass
        return event

    def type(self, text):
        """Write into its input."""
        self.process.stdin.write(text.encode())
        self.process.stdin.flush()

    def functions(self, *arguments):
        """Run `pfemu functions` against it."""
        command = [sys.executable, "-m", "pfemu", "functions", *map(str, arguments)]
        environment = {**ENVIRONMENT, "PFEMU_ADMIN_URL": self.listening["url"]}
        return subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S, check=False, env=environment)


@contextmanager
def serving(*arguments):
    command = [sys.executable, "-m", "pfemu", "run", *map(str, arguments), "--admin-port", "0", "--json"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, env=ENVIRONMENT, **pipes) as process:
        try:
            yield Served(process)
        finally:
            process.kill()


def ended(process, number):
    process.send_signal(number)
    _, told = process.communicate(timeout=PATIENCE_S)
    return process.returncode, told.decode()


# ------------------------------------------------------------------------------------------------------------- refusals


def test_a_port_that_is_taken_is_said(run, exclamation):
    taken = MetricsServer(0, lambda accept: (b"", "text/plain"))
    port = taken._server.server_address[1]
    try:
        outcome = run(exclamation, "--admin-port", port, stdin="a\n")
    finally:
        taken.close()
    assert (outcome.code, outcome.out) == (CANNOT_RUN, "")
    assert f"--admin-port {port} cannot be listened to" in outcome.error


def test_input_without_a_function_is_refused(run, write):
    outcome = run("--admin-port", "0", "--input", write("lines.txt", "a\n"))
    assert (outcome.code, outcome.error) == (CANNOT_RUN, "--input gives messages, and no function is given that takes them.\n")


def test_flags_of_a_function_without_one_are_refused(run):
    outcome = run("--admin-port", "0", "--inputs", "in")
    assert outcome.code == CANNOT_RUN
    assert "No function is given" in outcome.error


# --------------------------------------------------------------------------------------------------- a pipe that stays open


def test_a_run_on_a_pipe_answers_while_it_waits_for_input(exclamation):
    with serving(exclamation) as served:
        assert served.listening["service"] == "admin"
        served.type("a\n")
        assert served.see("output")["payload"] == "a!"
        status = json.loads(served.call(Request("GET", f"{FUNCTIONS}/Exclamation/status")).body)
        assert status["instances"][0]["status"]["numSuccessfullyProcessed"] == 1
        parts = {"data": Part(b"b")}
        assert served.call(Request("POST", f"{FUNCTIONS}/Exclamation/trigger", parts=parts)).body == b"b!"
        assert served.see("output")["payload"] == "b!"
        served.process.stdin.close()
        assert served.see("summary")["received"] == 2
        assert served.process.wait(PATIENCE_S) == 0


def test_a_function_that_comes_by_rest_runs_beside_the_one_of_the_run(exclamation):
    with serving(exclamation) as served:
        counting = ["--py", SAMPLES / "word_count.py", "--classname", "word_count.WordCount", "--name", "count"]
        created = served.functions("create", *counting, "--inputs", "Exclamation-out", "--output", "counted")
        assert (created.returncode, created.stdout) == (0, "Created successfully\n")
        served.type("tea\n")
        served.see("output")
        while (event := served.event())["event"] != "ack" or event["function"] != "public/default/count":
            pass
        asked = served.functions("querystate", "--name", "count", "-k", "tea")
        assert json.loads(asked.stdout)["numberValue"] == 1


def test_outputs_of_a_function_that_came_by_rest_are_told_as_its_own_until_it_is_deleted(exclamation):
    with serving(exclamation) as served:
        flags = ["--py", exclamation, "--classname", "exclamation.Exclamation", "--inputs", "Exclamation-out", "--output", "twice"]
        assert served.functions("create", *flags, "--name", "again").returncode == 0
        served.type("tea\n")
        outputs = [served.see("output") for _ in range(2)]
        assert [(each["function"].rpartition("/")[2], each["payload"]) for each in outputs] == [("Exclamation", "tea!"), ("again", "tea!!")]
        subscriptions = Request("GET", "/admin/v2/persistent/public/default/twice/subscriptions")
        assert served.call(subscriptions).body != b"[]"
        assert served.functions("delete", "--name", "again").returncode == 0
        assert served.call(subscriptions).body == b"[]"


def test_a_trigger_whose_output_never_comes_is_answered_when_the_input_ends(exclamation, write):
    silent = write("silent.py", "def process(input): return None\n")
    with serving(silent, "--name", "silent") as served:
        asked = subprocess.Popen(
            [sys.executable, "-m", "pfemu", "functions", "trigger", "--name", "silent", "--trigger-value", "x"],
            env={**ENVIRONMENT, "PFEMU_ADMIN_URL": served.listening["url"]},
            stderr=subprocess.PIPE,
        )
        served.see("ack")
        served.process.stdin.close()
        _, told = asked.communicate(timeout=PATIENCE_S)
        assert asked.returncode in {REFUSED, CANNOT_RUN}
        assert told


@pytest.fixture
def slow(write, tmp_path):
    """A function whose import waits for the gate, and the gate: to open it for writing waits for the import."""
    os.mkfifo(tmp_path / "gate")
    return write(
        "slow.py", f"open({str(tmp_path / 'gate')!r}).read()\nclass Slow:\n    def process(self, input, context): return input + '?'\n"
    )


def creating(served, slow):
    """Begin to create it."""
    flags = ["--py", slow, "--classname", "slow.Slow", "--inputs", "Exclamation-in", "--output", "slow-out"]
    command = [sys.executable, "-m", "pfemu", "functions", "create", *map(str, flags)]
    environment = {**ENVIRONMENT, "PFEMU_ADMIN_URL": served.listening["url"]}
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_messages_go_on_while_code_that_came_by_rest_is_loaded(exclamation, slow):
    with serving(exclamation) as served:
        creation = creating(served, slow)
        with (slow.parent / "gate").open("w"):
            served.type("tea\n")
            assert served.see("output")["payload"] == "tea!"
            assert creation.poll() is None
        assert creation.communicate(timeout=PATIENCE_S)[0] == "Created successfully\n"
        served.type("milk\n")
        assert sorted(served.see("output")["payload"] for _ in range(2)) == ["milk!", "milk?"]


def test_code_that_is_still_loaded_when_the_input_ends_holds_up_nobody(exclamation, slow):
    with serving(exclamation) as served:
        creation = creating(served, slow)
        with (slow.parent / "gate").open("w"):
            served.process.stdin.close()
            assert served.see("summary")["received"] == 0
            assert served.process.wait(PATIENCE_S) == 0
            _, told = creation.communicate(timeout=PATIENCE_S)
            assert creation.returncode in {REFUSED, CANNOT_RUN}
            assert told


# ----------------------------------------------------------------------------------------------------- without a function


def test_an_empty_run_waits_for_functions_and_tells_what_they_do(write):
    fails = write("fails.py", "class Fails:\n    def process(self, input, context):\n        raise ValueError(input)\n")
    with serving() as served:
        created = served.functions("create", "--py", fails, "--classname", "fails.Fails", "--inputs", "in", "--name", "f")
        assert created.returncode == 0, created.stderr
        served.functions("trigger", "--name", "f", "--trigger-value", "x")
        event = served.see("exception")
        assert (event["function"], event["type"], event["message"]) == ("public/default/f", "ValueError", "x")
        code, told = ended(served.process, signal.SIGINT)
        assert (code, told) == (0, "")


def test_outputs_of_an_empty_run_are_shown_with_their_topics(terminal):
    running = terminal("--admin-port", "0")
    running.see("admin: ")
    running.see("http://127.0.0.1:")
    running.see("\n")
    url = "http://127.0.0.1:" + running.raw.rpartition("127.0.0.1:")[2].split("\x1b")[0].strip()
    flags = ["--py", str(SAMPLES / "exclamation.py"), "--classname", "exclamation.Exclamation", "--inputs", "in", "--output", "out"]
    for arguments in (["create", *flags, "--name", "f"], ["trigger", "--name", "f", "--trigger-value", "tea"]):
        assert CliRunner().invoke(cli, ["functions", "--admin-url", url, *arguments]).exit_code == 0
    running.see("out: tea!")


def test_a_function_whose_output_has_no_namespace_does_not_end_the_run(exclamation):
    with serving(exclamation) as served:
        flags = ["--py", exclamation, "--classname", "exclamation.Exclamation", "--inputs", "in", "--output", "persistent://no/where/out"]
        assert served.functions("create", *flags, "--name", "lost").returncode == 0
        served.type("tea\n")
        assert served.see("output")["payload"] == "tea!"


def test_a_polite_kill_ends_it_cleanly():
    with serving() as served:
        assert ended(served.process, signal.SIGTERM) == (0, "")


def test_a_person_is_told_where_it_listens_and_what_to_do(run):
    outcome = run("--admin-port", "0", "--until-idle")
    assert (outcome.code, outcome.out) == (0, "")
    assert "admin: http://127.0.0.1:" in outcome.err
    assert "No function yet: pfemu functions create brings one." in outcome.err


# ------------------------------------------------------------------------------------------------------------ a terminal


def test_a_terminal_serves_beside_the_prompt(terminal):
    running = terminal(SAMPLES / "exclamation.py", "--admin-port", "0")
    running.see("admin: ")
    running.see("http://127.0.0.1:")
    running.see("\n")
    port = running.raw.rpartition("127.0.0.1:")[2].split("\x1b")[0].strip()
    call = AdminCalls(f"http://127.0.0.1:{port}")
    assert call(Request("POST", f"{FUNCTIONS}/Exclamation/trigger", parts={"data": Part(b"tea")})).body == b"tea!"
    running.see("→ tea!")
    running.type("\x04")
    assert running.end()[0] == 0


# ------------------------------------------------------------------------------------------------------ pfemu functions


@pytest.fixture
def functions(monkeypatch):
    """Call `pfemu functions` in this process."""
    monkeypatch.delenv("PFEMU_ADMIN_URL", raising=False)

    def call(*arguments):
        return CliRunner().invoke(cli, ["functions", *map(str, arguments)])

    return call


def test_where_nothing_listens_is_said_with_what_to_do(functions):
    free = MetricsServer(0, lambda accept: (b"", "text/plain"))
    free.close()
    port = free._server.server_address[1]
    outcome = functions("--admin-url", f"http://127.0.0.1:{port}/", "list")
    assert outcome.exit_code == CANNOT_RUN
    assert f"Nothing listens at http://127.0.0.1:{port}." in outcome.stderr
    assert f"pfemu run --admin-port {port}" in outcome.stderr


@pytest.mark.parametrize("url", ["127.0.0.1:8080", "ftp://x", "http://", "http://x:port"])
def test_what_is_no_address_is_said(functions, url):
    outcome = functions("--admin-url", url, "list")
    assert outcome.exit_code == CANNOT_RUN
    assert "is no address of a web service" in outcome.stderr


def test_what_listens_but_speaks_no_http_is_said(functions):
    def hang_up():
        server.accept()[0].close()

    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=hang_up, daemon=True).start()
        outcome = functions("--admin-url", f"http://127.0.0.1:{server.getsockname()[1]}", "list")
    assert outcome.exit_code == CANNOT_RUN
    assert "No answer comes" in outcome.stderr


@pytest.mark.parametrize("command", ["create", "update", "trigger", "download", "reload"])
def test_help_lists_the_flags_and_asks_nobody(functions, command):
    outcome = functions(command, "--help")
    assert outcome.exit_code == 0
    assert outcome.stdout.startswith(f"Usage: pfemu functions {command} ")
    assert ("--update-auth-data" in outcome.stdout) is (command == "update")


def test_without_a_command_it_shows_its_help(functions):
    assert "pfemu functions create" in functions().stdout


def test_a_local_run_is_the_run_itself(functions, write):
    outcome = functions("localrun", "--py", str(write("f.py", "class F: ...\n")), "--classname", "f.F", "--inputs", "in")
    assert (outcome.exit_code, outcome.stdout) == (REFUSED, "")
    assert "pfemu run function.py" in outcome.stderr
