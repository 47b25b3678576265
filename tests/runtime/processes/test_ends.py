"""What becomes of a process that ends, and of its function's messages."""

import os
import signal
import subprocess
import sys
import textwrap
import threading

import pytest

import pfemu
from pfemu.scheduling.live import LiveScheduler
from tests.runtime.processes.own_process import PATIENCE_S, is_running, process_of

DEADLY = """
    import os


    class F:
        def process(self, input, context):
            context.incr_counter(input, 1)
            if input == "kill" and context.get_counter("kill") == 1:
                os.kill(os.getpid(), 9)
            if input == "exit" and context.get_counter("exit") == 1:
                os._exit(3)
            return f"{input} {os.getpid()}"
"""


@pytest.mark.parametrize(("deed", "reason"), [("kill", "was ended by SIGKILL"), ("exit", "has ended with exit code 3")])
def test_a_process_that_ends_in_a_message_is_started_again_and_the_message_comes_again(emulator, write, deed, reason):
    function = emulator.create_function(write(DEADLY), inputs=["in"], output="out")
    first = process_of(function)
    emulator.topic("in").send_many(["tea", deed, "water"])

    spawner = function.function.spawners[0]
    assert emulator.topic("out").values() == [f"tea {first.process_id}"]
    assert (spawner.alive, spawner.restarts) == (False, 0)
    assert reason in str(spawner.died_of)
    assert any(reason in str(warning) for warning in function.warnings)

    emulator.advance(30)

    second = process_of(function)
    assert (spawner.alive, spawner.restarts) == (True, 1)
    assert emulator.topic("out").values()[1:] == [f"{deed} {second.process_id}", f"water {second.process_id}"]
    assert function.counters == {"tea": 1, deed: 2, "water": 1}
    assert emulator.topic("in").backlog("public/default/F") == 0
    assert function.exceptions == []


def test_a_process_that_ends_is_missed_though_what_it_has_forked_lives_on(emulator, write):
    path = write(
        """
        import os
        import time


        def process(input):
            if os.fork() == 0:
                time.sleep(5)
                os._exit(0)
            os._exit(9)
        """
    )
    function = emulator.create_function(path, inputs=["in"])
    emulator.topic("in").send("tea")
    assert "has ended with exit code 9" in str(function.function.spawners[0].died_of)


def test_a_thread_that_process_waits_for_may_publish_with_a_serde_of_the_users(write):
    path = write(
        """
        import threading


        class Upper:
            def serialize(self, value):
                return value["text"].upper().encode()


        class F:
            def process(self, input, context):
                def publish():
                    for number in range(3):
                        context.publish("aside", {"text": f"{input}{number}"}, "function.Upper")

                thread = threading.Thread(target=publish)
                thread.start()
                thread.join()
                return input
        """
    )
    arrived, errors = threading.Semaphore(0), []
    with pfemu.Emulator(runtime="process", scheduler=LiveScheduler(errors.append)) as emulator:
        emulator.client.subscribe(["aside", "out"], "s", message_listener=lambda _consumer, _message: arrived.release())
        emulator.create_function(path, class_name="function.F", inputs=["in"], output="out")
        emulator.topic("in").send("tea")
        assert all(arrived.acquire(timeout=PATIENCE_S) for _ in range(4))
        assert emulator.topic("aside").values() == ["TEA0", "TEA1", "TEA2"]
    assert errors == []


def test_a_process_that_is_killed_while_it_waits_is_started_again(write):
    with pfemu.Emulator(runtime="process") as emulator:
        function = emulator.create_function(write(DEADLY), inputs=["in"], output="out")
        process = process_of(function)
        told = threading.Event()
        process.watch(lambda reason, died=process._ended: (died(reason), told.set()))
        os.kill(process.process_id, signal.SIGKILL)
        assert told.wait(PATIENCE_S)
        emulator.run_until_idle()
        assert not function.function.spawners[0].alive
        emulator.advance(30)
        emulator.topic("in").send("tea")
        assert emulator.topic("out").values() == [f"tea {process_of(function).process_id}"]


def test_system_exit_in_process_ends_the_thread_as_in_a_thread(either, write):
    function = either.create_function(write("import sys\n\ndef process(input):\n    sys.exit(3)\n"), inputs=["in"])
    either.topic("in").send("tea")
    assert type(function.ended_by) is SystemExit
    assert function.function.spawners[0].alive


def test_a_keyboard_interrupt_of_the_functions_own_ends_the_thread_too(emulator, write):
    source = "def process(input):\n    if input == 'leave':\n        raise KeyboardInterrupt('enough')\n    return input\n"
    function = emulator.create_function(write(source), inputs=["in"], output="out")
    for value in ("tea", "leave", "coffee"):
        emulator.topic("in").send(value)
    assert emulator.topic("out").values() == ["tea"]
    assert (type(function.ended_by).__name__, str(function.ended_by)) == ("KeyboardInterrupt", "enough")
    assert function.function.spawners[0].alive
    assert emulator.topic("in").backlog("public/default/function") == 2


def test_each_instance_has_a_process_and_all_of_them_are_gone_at_the_end(write):
    with pfemu.Emulator(runtime="process") as emulator:
        function = emulator.create_function(write(DEADLY), inputs=["in"], output="out", parallelism=2)
        ids = {process_of(function, number).process_id for number in range(2)}
        emulator.topic("in").send_many(["a", "b", "c", "d"])
        assert {value.split()[1] for value in emulator.topic("out").values()} == set(map(str, ids))
        assert os.getpid() not in ids
    assert not any(map(is_running, ids))


def test_a_restart_brings_another_process_with_the_code_as_it_is_now(emulator, write):
    function = emulator.create_function(write("def process(input):\n    return 1\n"), inputs=["in"], output="out")
    first = process_of(function).process_id
    write("def process(input):\n    return 2\n")
    function.restart()
    emulator.topic("in").send("tea")
    assert emulator.topic("out").values() == [2]
    assert not is_running(first)


def test_a_process_that_hangs_is_made_to_end(monkeypatch, write):
    monkeypatch.setattr("pfemu.runtime.processes.function_process.STOP_TIMEOUT_S", 0.2)
    monkeypatch.setattr("pfemu.runtime.instance.STOP_TIMEOUT_S", 0.2)
    path = write(
        """
        import signal
        import threading

        signal.signal(signal.SIGTERM, signal.SIG_IGN)


        class F:
            def process(self, input, context):
                context.publish("aside", "begun")
                threading.Event().wait()
        """
    )
    begun, errors = threading.Event(), []
    with pfemu.Emulator(runtime="process", scheduler=LiveScheduler(errors.append)) as emulator:
        emulator.client.subscribe("aside", "s", message_listener=lambda _consumer, _message: begun.set())
        function = emulator.create_function(path, inputs=["in"])
        process = process_of(function)
        emulator.topic("in").send("tea")
        assert begun.wait(PATIENCE_S)
    assert process.wait_for_end(PATIENCE_S) is not None


def test_no_process_outlives_an_emulator_that_is_killed(write):
    path = write(DEADLY)
    code = f"""
        import os, pfemu
        emulator = pfemu.Emulator(runtime="process")
        function = emulator.create_function({str(path)!r}, inputs=["in"])
        print(function.function.instances[0].loaded.own_process.process_id, flush=True)
        os.kill(os.getpid(), 9)
    """
    finished = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], stdout=subprocess.PIPE, timeout=PATIENCE_S, check=False)
    assert finished.returncode == -signal.SIGKILL
    assert int(finished.stdout) != os.getpid()  # the output has ended, so whoever had inherited it is gone, too
