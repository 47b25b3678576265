"""The replayer's own parts: normalising, comparing, expecting, taking turns."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pfemu.scheduling.clock import VirtualClock
from tests.traces.__main__ import main
from tests.traces.baton import BatonScheduler, BatonThread, ProcessKilled, sleep
from tests.traces.comparing import Difference, differences
from tests.traces.expected import ExpectedFailure, unexpected
from tests.traces.normalising import Normaliser, payload
from tests.traces.recording import recordings_in
from tests.traces.spawned import virtual_threading
from tests.traces.user_imports import imports_of_functions
from tests.traces.virtual_time import process_modules, virtual_datetime, virtual_time

NORMALISE = Normaliser("t123", {"function.py"})
TRACE = """Traceback (most recent call last):
  File "<path>/python_instance.py", line 275, in actual_execution
  File "<path>/function.py", line 9, in process
    raise ValueError("no")
    ^^^^^^^^^^^^^^^^^^^^^^
ValueError: no
"""


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("persistent://public/t123/in", "persistent://public/{ns}/in"),
        ("id (12,3,-1,-1)", "id (L,3,-1,-1)"),
        ("at 1763000000001", "at <ms>"),
        ("in <path>/x.py", "in <path>/x.py"),
        ("in /some/where/x.py", "in <path>/x.py"),
        ("localhost:8080 and 127.0.0.1:6650", "<host>:<port> and <host>:<port>"),
        ("[2026-11-23 01:51:37 +0000] [INFO]: x", "[<time>] [INFO]: x"),
        ("<F object at 0x7f0011223344>", "<F object at 0x<addr>>"),
        (b"\xff", {"base64": "/w=="}),
        ({"lastInvocation": 5, "averageLatency": 0, "port": 1}, {"lastInvocation": "<n>", "averageLatency": 0, "port": "<n>"}),
        ({"__pfn_input_msg_id__": "CAwQBQ=="}, {"__pfn_input_msg_id__": "(L,5,-1,-1)"}),
        ({"__pfn_input_msg_id__": "mine"}, {"__pfn_input_msg_id__": "mine"}),
        (1_763_000_000_001, "<ms>"),
    ],
)
def test_what_differs_in_every_run_is_replaced_once_and_for_all(given, shown):
    assert NORMALISE(given) == shown
    assert NORMALISE(shown) == shown


def test_a_long_payload_is_shown_by_its_length_and_start():
    assert payload(b"x" * 5001) == {"length": 5001, "start": "x" * 20}


def test_of_a_traceback_the_users_frames_and_the_last_line_remain():
    kept = (
        'Traceback (most recent call last):\n  File "<path>/function.py", line 9, in process\n    raise ValueError("no")\nValueError: no\n'
    )
    assert NORMALISE(TRACE) == kept


@pytest.mark.parametrize(
    ("recorded", "replayed", "paths"),
    [
        ({"a": 1}, {"a": 1}, []),
        ({"a": 1}, {"a": 2}, [".a"]),
        ({"a": 1}, {}, [".a"]),
        ({}, {"a": 1}, [".a"]),
        ({"a": True}, {"a": 1}, [".a"]),
        ({"a": [1, 2]}, {"a": [2, 1]}, [".a[0]", ".a[1]"]),
        ({"a": [1]}, {"a": [1, 1]}, [".a"]),
        ({"a": {"any_order": [1, 2]}}, {"a": [2, 1]}, []),
        ({"a": {"any_order": [1, 2]}}, {"a": [2, 2]}, [".a[0]"]),
        ({"a": "<unstable>"}, {"a": 5}, []),
        ({"consumers": [{"n": 2}, {"n": 1}]}, {"consumers": [{"n": 1}, {"n": 2}]}, []),
        ({"log_file": ["a"]}, {"log_file": None}, []),
    ],
)
def test_a_difference_has_its_path(recorded, replayed, paths):
    assert [difference.path for difference in differences(recorded, replayed)] == paths


def test_an_expected_failure_covers_its_paths_and_has_to_occur():
    expected = ExpectedFailure("reason", (".a[*].b", ".c"))
    found = [Difference(".a[0].b", 1, 2), Difference(".d", 1, 2)]
    complaints = unexpected(found, expected)
    assert [complaint.split()[0] for complaint in complaints] == [".d", ".c"]
    assert len(unexpected(found, None)) == 2
    assert unexpected([Difference(".a[0].b", 1, 2), Difference(".c", 1, 2)], expected) == []


def test_a_folder_of_recordings_is_replayed_and_counted(capsys):
    root = Path(__file__).parent / "recordings"
    assert main([str(root / "01-serde-outputs")]) == 0
    assert capsys.readouterr().out.splitlines() == ["passed 01-serde-outputs", "1 passed, 0 failed"]
    assert main([str(root / "client" / "shared-round-robin")]) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "0 passed, 1 failed"
    assert main([str(root), "shared-round-robin"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "0 passed, 1 failed"


def test_deployed_files_of_archives_are_the_users(tmp_path):
    recordings = {recording.name: recording for recording in recordings_in(Path(__file__).parent / "recordings")}
    assert {"main.py", "pricing.py"} <= recordings["09-zip"].user_files
    assert recordings_in(tmp_path) == []


class Source:
    """An instance that sleeps as long as each message says, and notes when it was done."""

    def __init__(self, scheduler):
        self.scheduler = scheduler
        self.done = []

    def take(self, _source, _consumer, seconds):
        sleep(self.scheduler, seconds)
        self.done.append((seconds, self.scheduler.now_ms()))


def test_instances_that_sleep_let_others_run_meanwhile():
    scheduler = BatonScheduler(VirtualClock(0))
    sources = [Source(scheduler), Source(scheduler)]
    threads = [BatonThread("x", source.take, scheduler=scheduler) for source in sources]
    for thread in threads:
        thread.submit(None, None, 2)
        thread.start()
    scheduler.advance(1000)
    assert [source.done for source in sources] == [[], []]
    scheduler.advance(1000)
    assert [source.done for source in sources] == [[(2, 2000)], [(2, 2000)]]
    assert all(thread.stop(1) for thread in threads)


def test_an_event_of_a_function_is_waited_for_in_virtual_time_and_an_executors_sleep_takes_none():
    scheduler = BatonScheduler(VirtualClock(0))
    event = virtual_threading(scheduler).Event()
    scheduler.at(500, event.set)
    assert (event.wait(0.2), scheduler.now_ms()) == (False, 200)
    assert (event.wait(5), scheduler.now_ms()) == (True, 500)
    with ThreadPoolExecutor(1) as pool:
        pool.submit(sleep, scheduler, 5).result()
    assert scheduler.now_ms() == 500


def test_an_instance_that_is_stopped_never_wakes():
    scheduler = BatonScheduler(VirtualClock(0))
    source = Source(scheduler)
    thread = BatonThread("x", source.take, scheduler=scheduler)
    thread.start()
    thread.submit(None, None, 5)
    scheduler.advance(1000)
    assert thread.stop(1)
    scheduler.advance(10_000)
    assert source.done == []


def test_what_an_instance_lets_through_is_raised_by_the_scheduler():
    scheduler = BatonScheduler(VirtualClock(0))

    def take(_source, _consumer, message):
        raise ValueError(message)

    thread = BatonThread("x", take, scheduler=scheduler)
    thread.start()
    thread.submit(None, None, "told")
    with pytest.raises(ValueError, match="told"):
        scheduler.run_until_idle()
    thread.stop(1)


def test_time_stands_still_unless_somebody_sleeps():
    scheduler = BatonScheduler(VirtualClock(5000))
    time = virtual_time(scheduler)
    assert (time.time(), time.time_ns(), time.gmtime(0).tm_year) == (5.0, 5_000_000_000, 1970)
    time.sleep(1.5)
    assert time.time() == 6.5


def test_deployed_code_gets_the_modules_of_a_replay_wherever_it_imports_them(tmp_path):
    scheduler = BatonScheduler(VirtualClock(5000))
    modules = {"time": virtual_time(scheduler), "datetime": virtual_datetime(scheduler)}
    code = (
        "from time import time\ndef now():\n    import time, datetime\n    return time.time(), datetime.datetime.now(datetime.timezone.utc)"
    )
    deployed, others = {"__file__": "/x/pfemu-packages-1/function.py"}, {"__file__": str(tmp_path / "function.py")}
    with imports_of_functions(modules):
        exec(code, deployed)
        exec(code, others)
        assert (deployed["time"](), deployed["now"]()[0], deployed["now"]()[1].isoformat()) == (5.0, 5.0, "1970-01-01T00:00:05+00:00")
        assert min(others["now"]()[0], others["time"]()) > 5.0
    exec(code, deployed)
    assert deployed["time"]() > 5.0


def test_the_classes_of_virtual_dates_show_as_the_real_ones():
    module = virtual_datetime(BatonScheduler(VirtualClock(0)))
    assert repr(module.datetime(2020, 1, 2)) == "datetime.datetime(2020, 1, 2, 0, 0)"
    assert repr(module.date(2020, 1, 2)) == "datetime.date(2020, 1, 2)"
    assert module.datetime.utcnow().isoformat() == "1970-01-01T00:00:00"
    assert module.datetime.today().date() == module.date.today()


def test_threads_of_a_function_sleep_and_are_joined_in_virtual_time():
    scheduler = BatonScheduler(VirtualClock(0))
    modules, done = virtual_threading(scheduler), []

    def work():
        sleep(scheduler, 2)
        done.append(scheduler.now_ms())

    thread, timer, never = modules.Thread(target=work), modules.Timer(3, done.append, ["timer"]), modules.Timer(1, done.append)
    for each in (thread, timer, never):
        each.start()
    never.cancel()
    assert thread.is_alive()
    scheduler.advance(1000)
    assert done == []
    thread.join(0.5)
    assert thread.is_alive()
    thread.join()
    assert done == [2000]
    scheduler.advance(1000)
    assert done == [2000, "timer"]
    assert not thread.is_alive()


def test_code_that_ends_its_own_process_ends_the_instance_instead():
    killed = []
    modules = process_modules(lambda: killed.append(1))
    for end in (lambda: modules["os"].kill(modules["os"].getpid(), 9), lambda: modules["os"]._exit(3), modules["os"].abort):
        with pytest.raises(ProcessKilled):
            end()
    modules["os"].kill(modules["os"].getpid(), 0)
    assert len(killed) == 3
