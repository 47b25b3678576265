"""Nothing in the repository depends on the machine it was made on."""

import re

import pytest

from tests.architecture.source_tree import name_of, tracked_files

# Written so that this file does not hold what it looks for.
REFUSED = {
    "an absolute path of one machine": r"(?<![\w.:/-])/(?:work|root|home/\w+|tmp|Users/\w+)(?:/|\b)",
    "the host of a package registry": r"py[p]i\.org|pythonhoste[d]\.org|registry\.np[m]js|crate[s]\.io|repo1?\.mave[n]\.",
    "an index given to pip": r"--(?:extra-)?index-ur[l]|--trusted-hos[t]",
    "the number of an issue": r"\bissue [#]?\d",
}


def text_of(path):
    """Return the text of a file, or nothing for one that holds none."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


@pytest.mark.parametrize("refused", REFUSED)
def test_no_tracked_file_names(refused):
    pattern = re.compile(REFUSED[refused], re.IGNORECASE)
    found = [
        f"{name_of(path)}:{number}: {line.strip()[:120]}"
        for path in tracked_files()
        for number, line in enumerate(text_of(path).splitlines(), start=1)
        if pattern.search(line)
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("refused", "line"),
    [
        ("an absolute path of one machine", "open('/" + "tmp/x')"),
        ("an absolute path of one machine", "see /" + "work/main"),
        ("the host of a package registry", "https://py" + "pi.org/simple"),
        ("an index given to pip", "pip install --index-" + "url x"),
        ("the number of an issue", "see issue " + "3"),
    ],
)
def test_what_is_refused_is_found(refused, line):
    assert re.search(REFUSED[refused], line, re.IGNORECASE)


@pytest.mark.parametrize("line", ["$HOME/tmp/x", "./tmp/x", "http://host/root", "home/work", "tests/tmp"])
def test_a_path_of_no_machine_is_let_pass(line):
    assert not re.search(REFUSED["an absolute path of one machine"], line)
