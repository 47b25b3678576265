"""Modules of a load are its own, whatever other threads import and load meanwhile."""

import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType

import pytest

from tests.runtime.loading.lazy_function import answers, write
from tests.runtime.loading.project import Project

PATIENCE_S = 50
ECHO = "\ndef process(input):\n    return input\n"


def test_functions_with_the_same_module_names_do_not_meet_in_threads(project):
    loads = {name: project.load(write(project, name)) for name in ("one", "two", "three")}
    together = threading.Barrier(len(loads))

    def call(name):
        together.wait()
        return [loads[name].process("tea", None) for _message in range(200)]

    with ThreadPoolExecutor(len(loads)) as threads:
        results = dict(zip(loads, threads.map(call, loads), strict=True))

    assert results == {name: [answers(name, calls) for calls in range(1, 201)] for name in loads}


NEIGHBOURS = """
    def process(input):
        import ring_one
        import package.part
        from package.deep import leaf

        return package.part.NAME, leaf.NAME, ring_one.names()
"""


def write_neighbours(project: Project, name: str) -> Path:
    project.write(f"{name}/function.py", NEIGHBOURS)
    project.write(f"{name}/package/__init__.py", "")
    project.write(f"{name}/package/part.py", f"import late\nNAME = late.NAME + ' part {name}'\n")
    project.write(f"{name}/package/deep/__init__.py", "import package.part\nNAME = package.part.NAME\n")
    project.write(f"{name}/package/deep/leaf.py", "from package import deep\nNAME = deep.NAME\n")
    project.write(f"{name}/late.py", f"import ring_two\nNAME = 'late {name}'\n")
    project.write(f"{name}/ring_one.py", f"import ring_two\nNAME = '{name}'\n\ndef names():\n    return NAME, ring_two.NAME\n")
    project.write(f"{name}/ring_two.py", f"import ring_one\nNAME = '{name}'\n")
    return project.directory / name / "function.py"


def neighbours(name: str) -> tuple[object, ...]:
    return f"late {name} part {name}", f"late {name} part {name}", (name, name)


@pytest.fixture
def eager_threads():
    """Have threads take turns as often as they can, so that one comes into the middle of what another does."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)


@pytest.mark.usefixtures("eager_threads")
@pytest.mark.parametrize("threads_each", [1, 2])
def test_first_imports_inside_process_do_not_meet_in_threads(project, threads_each):
    for attempt in range(15):
        loads = {name: project.load(write_neighbours(project, f"{name}{attempt}")) for name in ("one", "two", "three")}
        jobs = list(loads.items()) * threads_each
        together = threading.Barrier(len(jobs))

        def call(job, together=together):
            together.wait()
            return job[1].process("tea")

        with ThreadPoolExecutor(len(jobs)) as threads:
            results = list(threads.map(call, jobs))

        assert results == [neighbours(f"{name}{attempt}") for name, _ in jobs]
        for loaded in loads.values():
            loaded.unload()


@pytest.mark.usefixtures("eager_threads")
def test_a_function_may_import_while_others_are_loaded(project):
    for attempt in range(15):
        loads = {"one": project.load(write_neighbours(project, f"one{attempt}"))}
        paths = {name: write_neighbours(project, f"{name}{attempt}") for name in ("two", "three")}
        together = threading.Barrier(3)

        def call(name, together=together, loads=loads, paths=paths):
            together.wait()
            if name not in loads:
                loads[name] = project.load(paths[name])
            return loads[name].process("tea")

        with ThreadPoolExecutor(3) as threads:
            results = list(threads.map(call, ("one", "two", "three")))

        assert results == [neighbours(f"{name}{attempt}") for name in ("one", "two", "three")]
        for loaded in loads.values():
            loaded.unload()


def test_a_thread_of_the_functions_own_finds_its_neighbours(project):
    project.write(
        "function.py",
        """
        from concurrent.futures import ThreadPoolExecutor


        def look():
            import helper

            return helper.NAME


        def process(input):
            with ThreadPoolExecutor(1) as pool:
                return pool.submit(look).result()
        """,
    )
    project.write("helper.py", "NAME = 'found'\n")

    assert [loaded.process("a") for loaded in (project.load("function.py"), project.load("function.py"))] == ["found", "found"]


def test_a_load_is_given_up_at_once_while_another_one_goes_on_and_its_names_are_free_after_that(project, monkeypatch):
    gate = ModuleType("import_gate")
    gate.begun, gate.may_end = threading.Event(), threading.Event()
    monkeypatch.setitem(sys.modules, "import_gate", gate)
    project.write("one/only_here.py")
    first = project.load(project.write("one/function.py", "import only_here\n\ndef process(input):\n    return input\n"))
    slow = project.write("two/function.py", "import import_gate\nimport_gate.begun.set()\nimport_gate.may_end.wait(50)\n" + ECHO)
    with ThreadPoolExecutor(1) as threads:
        loading = threads.submit(project.load, slow)
        try:
            assert gate.begun.wait(PATIENCE_S)
            first.unload()  # which does not wait
            assert "only_here" in sys.modules
        finally:
            gate.may_end.set()
        loading.result(PATIENCE_S)
    assert "only_here" not in sys.modules
