"""A function in a file, an emulator that runs it, and a reloader, without a watcher: a test says when a save is taken up."""

import gc
import threading
from queue import SimpleQueue

import pytest

from pfemu import Emulator
from pfemu.errors import PfemuError
from pfemu.function_handle import Recorder
from pfemu.reload.failed_messages import FailedMessages
from pfemu.reload.reload_host import ReloadHost
from pfemu.reload.reloader import Reloader
from pfemu.runtime.loader import load
from pfemu.scheduling.live import LiveScheduler

PATIENCE_S = 20


class Reloaded:
    """A deployed function whose file can be saved. In the live kind, saves are taken up on the test's thread."""

    def __init__(self, directory, *, live, class_name=None, **settings):
        self.path = directory / "function.py"
        self.errors = []
        scheduler = LiveScheduler(self.errors.append) if live else None
        self.emulator = Emulator(scheduler=scheduler)
        self.live = live
        self.class_name = class_name
        self.reports = SimpleQueue()
        self.retired = []
        self.recorder = Recorder()
        self.failed = FailedMessages(self.recorder)
        self.settings = {"name": "f", "inputs": ["in"], "output": "out", **settings}

    def deploy(self, source):
        self.path.write_text(source)
        settings = dict(self.settings)
        if self.class_name:
            settings["class_name"] = self.class_name
        self.function = self.emulator.create_function(str(self.path), observer=self.failed, **settings)
        host = ReloadHost(self.emulator, self.reports.put, self._retire)
        self.reloader = Reloader(host, self.function, lambda: load(self.path, self.class_name), failed=self.failed)
        return self

    def _retire(self, end):
        if end is not gc.collect:
            self.retired.append(end)
        end()

    def save(self, source):
        """Save the file, take that up, and return the report."""
        self.path.write_text(source) if isinstance(source, str) else self.path.write_bytes(source)
        return self.take_up()

    def take_up(self):
        self.reloader.reload([str(self.path)], 0)
        if not self.live:
            self.emulator.settle()
        return self.reports.get(timeout=PATIENCE_S)

    def send(self, *values):
        self.emulator.topic("in").send_many(values)

    def outputs(self, count):
        """Return the outputs once there are that many."""
        if self.live:
            self._wait_for(lambda: len(self.emulator.topic("out").peek()) >= count)
        return list(self.emulator.topic("out").values())

    def _wait_for(self, done):
        pause = threading.Event()
        for _ in range(PATIENCE_S * 200):
            if self.emulator.scheduler.call(done):
                return
            pause.wait(0.005)
        raise PfemuError(f"it did not happen; errors: {self.errors}")


@pytest.fixture
def deployed(tmp_path):
    """Deploy `source` and return it with what is needed to reload it."""
    made = []

    def deploy(source, *, live=False, **settings):
        made.append(Reloaded(tmp_path, live=live, **settings))
        return made[-1].deploy(source)

    yield deploy
    for each in made:
        each.emulator.close()
        if each.live:
            each.emulator.scheduler.close()


@pytest.fixture(params=[False, True], ids=["stepping", "live"])
def either(request, deployed):
    """The same, with both schedulers."""
    return lambda source, **settings: deployed(source, live=request.param, **settings)
