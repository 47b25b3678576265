"""Functions handed over as objects, and dotted names."""

import functools
import sys
from types import ModuleType

import pytest

from pfemu.errors import LoadError
from pfemu.runtime.loader import load


class Shout:
    def __init__(self, mark="!"):
        self.mark = mark

    def process(self, input, context):
        return f"{input}{self.mark}"


class Wrong:
    def handle(self, input, context):
        return input


class Raises:
    def __init__(self):
        raise RuntimeError("no start")

    def process(self, input, context):
        return input


class Callable:
    def __call__(self, input):
        return input.upper()


def shout(input):
    return f"{input}!"


def with_context(input, context):
    return f"{input}{context}"


def process(input):
    return f"module {input}"


def call(loaded):
    return loaded.process("a", "c") if loaded.takes_context else loaded.process("a")


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (5, "5 is not a function."),
        (None, "None is not a function."),
        (Wrong, "has no process: each message fails with AttributeError"),
        (Wrong(), "is not a function."),
        (Raises, "Raises() raised RuntimeError: no start (test_objects.py, line"),
        (lambda: 1, "cannot be called with a message"),
        (lambda a, b, c: 1, "cannot be called with a message"),
        (ModuleType("empty"), "has no function"),
    ],
    ids=["number", "none", "class", "instance", "raises", "nothing", "three", "module"],
)
def test_an_object_that_cannot_take_a_message_is_refused(source, words):
    with pytest.raises(LoadError) as caught:
        load(source)

    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("source", "class_name", "output", "warnings"),
    [
        (Shout, "Shout", "a!", 0),
        (Shout("?"), "Shout", "a?", 0),
        (shout, "shout", "a!", 1),
        (with_context, "with_context", "ac", 1),
        (functools.partial(with_context, context="d"), "with_context", "ad", 1),
        (Callable(), "Callable", "A", 1),
        (lambda text: text * 2, "<lambda>", "aa", 1),
    ],
    ids=["class", "instance", "function", "with_context", "partial", "callable", "lambda"],
)
def test_an_object_is_taken_as_it_is(source, class_name, output, warnings):
    loaded = load(source)

    assert call(loaded) == output
    assert loaded.class_name == f"{__name__}.{class_name}"
    assert len(loaded.warnings) == warnings
    assert loaded.target is source


def test_a_module_level_process_stands_for_its_module():
    loaded = load(process)

    assert (loaded.class_name, call(loaded), loaded.warnings) == (__name__, "module a", ())


def test_a_module_is_looked_through(project):
    project.write("function.py", "class F:\n    def process(self, i, c):\n        return 'found'\n")
    module = project.load("function.py").modules["function"]

    loaded = project.load(module)

    assert (loaded.class_name, call(loaded)) == ("function.F", "found")
    assert loaded.target is module.F


def test_a_class_keeps_its_module_and_gives_another_instance_each_time():
    loaded = load(Shout)
    fresh = loaded.fresh()

    assert fresh.target is Shout
    assert fresh.instance is not loaded.instance
    assert loaded.modules == {}
    assert loaded.import_class(f"{__name__}.Shout") is Shout


def test_an_instance_stays_itself():
    instance = Shout("?")

    assert load(instance).fresh().instance is instance


@pytest.mark.parametrize("name", ["shop.main.F", "shop.main", "shop:", "shop.F"])
def test_a_dotted_name_is_found_in_the_directory_given(project, name):
    project.write("shop/__init__.py", "from shop.main import F\n")
    project.write("shop/main.py", "class F:\n    def process(self, i, c):\n        return __name__\n")

    if name.endswith(":"):
        assert "There is no file" in project.refusal(name, config_directory=project.directory)
        return
    loaded = project.load(name, config_directory=project.directory)

    assert call(loaded) == "shop.main"
    assert loaded.class_name == ("shop.F" if name == "shop.F" else "shop.main.F")
    assert loaded.directory == project.directory
    assert loaded.path is None


def test_a_dotted_name_is_found_where_python_finds_modules_and_only_its_package_is_the_users(project, monkeypatch):
    project.write("installed/shop/__init__.py", "import beside\n")
    project.write("installed/shop/main.py", "class F:\n    def process(self, i, c):\n        import beside\n\n        return beside\n")
    project.write("installed/beside.py")
    monkeypatch.syspath_prepend(project.directory / "installed")

    loaded = project.load("shop.main.F", config_directory=project.directory)

    assert call(loaded) is sys.modules.pop("beside")
    assert set(loaded.modules) == {"shop", "shop.main"}


def test_a_class_of_the_standard_library_is_loaded_like_any_other():
    with pytest.raises(LoadError, match="'JSONDecoder' object has no attribute 'process'"):
        load("json.JSONDecoder")


def test_a_relative_path_is_looked_for_beside_the_configuration_first(project, monkeypatch):
    project.write("here/function.py", "def process(input):\n    return 'here'\n")
    project.write("config/function.py", "def process(input):\n    return 'config'\n")
    monkeypatch.chdir(project.directory / "here")

    assert call(project.load("function.py", config_directory=project.directory / "config")) == "config"
    assert call(project.load("function.py", config_directory=project.directory)) == "here"
    assert call(project.load("function.py")) == "here"
