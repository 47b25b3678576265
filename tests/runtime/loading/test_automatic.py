"""Only the code given: the function in it is found, or the refusal says what is there."""

import pytest

from tests.runtime.loading.project import Project


def test_a_file_with_two_classes_is_refused_and_both_are_named(project):
    project.write(
        "function.py",
        """
        class Upper:
            def process(self, input, context): ...

        class Lower:
            def process(self, input, context): ...
        """,
    )

    text = project.refusal("function.py")

    assert "function.py has 2 functions: Upper, Lower." in text
    assert "Say which: function.py:Upper or function.py:Lower." in text


def test_a_class_beside_a_module_level_process_is_refused_as_two(project):
    project.write("function.py", "class F:\n    def process(self, i, c): ...\n\ndef process(i): ...\n")

    assert "function.py has 2 functions: F, process." in project.refusal("function.py")


@pytest.mark.parametrize("text", ["", "VALUE = 5\n", "import json\nfrom collections import OrderedDict\n", "def _hidden(input): ...\n"])
def test_a_file_without_a_function_is_refused_with_what_was_expected(project, text):
    project.write("function.py", text)

    refusal = project.refusal("function.py")

    assert refusal.startswith("function.py has no function.\nExpected: a class with a method process(self, input, context)")


def test_a_class_whose_method_is_misspelt_is_refused_with_the_nearest_method(project):
    project.write("function.py", "class Exclaim:\n    def proces(self, input, context): ...\n\ndef helper(text): ...\n")

    text = project.refusal("function.py")

    assert "Found: class Exclaim with proces. Nearest: proces." in text


def test_an_sdk_class_without_process_is_refused_though_it_inherits_one(project):
    project.write("function.py", "from pulsar import Function\n\nclass Exclaim(Function):\n    def handle(self, input, context): ...\n")

    assert "Found: class Exclaim with handle." in project.refusal("function.py")


def test_an_abstract_class_is_refused_with_what_it_lacks(project):
    project.write(
        "function.py",
        """
        from abc import ABC, abstractmethod

        class Base(ABC):
            def process(self, input, context): ...

            @abstractmethod
            def shape(self): ...
        """,
    )

    assert "Found: class Base, abstract: define shape." in project.refusal("function.py")
    assert "Can't instantiate abstract class Base" in project.refusal("function.py:Base")


def test_an_abstract_class_beside_its_finished_one_is_no_second_candidate(project):
    project.write(
        "function.py",
        """
        from abc import ABC, abstractmethod

        class Base(ABC):
            def process(self, input, context):
                return self.shape(input)

            @abstractmethod
            def shape(self, input): ...

        class Upper(Base):
            def shape(self, input):
                return input.upper()
        """,
    )

    loaded = project.load("function.py")

    assert (loaded.class_name, loaded.process("a", None)) == ("function.Upper", "A")


def test_a_class_that_leaves_process_to_others_counts_only_where_there_is_no_other(project):
    base = """
        from abc import abstractmethod
        from pulsar import Function

        class Base(Function):
            @abstractmethod
            def process(self, input, context):
                return "base"
        """
    finished = """
        class Finished(Base):
            def process(self, input, context):
                return "finished"
        """
    project.write("alone.py", base)
    project.write("both.py", base + finished)

    assert project.load("both.py").process("a", None) == "finished"
    assert project.load("alone.py").process("a", None) == "base"


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("class F:\n    def process(self, input): ...\n", "function.F.process(input) is called as process(input, context)"),
        ("class F:\n    def process(self, a, b, c): ...\n", "function.F.process(a, b, c) is called as process(input, context)"),
        ("class F:\n    process = 5\n\n    def __call__(self): ...\n", "has no function"),
        ("def process(input, context): ...\n", "a module's process gets no context"),
        ("def process(): ...\n", "is called as process(input)"),
        ("def shout(a, b, c): ...\n", "function.py has no function"),
        (
            "class F:\n    def __init__(self, needed): ...\n    def process(self, i, c): ...\n",
            "missing 1 required positional argument: 'needed'",
        ),
    ],
)
def test_what_could_not_take_a_single_message_is_refused_at_once(project, code, words):
    project.write("function.py", code)

    assert words in project.refusal("function.py")


def test_a_constructor_that_raises_is_refused_with_the_users_own_traceback(project):
    project.write("function.py", "class F:\n    def __init__(self):\n        self.x = {}['missing']\n    def process(self, i, c): ...\n")

    text = project.refusal("function.py")

    assert "function.F() raised KeyError: 'missing' (function.py, line 3)." in text
    assert text.count("  File ") == 1
    assert "self.x = {}['missing']" in text


