"""`pfemu run --runtime process` and `--reload=process`: the function's code in a process of its own."""

import os
import signal

import pytest

from tests.cli.processes import PATIENCE_S, read_line, read_until

CANNOT_BE_SWAPPED = """
import os
import threading

THREAD = threading.Thread(target=threading.Event().wait, name="forever")
THREAD.start()


def process(input):
    return f"{input}%s {os.getpid()}"
"""


@pytest.fixture
def run(start, write):
    """Start a run, and return what sends a line and returns the output it comes to."""

    def call(source, *arguments):
        path = write("function.py", source)
        process = start(path, *arguments)

        def send(line):
            process.stdin.write(f"{line}\n".encode())
            process.stdin.flush()
            return read_line(process.stdout).split()

        return path, process, send

    return call


def end(process):
    _, err = process.communicate(timeout=PATIENCE_S)  # which is also when whoever has inherited the output has ended
    return process.returncode, err.decode()


@pytest.mark.parametrize("flags", [["--runtime", "process"], ["--reload=process"], ["--no-reload", "--runtime=process"]])
def test_the_code_runs_in_another_process(run, flags):
    _, process, send = run(CANNOT_BE_SWAPPED % "!", *flags)
    word, process_id = send("tea")
    assert word == "tea!"
    assert int(process_id) not in {os.getpid(), process.pid}
    assert end(process)[0] == 0


def test_the_environment_may_ask_for_it(run, monkeypatch):
    monkeypatch.setenv("PFEMU_RUNTIME", "process")
    _, process, send = run(CANNOT_BE_SWAPPED % "!")
    assert int(send("tea")[1]) != process.pid


def test_a_save_replaces_the_process_of_code_that_cannot_be_swapped(run):
    path, process, send = run(CANNOT_BE_SWAPPED % "!", "--reload=process")
    _, first = send("tea")
    path.write_text(CANNOT_BE_SWAPPED % "?")
    read_until(process.stderr, "reloaded #2")
    word, second = send("tea")
    assert (word, second != first) == ("tea?", True)

    path.write_text("def process(\n")
    read_until(process.stderr, "still running #2")
    assert send("water") == ["water?", second]
    code, err = end(process)
    assert code == 0
    assert "thread" not in err  # none of the old code goes on: its process has ended


def test_a_process_that_ends_is_told_with_its_exit_code(run):
    _, process, _ = run("import os\n\ndef process(input):\n    os._exit(3)\n", "--runtime", "process")
    process.stdin.write(b"tea\n")
    code, err = end(process)
    assert code == 1
    assert "has ended with exit code 3. The worker looks every 30 s, and starts it again." in err
    assert "shows it as running" not in err


def test_an_interrupt_ends_both_processes(run):
    _, process, send = run(CANNOT_BE_SWAPPED % "!", "--runtime", "process")
    send("tea")
    process.send_signal(signal.SIGINT)
    code, err = end(process)
    assert code == 130
    assert "Traceback" not in err


def test_the_environment_may_ask_for_a_process_with_each_save(run, monkeypatch):
    monkeypatch.setenv("PFEMU_RELOAD", "process")
    path, process, send = run(CANNOT_BE_SWAPPED % "!")
    _, first = send("tea")
    assert int(first) != process.pid
    path.write_text(CANNOT_BE_SWAPPED % "?")
    read_until(process.stderr, "reloaded #2")
    word, second = send("tea")
    assert (word, second != first) == ("tea?", True)


@pytest.mark.parametrize("flags", [["--no-reload"], ["--reload=process", "--no-reload"]], ids=" ".join)
def test_no_process_is_asked_for_where_no_save_is_taken_up(run, monkeypatch, flags):
    monkeypatch.setenv("PFEMU_RELOAD", "process")
    _, process, send = run(CANNOT_BE_SWAPPED % "!", *flags, "--runtime=thread")
    assert int(send("tea")[1]) == process.pid
    process.kill()  # its code has a thread that never ends


def test_a_keyboard_interrupt_of_the_functions_own_ends_its_thread_and_is_no_ctrl_c(run):
    _, process, _ = run("def process(input):\n    raise KeyboardInterrupt('enough')\n", "--runtime", "process")
    process.stdin.write(b"tea\ntea\n")
    code, err = end(process)
    assert code == 1
    assert "KeyboardInterrupt: enough ended the function's thread" in err
    assert "Traceback" not in err


def test_code_that_raises_keyboard_interrupt_while_it_is_loaded_is_refused(run):
    _, process, _ = run("raise KeyboardInterrupt\n", "--runtime", "process")
    code, err = end(process)
    assert (code, "cannot be loaded: it raises KeyboardInterrupt" in err, "Traceback" in err) == (2, True, False)
