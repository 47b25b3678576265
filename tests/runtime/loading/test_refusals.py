"""What cannot be loaded, and what is said about it: what happened, what was expected, what is nearest, what to do."""

import importlib
import sys

import pytest

import pfemu.runtime.loading.explanations as explained
from pfemu.runtime.loading.known_packages import package_of

FUNCTION = "def process(input):\n    return input\n"


def test_a_file_that_is_not_there_is_refused_with_the_nearest(project):
    project.write("exclamation.py", FUNCTION)
    project.write("notes.txt")

    text = project.refusal(f"{project.directory}/exclamaton.py")

    assert text.splitlines() == [
        f"There is no file {project.directory}/exclamaton.py.",
        f"{project.directory} has: exclamation.py.",
        "Nearest: exclamation.py.",
    ]


def test_a_file_in_a_directory_that_is_not_there_is_refused_by_the_directory(project):
    assert f"there is no directory {project.directory}/functions." in project.refusal(f"{project.directory}/functions/function.py")


def test_a_directory_is_refused_with_the_files_in_it(project):
    project.write("functions/upper.py", FUNCTION)

    text = project.refusal(project.directory / "functions")

    assert "is a directory; a function is a file, a .zip or a .whl.\nIt has: upper.py." in text


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("function.txt", "function.txt is not a Python file; a function is a .py, a .zip or a .whl.\nNearest: function.py."),
        ("function.jar", "function.jar is code for Pulsar's Java runtime"),
        ("function.go", "function.go is code for Pulsar's Go runtime"),
        (
            "function.v2.py",
            "function.v2.py cannot be imported: a dot in a module's name means a package.\nRename it, for example to function_v2.py.",
        ),
    ],
)
def test_a_file_of_another_kind_is_refused(project, name, words):
    project.write("function.py", FUNCTION)
    project.write(name, FUNCTION)

    assert words in project.refusal(project.directory / name)


def test_a_syntax_error_shows_file_line_source_and_caret(project):
    project.write("function.py", "class F:\n    def process(self, input, context)\n        return input\n")

    lines = project.refusal("function.py").splitlines()

    assert lines[0] == "function.py, line 2: expected ':'"
    assert lines[2:4] == ["    def process(self, input, context)", "                                     ^"]
    assert lines[-1] == "Correct that line: nothing of the file was run."


def test_a_syntax_error_in_a_neighbour_names_the_neighbour(project):
    project.write("function.py", "import prices\n\n" + FUNCTION)
    project.write("prices.py", "RATE = = 3\n")

    assert project.refusal("function.py").startswith("prices.py, line 1: invalid syntax")


def test_a_class_path_into_a_file_with_a_syntax_error_begins_with_the_words_of_the_real_start(project):
    project.write("syntax.py", "class F:\n    def process(self, input, context)\n        return input\n")

    lines = project.refusal("syntax.py", "syntax.F").splitlines()

    assert lines[:2] == ["Could not import User Function Module syntax.F", "syntax.py, line 2: expected ':'"]


@pytest.mark.parametrize("content", [b"\x00def process(i): ...\n", b"X = '\xff'\n"])
def test_a_file_that_is_no_text_is_refused(project, content):
    (project.directory / "function.py").write_bytes(content)

    assert project.refusal("function.py")


def test_an_exception_while_importing_shows_the_users_frames_only(project):
    project.write("function.py", "import setup_things\n\n" + FUNCTION)
    project.write("setup_things.py", "import json\n\njson.loads('{')\n")

    text = project.refusal("function.py")

    assert text.startswith("setup_things.py, line 3: the import ends with JSONDecodeError.\nTraceback (most recent call last):\n")
    assert text.count("  File ") == 2
    assert f'File "{project.directory}/setup_things.py", line 3' in text
    assert "json/decoder.py" not in text
    assert text.splitlines()[-1].startswith("json.decoder.JSONDecodeError: ")


def test_the_cause_of_an_exception_is_shown_with_the_users_frames_too(project):
    project.write(
        "function.py",
        """
        import json

        try:
            json.loads("{")
        except ValueError as error:
            raise RuntimeError("no settings") from error
        """,
    )

    text = project.refusal("function.py")

    assert "JSONDecodeError" in text
    assert "direct cause" in text
    assert text.splitlines()[-1] == "RuntimeError: no settings"
    assert "json/decoder.py" not in text


