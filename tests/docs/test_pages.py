"""Every code block of README.md and of docs/*.md does what its page says."""

import re
from pathlib import Path

import pytest

from tests.architecture.source_tree import ROOT, name_of
from tests.docs.pages import blocks, copy_of_the_repository, problems

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), *sorted((ROOT / "pytest_plugin").glob("*.md"))]
FENCE = "```"


def fenced(language, text):
    return f"{FENCE}{language}\n{text}\n{FENCE}\n"


@pytest.mark.timeout(300)
@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_every_block_of_the_page_runs_and_prints_what_is_shown(tmp_path, path):
    copy_of_the_repository(tmp_path)
    wrong = problems(path.read_text(encoding="utf-8"), tmp_path)
    assert not wrong, "\n\n".join(f"{name_of(path)}:{problem}" for problem in wrong)


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_every_link_of_the_page_to_the_repository_leads_somewhere(path):
    links = re.findall(r"\]\((?!\w+:|#)([^)#\s]+)", path.read_text(encoding="utf-8"))
    assert [link for link in links if not (path.parent / link).exists()] == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("python", "raise SystemExit('no')"),
        ("python", "import nowhere"),
        ("python", "def test_sums():\n    assert 1 + 1 == 3"),
        ("console", "$ echo tea\ncoffee"),
        ("console", "$ echo tea"),
        ("console", "$ true\ntea"),
        ("console", "$ printf 'tea\\nmilk\\n'\ntea"),
        ("console", "$ false"),
        ("console", "$ false\n$ echo $?\n0"),
        ("console", "$ exit 0\n$ echo tea\ntea"),
        ("console", "$ echo 'tea"),
        ("console", "$ make --dry-run no-such-target\n..."),
        ("console", "tea"),
        ("json", '{"tea": }'),
        ("yaml", "tea: [1"),
        ("toml", "tea ="),
        ("", "tea"),
        ("bash", "echo tea"),
    ],
)
def test_a_block_that_does_not_do_what_is_shown_is_a_problem(tmp_path, language, text):
    (wrong,) = problems("Text.\n\n" + fenced(language, text), tmp_path)
    assert wrong.startswith("3: ")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("python", "import pfemu\nassert pfemu.__version__"),
        ("python", "def test_sums():\n    assert 1 + 1 == 2"),
        ("console", "$ echo tea\ntea"),
        ("console", "$ true"),
        ("console", "$ echo tea >&2\ntea"),
        ("console", "$ echo tea in 12.7 s\ntea in ... s"),
        ("console", "$ seq 1 9\n1\n...\n9"),
        ("console", "$ seq 1 9\n..."),
        ("console", "$ false\n$ echo $?\n1"),
        ("console", "$ TEA=green\n$ echo $TEA\ngreen"),
        ("console", "$ echo tea \\\n> with milk\ntea with milk"),
        ("console", "$ cat <<END\n> tea\n> END\ntea"),
        ("console", "$ python -c 'import pfemu; print(pfemu.__name__)'\npfemu"),
        ("console", "$ git clone somewhere\n$ cd pfemu"),
        ("json", '{"tea": 1}'),
        ("json", '{"tea": 1}\n{"tea": 2}'),
        ("yaml", "tea: 1\n---\nmilk: 2"),
        ("toml", "tea = 1"),
        ("text", "anything"),
    ],
)
def test_a_block_that_does_what_is_shown_is_none(tmp_path, language, text):
    assert problems(fenced(language, text), tmp_path) == []


def test_a_block_that_names_a_file_is_saved_for_the_blocks_after_it(tmp_path):
    page = fenced("python", "# tea/green.py\nname = 'sencha'") + fenced(
        "console", "$ python -c 'import tea.green as t; print(t.name)'\nsencha"
    )
    assert problems(page, tmp_path) == []
    assert (tmp_path / "tea" / "green.py").exists()


def test_a_block_is_skipped_for_a_reason_only(tmp_path):
    block = fenced("python", "raise SystemExit('no')")
    assert problems("<!-- not run: needs a cluster -->\n" + block, tmp_path) == []
    assert len(problems("<!-- not run -->\n" + block, tmp_path)) == 1


def test_a_fence_of_four_holds_a_fence_of_three():
    (block,) = blocks("````text\n```python\n1\n```\n````\n")
    assert block.text == "```python\n1\n```\n"


def test_the_copy_holds_what_a_clone_would_hold(tmp_path):
    copy_of_the_repository(tmp_path)
    assert (tmp_path / "pfemu" / "py.typed").is_file()
    assert not (tmp_path / ".git").exists()
    assert not list(Path(tmp_path).glob("pfemu/**/*.pyc"))
