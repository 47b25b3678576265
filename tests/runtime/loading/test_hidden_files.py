"""Files that a cluster never imports, because its own module of that name is there first; recorded from a real 4.0.8."""

import sys

import pytest

MAIN = "class F:\n    def process(self, input, context):\n        return {}\n"


@pytest.mark.parametrize("name", ["calendar", "json", "pulsar", "queue", "util", "log", "serde"])
def test_a_function_in_such_a_file_is_refused(project, name):
    project.write(f"{name}.py", MAIN.format("1"))

    assert f"{name}.py is never read on a cluster" in project.refusal(f"{name}.py")
    assert f"{name}.py is never read on a cluster" in project.refusal(f"{name}.py", f"{name}.F")


@pytest.mark.parametrize("name", ["statistics", "fractions", "click"])
def test_a_module_that_a_cluster_has_not_imported_before_is_the_users(project, name):
    __import__(name)  # here it has been, by whom ever
    before = sys.modules[name]
    project.write(f"{name}.py", MAIN.format(f"'my {name}'"))

    loaded = project.load(f"{name}.py", f"{name}.F")

    assert loaded.process("a", None) == f"my {name}"
    loaded.unload()
    assert sys.modules[name] is before


def test_a_name_imported_from_such_a_neighbour_is_not_there(project):
    project.write("main.py", "from util import mine\n" + MAIN.format("mine()"))
    project.write("util.py", "def mine():\n    return 'mine'\n")

    text = project.refusal("main.py", "main.F")

    assert "cannot import name 'mine' from 'util'" in text
    assert "util.py is never read on a cluster: it takes a util.py of its own in Pulsar's Python runtime. Rename the file." in text


def test_such_a_neighbour_imported_as_a_module_is_empty_and_warned_about(project):
    project.write("main.py", "import util\n\n" + MAIN.format("util.mine()"))
    project.write("util.py", "def mine():\n    return 'mine'\n")

    loaded = project.load("main.py")

    assert any("util.py is never read on a cluster" in warning for warning in loaded.warnings)
    with pytest.raises(AttributeError, match="module 'util' has no attribute 'mine'"):
        loaded.process("a", None)


def test_such_a_neighbour_of_the_standard_librarys_name_gives_the_standard_library(project):
    project.write("main.py", "import calendar\n\n" + MAIN.format("calendar.isleap(2024)"))
    project.write("calendar.py", "def isleap(year):\n    return 'mine'\n")

    loaded = project.load("main.py", "main.F")

    assert loaded.process("a", None) is True
    assert "calendar.py is never read on a cluster" in loaded.warnings[0]


def test_a_dependency_of_the_instance_that_is_not_installed_here_is_not_taken_from_the_users_directory(project):
    project.write("main.py", "import bookkeeper\n\n" + MAIN.format("1"))
    project.write("bookkeeper.py")

    assert "No module named 'bookkeeper'" in project.refusal("main.py", "main.F")


def test_a_dotted_name_of_such_a_file_is_refused(project):
    project.write("util.py", MAIN.format("1"))

    assert "util.py is never read on a cluster" in project.refusal("util.F", config_directory=project.directory)
