"""The real watcher with real files: each test waits for what is told, never for a time."""

import os
import shutil
from pathlib import Path
from queue import Empty, SimpleQueue

import pytest

from pfemu.reload.changes import FileEvent, Kind
from pfemu.reload.half_written import looks_half_written
from pfemu.reload.watch_set import WatchSet
from pfemu.reload.watching import Watching

PATIENCE_S = 20


class Watched:
    """A directory with two watched files, and what is told of them."""

    def __init__(self, directory, poll_ms):
        self.directory = directory
        self.told = SimpleQueue()
        self.notes = []
        self.contents = SimpleQueue()
        for name in ("f.py", "g.py"):
            (directory / name).write_text("old")
        names = [str(directory / "f.py"), str(directory / "g.py")]
        self.watching = Watching(WatchSet(lambda: names, directory), self._changed, self.notes.append, poll_ms=poll_ms)
        self.watching.start()

    def _changed(self, files, _since_ms):
        path = self.directory / "f.py"
        self.contents.put(path.read_text() if path.is_file() else None)
        self.told.put({Path(file).name for file in files})

    def next(self):
        return self.told.get(timeout=PATIENCE_S)

    def until_content(self, content):
        """Wait until f.py is told with that content; return what else it was told with."""
        seen = []
        while (found := self.contents.get(timeout=PATIENCE_S)) != content:
            seen.append(found)
        return seen


@pytest.fixture(params=[None, 20], ids=["events", "polling"])
def watched(request, tmp_path):
    watched = Watched(tmp_path, request.param)
    yield watched
    watched.watching.close()


@pytest.fixture
def by_events(tmp_path):
    watched = Watched(tmp_path, None)
    yield watched
    watched.watching.close()


def test_a_plain_save_is_told(watched):
    (watched.directory / "f.py").write_text("new")
    assert watched.next() == {"f.py"}


def test_an_atomic_rename_is_told(watched):
    (watched.directory / ".f.py.swp").write_text("new")
    (watched.directory / ".f.py.swp").replace(watched.directory / "f.py")
    assert "f.py" in watched.next()
    watched.until_content("new")


def test_a_save_as_vim_makes_it_is_told(watched):
    path = watched.directory / "f.py"
    path.rename(watched.directory / "f.py~")
    path.write_text("new")
    (watched.directory / "f.py~").unlink()
    watched.until_content("new")


