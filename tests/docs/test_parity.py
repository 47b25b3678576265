"""docs/parity.md says what the sources say."""

import importlib
import inspect

import pulsar
import pytest

from docs import make_parity
from pfemu.model.warnings.happenings import HAPPENINGS
from pfemu.model.warnings.ignored_settings import ROWS, ROWS_OF_COMMAND
from pfemu.runtime.context import ContextImpl
from pfemu.runtime.guarantees import Event
from tests.architecture.source_tree import ROOT


def test_the_page_is_fresh():
    assert make_parity.PAGE.read_text(encoding="utf-8") == make_parity.current_page(), "stale: run `make docs`"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("x = 1  # Differs: y is 2.", ["y is 2."]),
        ("# Differs: one\n# and more\n#\n# not this\n", ["one and more"]),
        ("# Differs: one\n# Differs: two\n", ["one", "two"]),
        ("# Why it is so.\n# Differs: one\nx = 1\n# not this\n", ["one"]),
        ("x = 1  # Differs: one\ny = 2\n# Differs: two\n", ["one", "two"]),
        ('"""Module.\n\nDiffers: one\n    indented\n\nnot this\n"""\n', ["one indented"]),
        ('"""Differs: the whole docstring."""\n', ["the whole docstring."]),
        ('def f():\n    """F.\n\n    Differs: of f\n    """\n    # Differs: in f\n', ["of f", "in f"]),
        ('class C:\n    """C.\n\n    Differs: of C\n    """\n\n    async def f(self):\n        """Differs: of f"""\n', ["of C", "of f"]),
        ('x = "Differs: a text, not a difference"\n', []),
        ("# It differs: a sentence, not a mark\n", []),
        ("", []),
    ],
)
def test_a_difference_is_read_from_comment_and_docstring(source, expected):
    assert make_parity.differences(source) == expected


def test_all_that_is_warned_about_is_on_the_page_with_what_shows_it():
    page = make_parity.current_page()
    for each in (*ROWS, *ROWS_OF_COMMAND.values(), *HAPPENINGS):
        assert each.text.replace("|", "&#124;") in page
        assert each.source.replace("|", "&#124;") in page


def test_every_guarantee_and_every_event_are_in_the_table():
    heading, _, *rows = [line for line in make_parity.guarantees().splitlines() if line.startswith("|")]
    assert heading == "| what happened | ATLEAST_ONCE | ATMOST_ONCE | EFFECTIVELY_ONCE | MANUAL |"
    assert [row.split(" | ")[0] for row in rows] == [f"| {event.value}" for event in Event]
    assert rows[0] == "| handed over for processing |  | acknowledged + |  |  |"
    assert rows[-1].count("negatively acknowledged") == 4


def test_every_method_of_the_context_has_a_row():
    public = {name for of in (pulsar.Context, ContextImpl) for name, _ in inspect.getmembers(of, callable) if not name.startswith("_")}
    assert list(make_parity.context_methods()) == sorted(public)


@pytest.mark.parametrize("row", make_parity.context_methods().values(), ids=list(make_parity.context_methods()))
def test_a_row_names_a_recording_and_a_test_that_are_there(row):
    assert list(row) == ["gives", "recording", "test"]
    assert (ROOT / "tests" / "traces" / "recordings" / row["recording"] / "recorded.json").is_file()
    path, *names = row["test"].split("::")
    found = importlib.import_module(path.removesuffix(".py").replace("/", "."))
    for name in names:
        found = getattr(found, name)
    assert callable(found)
    assert names[-1].startswith("test_")


def test_the_page_holds_what_was_written_by_hand_in_the_order_of_names_then_the_table(tmp_path):
    for name, text in [("20-b.md", "## Second\n"), ("10-a.md", "## First\n\nText.\n\n")]:
        (tmp_path / name).write_text(text, encoding="utf-8")
    package = tmp_path / "some_package"
    package.mkdir()
    (package / "one.py").write_text("# Differs: a | b\n", encoding="utf-8")
    (package / "two.py").write_text('"""Two."""\n', encoding="utf-8")
    page = make_parity.page(list(tmp_path.glob("*.md")), [package])
    assert page.startswith(make_parity.HEADING + "## First\n\nText.\n\n## Second\n\n" + make_parity.DIFFERENCES)
    assert page.endswith("| --- | --- |\n| `some_package/one.py` | a &#124; b |\n")
