"""Which files count: those that were loaded, those that are named, those that patterns ask for."""

from pathlib import Path

import pytest

from pfemu.reload.file_systems import needs_polling
from pfemu.reload.ignored_files import is_ignored
from pfemu.reload.places import places
from pfemu.reload.watch_set import WatchSet

MOUNTS = r"""overlay / overlay rw 0 0
host:/people /mnt/people nfs4 rw 0 0
tmpfs /mnt/people/tmp tmpfs rw 0 0
x /mnt/with\040space fuse.sshfs rw 0 0
"""


@pytest.fixture
def tree(tmp_path):
    for name in ["function.py", "near.py", "unused.py", "data/a.json", "data/deep/b.json", ".venv/lib/c.py", "function.yaml"]:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    return tmp_path


def counting(tree, watch_set):
    return {str(path.relative_to(tree)) for path in tree.rglob("*") if path.is_file() and watch_set.path_of(str(path))}


def loaded(tree, *names):
    return lambda: [str(tree / name) for name in names]


def test_what_was_loaded_counts_and_nothing_beside_it(tree):
    assert counting(tree, WatchSet(loaded(tree, "function.py", "near.py"), tree)) == {"function.py", "near.py"}


def test_the_configuration_counts_when_it_is_named(tree):
    watch_set = WatchSet(loaded(tree, "function.py"), tree, named=[tree / "function.yaml"])
    assert counting(tree, watch_set) == {"function.py", "function.yaml"}


def test_a_module_that_process_imports_later_counts_from_the_next_look_on(tree):
    names = ["function.py"]
    watch_set = WatchSet(lambda: [str(tree / name) for name in names], tree)
    names.append("near.py")
    watch_set.refresh()
    assert counting(tree, watch_set) == {"function.py", "near.py"}


def test_a_module_that_is_no_longer_loaded_counts_on(tree):
    names = ["function.py", "near.py"]
    watch_set = WatchSet(lambda: [str(tree / name) for name in names], tree)
    names.pop()
    watch_set.refresh()
    assert counting(tree, watch_set) == {"function.py", "near.py"}


@pytest.mark.parametrize(
    ("pattern", "more"),
    [
        ("data/*.json", {"data/a.json", "data/deep/b.json"}),
        ("data", {"data/a.json", "data/deep/b.json"}),
        ("*.json", {"data/a.json", "data/deep/b.json"}),
        ("data/deep/b.json", {"data/deep/b.json"}),
        ("nothing/*.json", set()),
        ("*.py", {"near.py", "unused.py"}),
    ],
)
def test_included_files_count_and_a_virtual_environment_never_does(tree, pattern, more):
    watch_set = WatchSet(loaded(tree, "function.py"), tree, include=[pattern])
    assert counting(tree, watch_set) == {"function.py"} | more


def test_the_directories_of_included_files_are_watched(tree):
    watch_set = WatchSet(loaded(tree, "function.py"), tree, include=["data/**/*.json"])
    assert watch_set.directories() == {str(tree), str(tree / "data"), str(tree / "data/deep")}


def test_excluded_files_do_not_count_but_the_configuration_does(tree):
    watch_set = WatchSet(loaded(tree, "function.py", "near.py"), tree, named=[tree / "function.yaml"], exclude=["near.*", "function.yaml"])
    assert counting(tree, watch_set) == {"function.py", "function.yaml"}


def test_while_the_code_is_broken_any_python_file_beside_it_counts(tree):
    watch_set = WatchSet(loaded(tree, "function.py"), tree)
    watch_set.broken = True
    assert counting(tree, watch_set) == {"function.py", "near.py", "unused.py"}


@pytest.mark.parametrize(
    "name",
    [".f.py.swp", "f.py~", "4913", ".#f.py", "#f.py#", "f.py___jb_tmp___", ".goutputstream-A1", "f.pyc", ".git/index", "__pycache__/f.py"],
)
def test_files_of_editors_and_caches_are_ignored(name):
    assert is_ignored(Path("/people/ada") / name)


def test_only_directories_below_the_code_are_judged_by_their_name(tmp_path):
    directory = tmp_path / "venv" / "project"
    assert not is_ignored(directory / "f.py", directory)
    assert is_ignored(directory / "venv" / "f.py", directory)


def test_a_link_shows_at_its_own_place_and_where_it_leads(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "f.py").write_text("")
    (tmp_path / "f.py").symlink_to("real/f.py")
    assert places(str(tmp_path / "f.py")) == [str(tmp_path / "f.py"), str(tmp_path / "real/f.py")]


def test_a_mounted_config_map_shows_at_the_link_in_the_middle(tmp_path):
    (tmp_path / "..2026").mkdir()
    (tmp_path / "..2026" / "f.yaml").write_text("")
    (tmp_path / "..data").symlink_to("..2026")
    (tmp_path / "f.yaml").symlink_to("..data/f.yaml")
    assert str(tmp_path / "..data") in places(str(tmp_path / "f.yaml"))


def test_a_link_in_a_circle_is_followed_to_an_end(tmp_path):
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    assert set(places(str(tmp_path / "a"))) == {str(tmp_path / "a"), str(tmp_path / "b")}


def test_a_linked_directory_is_watched_where_it_is(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "f.py").write_text("")
    (tmp_path / "link").symlink_to("real")
    watch_set = WatchSet(lambda: [str(tmp_path / "link/f.py")], tmp_path / "link")
    assert watch_set.directories() == {str(tmp_path / "real")}
    assert watch_set.path_of(str(tmp_path / "real/f.py")) == str(tmp_path / "link/f.py")


@pytest.mark.parametrize(
    ("directory", "kind"),
    [("/mnt/people/ada", "nfs4"), ("/mnt/people/tmp/x", None), ("/people/ada", None), ("/mnt/with space/x", "fuse.sshfs")],
)
def test_a_file_system_of_a_network_is_looked_at(directory, kind):
    assert needs_polling(Path(directory), MOUNTS) == kind


def test_directories_that_are_not_there_are_not_watched(tmp_path):
    assert WatchSet(lambda: [str(tmp_path / "gone" / "f.py")], tmp_path).directories() == set()
