"""Random saves during a stream of messages, with the real watcher on real files and a live emulator: every message has its effects once."""

import threading
from collections import Counter
from pathlib import Path
from queue import SimpleQueue
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from pfemu import Emulator
from pfemu.function_handle import Recorder
from pfemu.reload.failed_messages import FailedMessages
from pfemu.reload.reload_host import ReloadHost
from pfemu.reload.reloader import Reloader
from pfemu.reload.watch_set import WatchSet
from pfemu.reload.watching import Watching
from pfemu.runtime.loader import load
from pfemu.scheduling.live import LiveScheduler

PATIENCE_S = 30
CODE = """
import words
VERSION = {version}

class Effects:
    def process(self, input, context):
        if "{failing}" and input.endswith("{failing}"):
            raise ValueError(input)
        context.incr_counter(input, 1)
        context.publish("side", input)
        return f"{{input}} {{VERSION}} {{END_OF_FILE}} {{words.VERSION}}"

# {padding}
END_OF_FILE = {version}
"""
WORDS = "VERSION = {version}\n"

SENDS = st.tuples(st.just("send"), st.integers(1, 30))
SAVES = st.tuples(st.sampled_from(["in place", "slowly", "by renaming", "both files", "broken", "failing"]), st.integers(0, 2000))
STEPS = st.lists(SENDS | SAVES, min_size=1, max_size=12)


class Stream:
    """A function that runs live from a file that is watched, and what was sent to it."""

    def __init__(self, directory):
        self.path = directory / "function.py"
        self.words = directory / "words.py"
        self.errors = []
        self.reports = SimpleQueue()
        self.version = 0
        self.sent = 0
        self.words.write_text(WORDS.format(version=0))
        self.path.write_text(self.code())
        self.scheduler = LiveScheduler(self.errors.append)
        self.emulator = Emulator(scheduler=self.scheduler)
        self.recorder = Recorder()
        failed = FailedMessages(self.recorder)
        self.function = self.emulator.create_function(str(self.path), observer=failed, name="f", inputs=["in"], output="out", parallelism=2)
        host = ReloadHost(self.emulator, self.reports.put, self._retire)
        self.reloader = Reloader(host, self.function, lambda: load(self.path), failed=failed)
        self.watch_set = WatchSet(self.reloader.module_files, directory)
        self.watching = Watching(self.watch_set, self._changed, self.errors.append)
        self.watching.start()

    def _retire(self, end):
        self.watching.run(end)

    def _changed(self, files, since_ms):
        self.watch_set.broken = not self.reloader.reload(files, since_ms)

    def code(self, *, failing="", padding=0):
        return CODE.format(version=self.version, failing=failing, padding="x" * padding)

    def send(self, count):
        self.emulator.topic("in").send_many(f"m{number}" for number in range(self.sent, self.sent + count))
        self.sent += count

    def save(self, how, padding):
        self.version += 1
        text = self.code(failing="3" if how == "failing" else "", padding=padding)
        if how == "broken":
            text = text.replace("def process", "def process(")
        if how == "by renaming":
            other = self.path.with_name(".function.py.swp")
            other.write_text(text)
            other.replace(self.path)
        elif how == "slowly":
            with self.path.open("w") as file:
                for start in range(0, len(text), 97):
                    file.write(text[start : start + 97])
                    file.flush()
        else:
            self.path.write_text(text)
        if how == "both files":
            self.words.write_text(WORDS.format(version=self.version))

    def settle(self):
        """Save good code, and wait until each message has its output; return the outputs."""
        self.save("both files", 0)
        pause = threading.Event()
        for _ in range(PATIENCE_S * 100):
            if self.scheduler.call(lambda: len(self.emulator.topic("out").peek())) >= self.sent and self.is_current():
                break
            pause.wait(0.01)
        return self.scheduler.call(lambda: list(self.emulator.topic("out").values()))

    def is_current(self):
        return all(self.version == each.loaded.modules["function"].VERSION for each in self.function.function.instances)

    def close(self):
        self.watching.close()
        self.emulator.close()
        self.scheduler.close()


@settings(max_examples=12)
@given(STEPS)
def test_every_message_has_its_effects_once_whatever_is_saved_meanwhile(steps):
    with TemporaryDirectory() as directory:
        stream = Stream(Path(directory))
        try:
            for what, amount in steps:
                if what == "send":
                    stream.send(amount)
                else:
                    stream.save(what, amount)
            stream.send(1)
            outputs = [output.split() for output in stream.settle()]
            assert [failure for failure in stream.recorder.failures if not isinstance(failure.error, ValueError)] == []
            names = [f"m{number}" for number in range(stream.sent)]
            assert sorted(name for name, *_ in outputs) == sorted(names)
            assert Counter(stream.scheduler.call(lambda: stream.emulator.topic("side").values())) == Counter(names)
            assert dict(stream.function.counters) == dict.fromkeys(names, 1)
            assert [output for output in outputs if output[1] != output[2]] == []
            assert stream.is_current()
            assert stream.emulator.topic("in").backlog("public/default/f") == 0
            assert stream.errors == []
        finally:
            stream.close()
