"""A live emulator goes on while the code of a function that comes by REST is loaded, however long that takes."""

import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from types import ModuleType

import pytest

from pfemu.scheduling.live import LiveScheduler
from tests.admin.deployment import CONFIG, ECHO, FUNCTION, Deployment

PATIENCE_S = 50
SLOW = "import slow_gate\n\nslow_gate.begun.set()\nassert slow_gate.may_end.wait(50)\n" + ECHO
DONE = (204, None)


@pytest.fixture
def gate(monkeypatch):
    """What the import of SLOW waits for."""
    module = ModuleType("slow_gate")
    module.begun, module.may_end = threading.Event(), threading.Event()
    monkeypatch.setitem(sys.modules, "slow_gate", module)
    yield module
    module.may_end.set()


@pytest.fixture
def threads():
    with ThreadPoolExecutor(4) as made:
        yield made


@pytest.fixture
def live(gate, threads):
    errors = []
    scheduler = LiveScheduler(errors.append)
    made = Deployment(scheduler)
    yield made
    gate.may_end.set()
    made.emulator.close()
    scheduler.close()
    assert errors == []


def test_others_are_served_while_a_function_is_loaded_and_its_creation_is_answered_afterwards(live, gate, threads):
    assert live.create(name="f") == DONE
    creation = threads.submit(live.create, SLOW, "slow")
    assert gate.begun.wait(PATIENCE_S)
    assert live.call("POST", f"{FUNCTION}/trigger", parts={"data": "tea"}) == (200, "tea")
    assert live.status("slow")["running"] is False
    assert not creation.done()
    gate.may_end.set()
    assert creation.result(PATIENCE_S) == DONE
    assert live.status("slow")["running"] is True


def test_code_that_does_not_load_is_created_all_the_same(live):
    assert live.create("raise ValueError('no')\n") == DONE
    assert live.status()["running"] is False
    assert live.call("PUT", FUNCTION, parts={"functionConfig": CONFIG, "data": ("function.py", ECHO)}) == DONE
    assert live.status()["running"] is True


def test_a_function_that_is_deleted_while_it_is_loaded_never_runs(live, gate, threads):
    creation = threads.submit(live.create, SLOW, "slow")
    assert gate.begun.wait(PATIENCE_S)
    assert live.call("DELETE", "/admin/v3/functions/public/default/slow") == DONE
    assert creation.result(PATIENCE_S) == DONE
    gate.may_end.set()
    assert live.create() == DONE  # its load comes after the other one's
    assert live.call("GET", "/admin/v3/functions/public/default") == (200, ["f"])
    assert live.call("GET", "/admin/v2/persistent/public/default/in/subscriptions") == (200, ["public/default/f"])


def test_a_function_is_stopped_while_another_one_is_loaded(live, gate, threads):
    assert live.create(name="f") == DONE
    threads.submit(live.create, SLOW, "slow")
    assert gate.begun.wait(PATIENCE_S)
    assert live.call("DELETE", FUNCTION) == DONE
