from io import StringIO

import pytest

from pfemu.cli.reporting.styles import Styles, wants_color


class Terminal(StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize(
    ("choice", "stream", "environment", "expected"),
    [
        ("auto", Terminal(), {}, True),
        ("auto", StringIO(), {}, False),
        ("auto", Terminal(), {"NO_COLOR": "1"}, False),
        ("auto", Terminal(), {"NO_COLOR": ""}, True),
        ("auto", Terminal(), {"CI": "true"}, False),
        ("auto", Terminal(), {"TERM": "dumb"}, False),
        ("always", StringIO(), {"NO_COLOR": "1"}, True),
        ("never", Terminal(), {}, False),
    ],
)
def test_colours_are_for_terminals_unless_said_otherwise(choice, stream, environment, expected):
    assert wants_color(choice, stream, environment) is expected


def test_without_colours_text_stays_as_it_is():
    styles = Styles(on=False)
    assert [styles.output("a"), styles.error("b"), styles.faint("c"), styles.strong("d")] == ["a", "b", "c", "d"]


def test_every_kind_looks_different():
    styles = Styles(on=True)
    paints = [styles.output, styles.error, styles.error_title, styles.warning, styles.published, styles.faint, styles.strong]
    assert len({paint("x") for paint in paints}) == len(paints)
    assert all(paint("x").endswith("x\x1b[0m") for paint in paints)