def test_an_exception_group_shows_the_users_frames_of_all_its_parts(project):
    project.write(
        "function.py",
        """
        import json

        errors = []
        for text in ("{", "["):
            try:
                json.loads(text)
            except ValueError as error:
                errors.append(error)
        raise ExceptionGroup("both", errors)
        """,
    )

    text = project.refusal("function.py")

    assert text.count("JSONDecodeError") == 2
    assert "json/decoder.py" not in text


def test_a_missing_dependency_names_the_import_and_the_package_to_install(project):
    project.write("function.py", "import json\nimport no_such_module.part as part\n\n" + FUNCTION)

    lines = project.refusal("function.py").splitlines()

    assert lines[:2] == ["function.py, line 2: import no_such_module.part as part", "No module named 'no_such_module'."]
    assert "pip install no_such_module" in lines[2]


@pytest.mark.parametrize(
    ("module", "package"),
    [
        ("PIL", "Pillow"),
        ("yaml", "PyYAML"),
        ("cv2", "opencv-python-headless"),
        ("sklearn.linear_model", "scikit-learn"),
        ("google.protobuf", "protobuf"),
        ("google.protobuf.message", "protobuf"),
        ("requests", "requests"),
    ],
)
def test_a_module_is_installed_by_its_packages_name(module, package):
    assert package_of(module) == package


def test_a_missing_neighbour_is_refused_with_the_nearest_module(project):
    project.write("function.py", "import pricing\n\n" + FUNCTION)
    project.write("prices.py")
    project.write("pricings.py")

    text = project.refusal("function.py")

    assert "Nearest: pricings." in text
    assert "pip install" not in text


def test_a_name_that_a_neighbour_does_not_have_shows_the_users_import(project):
    project.write("function.py", "from prices import RAET\n\n" + FUNCTION)
    project.write("prices.py", "RATE = 3\n")

    text = project.refusal("function.py")

    assert "from prices import RAET" in text
    assert "cannot import name 'RAET' from 'prices'" in text
    assert text.endswith("Nearest: RATE.")


def test_a_relative_import_in_a_single_file_fails_as_on_a_cluster(project):
    project.write("function.py", "from . import prices\n\n" + FUNCTION)
    project.write("prices.py")

    text = project.refusal("function.py", "function.F")

    assert "attempted relative import with no known parent package" in text
    assert "A file is deployed alone, and imported by its own name, here as on a cluster: it is in no package." in text


@pytest.mark.parametrize(("name", "words"), [("functoin", "no module functoin"), ("functoin.Exclaim", "no module functoin")])
def test_a_dotted_name_that_is_nothing_is_refused_with_the_nearest_file(project, name, words):
    project.write("function.py", FUNCTION)

    text = project.refusal(name, config_directory=project.directory)

    assert words in text
    assert "Nearest: function.py." in text


def test_a_class_path_for_something_that_is_the_function_already_is_refused(project):
    assert "is the function already" in project.refusal(print, "function.F")


def test_what_was_imported_before_a_failure_is_taken_out_again(project):
    project.write("function.py", "import prices\n\nraise RuntimeError('late')\n")
    project.write("prices.py")

    project.refusal("function.py")

    assert not {"function", "prices"} & sys.modules.keys()


def test_a_frame_of_an_installed_package_is_not_the_users_even_below_the_users_directory(project):
    package = project.write("venv/lib/site-packages/broken_package.py", "raise RuntimeError('inside')\n")
    sys.path.append(str(package.parent))
    try:
        importlib.invalidate_caches()
        project.write("function.py", "import broken_package\n\n" + FUNCTION)
        text = project.refusal("function.py")
    finally:
        sys.path.remove(str(package.parent))

    assert "function.py" in text
    assert "site-packages" not in text


def test_long_lists_are_cut_and_counted():
    assert explained.listed([str(number) for number in range(20)], limit=3) == "0, 1, 2 and 17 more"
