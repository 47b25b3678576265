"""`pfemu run` as a process: pipes that stay open, that close early, and Ctrl-C."""

import os
import signal
import subprocess
import sys
from contextlib import suppress

import pytest

from tests.cli.processes import PATIENCE_S, read_line, read_until
from tests.samples.samples import SAMPLES

EXCLAMATION = SAMPLES / "exclamation.py"
SLOW = """
import threading
class Slow:
    def process(self, input, context):
        context.get_logger().info("began %s", input)
        while True:  # a signal that comes just before one long wait would be seen after it
            threading.Event().wait(0.1)
"""


def feed_until_it_ends(process, line):
    """Write lines until nobody reads them any more."""
    with suppress(BrokenPipeError):
        for _ in range(100_000):
            process.stdin.write(line * 1000)
    process.wait(PATIENCE_S)


def test_a_pipe_that_stays_open_shows_every_output_at_once(start):
    process = start(EXCLAMATION)
    for word in ("one", "two"):
        process.stdin.write(f"{word}\n".encode())
        process.stdin.flush()
        assert read_line(process.stdout) == f"{word}!\n"
    out, err = process.communicate(timeout=PATIENCE_S)
    assert (out, process.returncode) == (b"", 0)
    assert b"received 2" in err


def test_what_falls_due_while_the_pipe_is_silent_happens(start, write):
    function = write(
        "later.py",
        "class Later:\n    def process(self, input, context):\n        if input == 'again':\n            return 'came back'\n"
        "        context.publish('Later-in', 'again')\n",
    )
    process = start(function)
    process.stdin.write(b"first\n")
    process.stdin.flush()
    assert read_line(process.stdout) == "came back\n"  # its batch went by a timer
    process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 0


@pytest.mark.parametrize("flags", [(), ("--json",)], ids=["text", "json"])
def test_a_reader_that_has_seen_enough_ends_the_run_quietly(start, flags):
    process = start(EXCLAMATION, *flags)
    process.stdin.write(b"line\n" * 10)
    process.stdin.flush()
    assert read_line(process.stdout)
    process.stdout.close()
    feed_until_it_ends(process, b"line\n")
    err = process.stderr.read().decode()
    assert process.returncode == 0
    assert "Traceback" not in err
    assert "Exception ignored" not in err
    assert "error" not in err


def test_a_reader_that_leaves_a_failed_run_gets_its_exit_code(start):
    process = start(SAMPLES / "poison_message.py")
    process.stdin.write(b"unicorn\ntea\n")
    process.stdin.flush()
    assert read_line(process.stdout) == "reserved tea at attempt 1\n"
    process.stdout.close()
    feed_until_it_ends(process, b"tea\n")
    assert process.returncode == 1


def test_ctrl_c_while_it_waits_gives_a_summary_and_130(start):
    process = start(EXCLAMATION)
    process.stdin.write(b"one\n")
    process.stdin.flush()
    assert read_line(process.stdout) == "one!\n"
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 130
    assert b"(interrupted): received 1" in err
    assert b"Traceback" not in err


def test_ctrl_c_inside_the_function_gives_a_summary_without_runtime_frames(start, write):
    process = start(write("slow.py", SLOW))
    process.stdin.write(b"x\n")
    process.stdin.flush()
    read_until(process.stderr, "began x")
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 130
    assert b"(interrupted): received 1" in err
    assert b"Traceback" not in err


def test_ctrl_c_while_the_function_is_loaded_is_quiet(start, write):
    process = start(
        write(
            "import_slow.py",
            "import os, threading\nos.write(2, b'loading\\n')\nwhile True: threading.Event().wait(0.1)\ndef process(x): ...\n",
        )
    )
    read_until(process.stderr, "loading")
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 130
    assert b"Traceback" not in err


def test_json_events_of_an_interrupted_run_end_with_the_summary(start):
    process = start(EXCLAMATION, "--json")
    process.stdin.write(b"one\n")
    process.stdin.flush()
    read_until(process.stdout, '"event": "output"')
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=PATIENCE_S)
    assert b'"event": "summary"' in out.splitlines()[-1]
    assert b'"interrupted": true' in out.splitlines()[-1]