@pytest.mark.parametrize(
    ("code", "class_name", "output"),
    [
        ("class Shout:\n    def process(self, i, c):\n        return i + '!'\n", "function.Shout", "a!"),
        (
            "from pulsar import Function, SerDe\nclass S(SerDe): ...\nclass Up(Function):\n    def process(self, i, c): return i + '!'\n",
            "function.Up",
            "a!",
        ),
        ("class Shout:\n    def process(self, i, c):\n        return i + '!'\n\nAlias = Shout\n", "function.Shout", "a!"),
        ("def helper(t):\n    return t\n\ndef process(i):\n    return helper(i) + '!'\n", "function", "a!"),
        ("process = lambda i: i + '!'\n", "function", "a!"),
        ("from others import Shout\n", "function.Shout", "a?"),
    ],
)
def test_the_one_function_of_a_file_is_found(project, code, class_name, output):
    project.write("function.py", code)
    project.write("others.py", "class Shout:\n    def process(self, i, c):\n        return i + '?'\n")

    loaded = project.load("function.py")

    assert loaded.class_name == class_name
    assert (loaded.process("a", None) if loaded.takes_context else loaded.process("a")) == output


@pytest.mark.parametrize(
    ("code", "arguments", "mend"),
    [
        ("def shout(text):\n    return text + '!'\n", ("a",), "Name it process and use the class path function."),
        ("def shout(text, context):\n    return text + '!'\n", ("a", None), "Only a class's method gets a context"),
        ("shout = lambda text: text + '!'\n", ("a",), "Name it process"),
        ("def shout(text='x'):\n    return text + '!'\n", ("a",), "called once, at start, and never with a message"),
    ],
)
def test_any_single_callable_works_with_a_warning_that_a_cluster_cannot_run_it(project, code, arguments, mend):
    project.write("function.py", code)

    loaded = project.load("function.py")

    assert loaded.process(*arguments) == "a!"
    assert loaded.takes_context == (len(arguments) == 2)
    assert "shout is a plain function: it runs here; on a cluster" in loaded.warnings[0]
    assert mend in loaded.warnings[0]


@pytest.mark.parametrize(
    ("name", "class_name"), [("Lower", "function.Lower"), ("process", "function"), ("plain", "function.plain"), ("make", "function.make")]
)
def test_a_name_after_the_file_chooses_one_of_several(project, name, class_name):
    project.write(
        "function.py",
        """
        class Upper:
            def process(self, input, context):
                return input.upper()

        class Lower:
            def process(self, input, context):
                return input.lower()

        def process(input):
            return input.lower()

        def plain(input):
            return input.lower()

        def make():
            return Lower()
        """,
    )

    loaded = project.load(f"{project.directory}/function.py:{name}")

    assert loaded.class_name == class_name
    assert (loaded.process("A", None) if loaded.takes_context else loaded.process("A")) == "a"


def test_a_name_that_is_not_there_is_refused_with_the_nearest(project):
    project.write("function.py", "class Exclaim:\n    def process(self, i, c): ...\n")

    text = project.refusal(f"{project.directory}/function.py:Exclame")

    assert "There is no 'Exclame' in function.\nfunction has: Exclaim.\nNearest: Exclaim." in text


def test_an_async_process_loads_with_a_warning(project):
    project.write("function.py", "class F:\n    async def process(self, i, c):\n        return i\n")

    (warning,) = project.load("function.py").warnings

    assert "is async: Pulsar calls it and never runs its body" in warning


def test_a_file_that_imports_its_neighbours_is_told_that_a_cluster_gets_one_file(project):
    project.write("function.py", "import prices\n\ndef process(i):\n    return prices.RATE\n")
    project.write("prices.py", "RATE = 3\n")

    (warning,) = project.load("function.py").warnings

    assert "function.py imports prices from its own directory; a cluster gets the one file only" in warning


def test_a_file_that_loads_itself_while_it_is_imported_is_refused(project: Project):
    project.write("function.py", "from pfemu.runtime.loader import load\n\nload(__file__)\n\ndef process(i): ...\n")

    text = project.refusal("function.py")

    assert "function.py loads a function of its own directory while it is imported" in text
    assert "if __name__ == '__main__':" in text


def test_a_process_that_cannot_be_called_is_refused(project):
    project.write("function.py", "class F:\n    def __init__(self):\n        self.process = 5\n\n    def process(self, i, c): ...\n")

    assert "each message fails with TypeError: 'int' object is not callable" in project.refusal("function.py")


def test_a_process_written_in_c_is_taken_at_its_word(project):
    project.write("function.py", "process = {}.get\n")

    assert project.load("function.py").process("a") is None


def test_a_decorated_process_is_judged_by_what_is_called(project):
    project.write(
        "function.py",
        """
        import functools


        def without_context(function):
            @functools.wraps(function)
            def call(self, input, context):
                return function(self, input)

            return call


        class F:
            @without_context
            def process(self, input):
                return input
        """,
    )

    assert project.load("function.py").process("a", None) == "a"


def test_a_package_without_a_function_names_the_modules_in_it_and_imports_none(project):
    for name in ("mall/__init__.py", "mall/shop/__init__.py", "mall/shop/parts/__init__.py", "mall/shop/parts/count.py"):
        project.write(name, "raise AssertionError('it was imported')\n" if "parts" in name else "")

    said = "mall.shop is a package, with the modules mall.shop.parts.count. Say which class, as in mall.shop.module.Class."
    assert project.refusal("mall.shop", config_directory=project.directory).endswith(said)
