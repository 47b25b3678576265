"""Whose a thread is."""

import pytest

from pfemu.reload.leftover_threads import threads_of
from pfemu.runtime.loader import load

SOURCE = """
import functools
import threading

go_on = threading.Event()
started = threading.Event()


def run(*_arguments):
    started.set()
    go_on.wait(20)


def wrapped(function):
    @functools.wraps(function)
    def call():
        function()
    return call


class Poller:
    def run(self):
        run()

    def __call__(self):
        run()


class Own(threading.Thread):
    def run(self):
        run()


%s
thread.daemon = True
thread.name = "theirs"
thread.start()


def process(input):
    return input
"""


@pytest.fixture
def loaded(tmp_path):
    """Load a module that starts one thread, made by an expression."""
    ending = []

    def call(made):
        path = tmp_path / "function.py"
        path.write_text(SOURCE % f"thread = {made}")
        loaded = load(path)
        module = loaded.modules["function"]
        ending.append((module.go_on, module.thread))
        assert module.started.wait(20)
        return loaded

    yield call
    for go_on, thread in ending:
        go_on.set()
        thread.join(20)


@pytest.mark.parametrize(
    "made",
    [
        "threading.Thread(target=run)",
        "threading.Thread(target=functools.partial(run, 1))",
        "threading.Thread(target=Poller().run)",
        "threading.Thread(target=Poller())",
        "threading.Thread(target=wrapped(run))",
        "threading.Timer(0, run)",
        "Own()",
    ],
)
def test_a_thread_is_of_the_code_that_it_was_started_to_run(loaded, made):
    ours = loaded(made)
    assert threads_of({ours.space}) == ("theirs",)
    assert threads_of({ours.space}, ["theirs"]) == ()


def test_a_thread_is_of_no_other_load_of_the_same_file(loaded):
    first, second = loaded("Own()"), loaded("Own()")
    assert threads_of({second.space}) == ("theirs",)
    first.modules["function"].go_on.set()
    first.modules["function"].thread.join(20)
    assert threads_of({first.space}) == ()


@pytest.mark.parametrize("made", ["threading.Thread(target=started.wait)", "threading.Thread(target=started.set)"])
def test_a_thread_that_runs_nothing_of_its_module_is_not_told(loaded, made):
    ours = loaded(f"{made}; started.set()")
    assert threads_of({ours.space}) == ()
