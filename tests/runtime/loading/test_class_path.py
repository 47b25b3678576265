"""A class path given: what a real 4.0.8 made of every form, recorded from it."""

import pytest

from tests.runtime.loading.project import Project

FORMS = """
    from pulsar import Function


    class Echo(Function):
        def process(self, input, context):
            return f"Echo {input}"


    class NoBase:
        def process(self, input, context):
            return f"NoBase {input}"


    class OneArgument:
        def process(self, input):
            return f"OneArgument {input}"


    class Defaults:
        def __init__(self, greeting="hello"):
            self.greeting = greeting

        def process(self, input, context, more="!"):
            return self.greeting + more


    class NeedsArgument:
        def __init__(self, needed):
            self.needed = needed

        def process(self, input, context):
            return "never"


    class InitRaises(Function):
        def __init__(self):
            raise RuntimeError("no start")

        def process(self, input, context):
            return "never"


    class Static:
        @staticmethod
        def process(input, context):
            return f"Static {input} {type(context).__name__}"


    class StaticPure:
        def __init__(self):
            raise SystemExit(3)

        @staticmethod
        def process(input):
            return f"StaticPure {input}"


    class Empty(Function):
        pass


    class Rebinds:
        def process(self, input, context):
            self.process = self.second
            return "first"

        def second(self, input, context):
            return "second"


    def one_argument(input):
        return f"one_argument {input}"


    def two_arguments(input, context):
        return f"two_arguments {input}"


    def factory():
        return Echo()


    def returns_text():
        return "not an object with process"


    def returns_none():
        return None


    def lazy(input=None, context=None):
        return Echo()


    instance = Echo()
    CONSTANT = 5


    def process(input):
        return f"module {input}"
"""


@pytest.fixture
def forms(project: Project) -> Project:
    project.write("function.py", FORMS)
    return project


def call(loaded):
    return loaded.process("a", "CONTEXT") if loaded.takes_context else loaded.process("a")


@pytest.mark.parametrize(
    ("class_name", "failure"),
    [
        ("function.OneArgument", "TypeError: OneArgument.process() takes 2 positional arguments but 3 were given"),
        ("function.NeedsArgument", "TypeError: NeedsArgument.process() missing 2 required positional arguments: 'input' and 'context'"),
        ("function.InitRaises", "TypeError: InitRaises.process() missing 2 required positional arguments: 'input' and 'context'"),
        ("function.one_argument", "AttributeError: 'function' object has no attribute 'process'"),
        ("function.two_arguments", "AttributeError: 'function' object has no attribute 'process'"),
        ("function.process", "AttributeError: 'function' object has no attribute 'process'"),
        ("function.returns_text", "AttributeError: 'str' object has no attribute 'process'"),
        ("function.returns_none", "AttributeError: 'NoneType' object has no attribute 'process'"),
        ("function.instance", "TypeError: Echo.process() missing 1 required positional argument: 'context'"),
        ("function.CONSTANT", "AttributeError: 'int' object has no attribute 'process'"),
        ("json.JSONDecoder", "AttributeError: 'JSONDecoder' object has no attribute 'process'"),
    ],
)
def test_a_form_that_pulsar_cannot_call_fails_for_each_message_in_its_words_and_warns_at_once(forms, class_name, failure):
    loaded = forms.load("function.py", class_name)

    for _message in range(2):
        with pytest.raises((AttributeError, TypeError)) as caught:
            call(loaded)
        assert f"{type(caught.value).__name__}: {caught.value}" == failure
    assert len(loaded.warnings) == 1
    assert "each message fails" in loaded.warnings[0]


@pytest.mark.parametrize(
    ("class_name", "output"),
    [
        ("function.Echo", "Echo a"),
        ("function.NoBase", "NoBase a"),
        ("function.Defaults", "hello!"),
        ("function.Static", "Static a str"),
        ("function.factory", "Echo a"),
        ("function.lazy", "Echo a"),
        ("function", "module a"),
    ],
)
def test_a_form_that_pulsar_can_call_works_without_a_word(forms, class_name, output):
    loaded = forms.load("function.py", class_name)

    assert call(loaded) == output
    assert loaded.warnings == ()
    assert loaded.class_name == class_name
    assert (loaded.instance is not None) == loaded.takes_context == (class_name != "function")


