"""``pfemu.__all__`` is the whole promise of the package, and importing it costs next to nothing."""

import ast
import json
import subprocess
import sys

import pytest

import pfemu
from tests.architecture.source_tree import PACKAGES, PYPROJECT, ROOT, module_of, name_of, python_files

HEAVY = {"fakeredis", "prometheus_client", "pulsar", "_pulsar", "redis", "rich", "watchdog"}
CORE = [name for path in python_files(*PACKAGES) if (name := module_of(path)).startswith(("pfemu.broker", "pfemu.errors", "pfemu.model"))]
LOADED = """
import sys
before = set(sys.modules)
for name in sys.argv[1:]:
    __import__(name)
import json
print(json.dumps(sorted(set(sys.modules) - before)))
"""


def loaded_by_importing(*names):
    """Return the modules that a fresh interpreter loads in order to import ``names``."""
    finished = subprocess.run([sys.executable, "-c", LOADED, *names], capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stderr
    return set(json.loads(finished.stdout))


def test_the_public_names_are_these():
    assert pfemu.__all__ == [
        "ConfigError",
        "Emulator",
        "EndlessLoopError",
        "FunctionConfig",
        "InputError",
        "LoadError",
        "PfemuError",
        "__version__",
    ]


@pytest.mark.parametrize("name", [name for name in pfemu.__all__ if name != "__version__"])
def test_a_public_name_is_the_same_object_as_in_its_home(name):
    home = pfemu._HOME[name]
    value = getattr(pfemu, name)
    assert value.__module__ == home
    assert value.__name__ == name
    assert vars(pfemu)[name] is value


def test_every_lazily_loaded_name_is_promised():
    assert {*pfemu._HOME, "__version__"} == set(pfemu.__all__)


@pytest.mark.parametrize("path", python_files(ROOT / "pfemu"), ids=name_of)
def test_no_module_takes_a_lazily_loaded_name_from_the_package_itself(path):
    imported = {
        alias.name
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module == "pfemu"
        for alias in node.names
    }
    assert not imported & set(pfemu._HOME), "import it from its home: a layer may not go round through the top"


def test_the_public_names_can_be_listed_before_they_are_loaded():
    assert set(pfemu.__all__) <= set(dir(pfemu))


def test_an_unknown_name_is_refused_as_any_module_refuses_it():
    with pytest.raises(AttributeError, match="module 'pfemu' has no attribute 'Emulater'"):
        _ = pfemu.Emulater


def test_the_version_is_the_one_in_the_metadata():
    assert PYPROJECT["tool"]["hatch"]["version"]["path"] == "pfemu/__init__.py"
    assert pfemu.__version__.count(".") == 2


def test_importing_the_package_loads_nothing_else_of_it_and_nothing_heavy():
    loaded = loaded_by_importing("pfemu")
    assert {name for name in loaded if name.startswith("pfemu")} == {"pfemu"}
    assert not HEAVY & loaded


def test_the_errors_load_without_anything_heavy():
    assert not HEAVY & loaded_by_importing("pfemu.errors")


def test_values_and_core_load_without_anything_heavy():
    assert not HEAVY & loaded_by_importing(*CORE)