def test_a_closed_stderr_does_not_matter(start):
    process = start(EXCLAMATION)
    process.stderr.close()
    process.stderr = None
    out, _ = process.communicate(b"one\n", timeout=PATIENCE_S)
    assert (out, process.returncode) == (b"one!\n", 0)


def test_standard_input_may_be_closed(run_process):
    finished = subprocess.run(
        f"{sys.executable} -m pfemu run {EXCLAMATION} <&-", shell=True, capture_output=True, timeout=PATIENCE_S, check=False
    )
    assert finished.returncode == 0, finished.stderr
    assert b"received 0" in finished.stderr


def test_many_lines_take_no_more_memory_than_few(start):
    def peak_kilobytes(lines):
        process = start(EXCLAMATION)
        feeder = subprocess.Popen([sys.executable, "-c", f"print('a line of text\\n' * {lines}, end='')"], stdout=process.stdin)
        process.stdin.close()
        while os.read(process.stdout.fileno(), 1 << 16):
            pass
        feeder.wait(PATIENCE_S)
        _, _, usage = os.wait4(process.pid, 0)
        process.returncode = 0
        return usage.ru_maxrss

    few, many = peak_kilobytes(60_000), peak_kilobytes(120_000)
    assert many < few * 1.25


ASKING = """
import subprocess
class Ask:
    def process(self, input, context):
        if input == "program":
            return "program read " + repr(subprocess.run(["cat"], capture_output=True, check=True).stdout)
        try:
            return input_of_its_own()
        except EOFError:
            return "nobody answers " + input
def input_of_its_own():
    return __builtins__["input"]("name? ")
"""


def test_standard_input_of_a_function_and_of_what_it_starts_is_empty(start, write):
    process = start(write("ask.py", ASKING))
    for line, answer in (("tea", "nobody answers tea"), ("program", "program read b''"), ("milk", "nobody answers milk")):
        process.stdin.write(f"{line}\n".encode())
        process.stdin.flush()
        assert read_line(process.stdout) == f"{answer}\n"
    process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 0


def test_a_run_without_standard_input_processes_its_files(run_process, write):
    words = write("words.txt", "tea\n")
    outcome = run_process(EXCLAMATION, "--input", words, "--input", "-", stdin=b"milk\n")
    assert (outcome.code, outcome.out) == (0, "tea!\nmilk!\n")
    command = f'"{sys.executable}" -m pfemu run "{EXCLAMATION}" --input "{words}" <&-'
    closed = subprocess.run(["/bin/sh", "-c", command], capture_output=True, timeout=PATIENCE_S, check=False)
    assert (closed.returncode, closed.stdout) == (0, b"tea!\n")


def test_a_breakpoint_on_a_pipe_says_where_it_works(run_process, write):
    stopping = write("stop.py", "def process(input):\n    breakpoint()\n    return input\n")
    outcome = run_process(stopping, stdin=b"tea\n")
    assert outcome.code == 1
    assert "breakpoint() has no terminal here: standard input is for messages. Run it on a terminal, or with --debug" in outcome.err
    assert "(Pdb)" not in outcome.err
    ignored = run_process(stopping, stdin=b"tea\n", env={**os.environ, "PYTHONBREAKPOINT": "0"})
    assert (ignored.code, ignored.out) == (0, "tea\n")


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-", "2>/dev/full"])
def test_streams_that_nobody_has_are_written_to_nobody(closed, tmp_path):
    command = f'echo tea | "{sys.executable}" -m pfemu run "{EXCLAMATION}" --log-dir "{tmp_path}" {closed}'
    finished = subprocess.run(["/bin/sh", "-c", command], capture_output=True, timeout=PATIENCE_S, check=False)
    assert finished.returncode == 0
    assert finished.stdout == (b"" if closed.startswith(">") else b"tea!\n")
    assert b"Traceback" not in finished.stderr


def test_a_full_disk_is_no_traceback():
    command = f'"{sys.executable}" -m pfemu graph "{EXCLAMATION}" >/dev/full'
    finished = subprocess.run(["/bin/sh", "-c", command], capture_output=True, timeout=PATIENCE_S, check=False)
    assert finished.returncode
    assert finished.stderr.startswith(b"error: [Errno 28]")
    assert b"main.py" not in finished.stderr