def test_a_static_process_runs_without_context_when_the_constructor_fails_even_by_sys_exit(forms):
    loaded = forms.load("function.py", "function.StaticPure")

    assert call(loaded) == "StaticPure a"
    assert loaded.instance is None
    assert "SystemExit: 3" in loaded.warnings[0]
    assert "without a context" in loaded.warnings[0]


def test_a_class_without_process_of_its_own_returns_nothing_and_warns(forms):
    loaded = forms.load("function.py", "function.Empty")

    assert call(loaded) is None
    assert "no process of its own" in loaded.warnings[0]


def test_a_function_may_rebind_its_process_while_it_runs(forms):
    loaded = forms.load("function.py", "function.Rebinds")

    assert [call(loaded), call(loaded)] == ["first", "second"]


@pytest.mark.parametrize(
    ("class_name", "explanation"),
    [
        ("Echo", ["No module named 'Echo'", "Write function.Echo."]),
        ("nomodule.Echo", ["No module named 'nomodule'", "The code has: function."]),
        ("functoin.Echo", ["No module named 'functoin'", "Nearest: function."]),
        ("function.Ecko", ["There is no 'Ecko' in function.", "Nearest: Echo."]),
        ("function. Echo", ["There is no ' Echo' in function.", "Nearest: Echo."]),
        ("function.Echo.process", ["'function' is not a package", "write function.Echo."]),
        ("function.", ["There is no '' in function."]),
        ("", ["Empty module name"]),
        ("..function", []),
        ("serde.Echo", ["module 'pulsar.functions.serde' has no attribute 'Echo'"]),
    ],
)
def test_a_class_path_that_names_nothing_is_refused_in_the_words_of_the_real_start(forms, class_name, explanation):
    text = forms.refusal("function.py", class_name)

    assert text.startswith(f"Could not import User Function Module {class_name}\n")
    for words in explanation:
        assert words in text


def test_an_import_that_fails_is_tried_twice_as_on_a_cluster(project):
    project.write(
        "twice.py",
        """
        import sibling


        if sibling.attempts.append(1) or len(sibling.attempts) == 1:
            raise RuntimeError("first attempt")


        def process(input):
            return len(sibling.attempts)
        """,
    )
    project.write("sibling.py", "attempts = []\n")

    assert call(project.load("twice.py", "twice")) == 2


def test_code_that_exits_while_it_is_imported_ends_the_load_and_says_what_a_cluster_does(project):
    project.write("exits.py", "import sys\n\nsys.exit(3)\n")

    text = project.refusal("exits.py", "exits.F")

    assert "exits.py, line 3 calls sys.exit(3) while it is imported" in text
    assert "started again every 30 seconds" in text


def test_a_module_may_put_another_object_in_its_place(project):
    project.write(
        "function.py",
        """
        import sys


        class Namespace:
            class F:
                def process(self, input, context):
                    return "substituted"


        sys.modules[__name__] = Namespace
        """,
    )

    assert call(project.load("function.py", "function.F")) == "substituted"


def test_a_file_name_with_a_dash_is_a_module_like_any_other(project):
    project.write("my-function.py", "class F:\n    def process(self, input, context):\n        return 'dash'\n")

    assert call(project.load("my-function.py", "my-function.F")) == "dash"


def test_the_interrupt_key_during_the_constructor_is_not_hidden(project):
    project.write("function.py", "class F:\n    def __init__(self):\n        raise KeyboardInterrupt\n")

    with pytest.raises(KeyboardInterrupt):
        project.load("function.py", "function.F")


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("async def process(self, input, context):\n        return input", "coroutine"),
        ("def process(self, input, context):\n        yield input", "generator"),
        ("async def process(self, input, context):\n        yield input", "async_generator"),
    ],
)
def test_a_process_whose_body_never_runs_is_warned_about(project, body, kind):
    project.write("function.py", f"class F:\n    {body}\n")

    (warning,) = project.load("function.py", "function.F").warnings

    assert f"TypeError: IdentitySerde cannot serialize object of type <class '{kind}'>" in warning