def test_a_rename_from_elsewhere_is_told(watched, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "f.py"
    elsewhere.write_text("new")
    elsewhere.replace(watched.directory / "f.py")
    watched.until_content("new")


def test_half_of_a_file_is_never_told(by_events):
    with (by_events.directory / "f.py").open("w") as file:
        file.write("half")
        file.flush()
        os.fsync(file.fileno())
        (by_events.directory / "g.py").write_text("new")
        file.write(" whole")
    assert "half" not in by_events.until_content("half whole")


class LookedAt:
    """A directory whose file is only looked at, at the times a test says."""

    def __init__(self, directory, monkeypatch):
        self.now_ms = 0
        monkeypatch.setattr("pfemu.reload.watching.monotonic_ms", lambda: self.now_ms)
        self.path = directory / "f.py"
        self.path.write_text("old = 1\n")
        self.told = []
        self.watching = Watching(WatchSet(lambda: [str(self.path)], directory), self._changed, self.told.append, poll_ms=150)
        self.watching._look()

    def _changed(self, _files, _since_ms):
        self.told.append(self.path.read_text() if self.path.exists() else None)

    def after(self, ms):
        """Let that time go by, with a look whenever one is due; return what is told by then."""
        for _ in range(ms):
            self.now_ms += 1
            if self.watching._patience_s() == 0:
                self.watching._attend_to(lambda: None)
        return self.told


@pytest.fixture
def looked_at(tmp_path, monkeypatch):
    return LookedAt(tmp_path, monkeypatch)


def test_a_file_that_is_looked_at_is_told_once_it_stays_the_same(looked_at):
    looked_at.path.write_text("new = 1\n")
    assert looked_at.after(300) == []
    looked_at.path.write_text("new = 1\nmore = 2\n")
    assert looked_at.after(299) == []
    assert looked_at.after(300) == ["new = 1\nmore = 2\n"]
    assert looked_at.after(5_000) == ["new = 1\nmore = 2\n"]


def test_a_change_just_before_it_would_be_told_is_seen(looked_at):
    looked_at.path.write_text("new = 1\n")
    assert looked_at.after(150 + 224) == []
    looked_at.path.write_text("new = 1\nmore = 2\n")
    assert looked_at.after(10) == []
    assert looked_at.after(600) == ["new = 1\nmore = 2\n"]


@pytest.mark.parametrize("half", ["def process(", "", "   \n", 'text = """half', "x = 1\x00"])
def test_half_of_a_file_that_is_looked_at_gets_as_long_again(looked_at, half):
    looked_at.path.write_text(half)
    assert looked_at.after(500) == []
    looked_at.path.write_text("whole = 1\n")
    assert looked_at.after(1_000) == ["whole = 1\n"]


def test_what_stays_broken_is_told_in_the_end_and_each_time_it_changes(looked_at):
    looked_at.path.write_text("def process(")
    assert looked_at.after(1_000) == ["def process("]
    looked_at.path.write_text("def process((")
    assert looked_at.after(1_000)[1:] == ["def process(("]
    looked_at.path.unlink()
    assert looked_at.after(1_000)[2:] == [None]


@pytest.mark.parametrize("name", ["data.json", "nowhere.py"])
def test_of_other_files_nothing_can_be_told(tmp_path, name):
    (tmp_path / "data.json").write_text("{")
    assert not looks_half_written(str(tmp_path / name))


def test_a_deleted_and_recreated_file_is_told_again_and_again(watched):
    for content in ("one", "two and more", "three and even more"):
        (watched.directory / "f.py").unlink()
        (watched.directory / "f.py").write_text(content)
        watched.until_content(content)


def test_a_deleted_file_is_told(watched):
    (watched.directory / "f.py").unlink()
    watched.until_content(None)


def test_a_directory_that_is_deleted_and_made_anew_is_watched_again(watched):
    shutil.rmtree(watched.directory)
    watched.until_content(None)
    watched.directory.mkdir()
    (watched.directory / "f.py").write_text("new")
    watched.until_content("new")
    (watched.directory / "f.py").write_text("newer still")
    watched.until_content("newer still")


def test_a_link_that_is_turned_to_another_file_is_told(watched):
    (watched.directory / "v2.py").write_text("version two")
    (watched.directory / "f.py").unlink()
    (watched.directory / "f.py").symlink_to("v2.py")
    watched.until_content("version two")
    (watched.directory / "v2.py").write_text("version two, edited")
    watched.until_content("version two, edited")


def test_many_files_saved_at_once_are_told_together(by_events):
    for name in ("f.py", "g.py"):
        (by_events.directory / name).write_text("new")
    assert by_events.next() == {"f.py", "g.py"}


def test_the_end_of_a_hundred_saves_is_told(watched):
    for number in range(100):
        (watched.directory / "f.py").write_text(f"save {number}")
    watched.until_content("save 99")


def test_other_files_in_the_directory_are_not_told(watched):
    (watched.directory / "notes.txt").write_text("new")
    (watched.directory / ".f.py.swp").write_text("new")
    (watched.directory / "f.py").write_text("new")
    assert watched.next() == {"f.py"}
    with pytest.raises(Empty):
        watched.told.get_nowait()


def test_work_is_done_on_the_thread_that_tells(watched):
    done = SimpleQueue()
    watched.watching.run(lambda: done.put("done"))
    assert done.get(timeout=PATIENCE_S) == "done"


def test_an_error_in_taking_a_save_up_is_told_and_the_next_save_is_taken_up(by_events):
    def fail():
        raise LookupError("nobody foresaw it")

    by_events.watching.run(fail)
    (by_events.directory / "f.py").write_text("new")
    assert by_events.next() == {"f.py"}
    assert "nobody foresaw it" in by_events.notes[0]


def test_where_the_system_allows_no_watches_files_are_looked_at(by_events, monkeypatch):
    def refuse(_directories):
        raise OSError(28, "inotify watch limit reached")

    monkeypatch.setattr(by_events.watching._watcher, "watch", refuse)
    by_events.watching.run(by_events.watching._look)
    (by_events.directory / "f.py").write_text("new, though nobody tells")
    by_events.until_content("new, though nobody tells")
    assert "inotify watch limit reached" in by_events.notes[0]


def test_a_write_that_was_told_before_the_watches_went_and_is_taken_up_after_is_not_waited_for(by_events, monkeypatch):
    def refuse(_directories):
        raise OSError(28, "inotify watch limit reached")

    def lose_the_watches_in_the_middle_of_a_write():
        (by_events.directory / "f.py").write_text("new = 1")
        by_events.watching._queue.put(FileEvent(str(by_events.directory / "f.py"), Kind.WRITING))
        by_events.watching._look()

    monkeypatch.setattr(by_events.watching._watcher, "watch", refuse)
    by_events.watching.run(lose_the_watches_in_the_middle_of_a_write)
    by_events.until_content("new = 1")
