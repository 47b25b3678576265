"""Write docs/parity.md: what was written by hand in docs/parity/, then every ``Differs:`` line of the sources.

A difference stands where it is made, in a comment or a docstring, on a line that starts with ``Differs:``. It goes on until an empty
line, the end of the comment or docstring, or the next ``Differs:``. Run it with ``make docs``; a test fails while the page is stale.
"""

import ast
import io
import tokenize
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "parity.md"
MARK = "Differs:"
HEADING = """# Parity with Pulsar

<!-- Written by docs/make_parity.py (`make docs`): change docs/parity/*.md or the `Differs:` lines in the sources instead. -->

"""
DIFFERENCES = """## Deliberate differences

Each stands in the sources as well, beside the code that makes it.

| module | what differs |
| --- | --- |
"""


def paragraphs(lines: list[str]) -> Iterator[str]:
    """Yield the text of each ``Differs:`` among ``lines``, its continuation lines joined to it."""
    found: list[str] = []
    for line in [*map(str.strip, lines), ""]:
        if found and (not line or line.startswith(MARK)):
            yield " ".join(found)
            found = []
        if found or line.startswith(MARK):
            found.append(line.removeprefix(MARK).strip())


def comment_blocks(source: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the first line number and the texts of each run of comments that stand below one another in one column."""
    block: list[str] = []
    start = last = (0, 0)
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type != tokenize.COMMENT:
            continue
        if block and token.start != (last[0] + 1, last[1]):
            yield start[0], block
            block = []
        start = start if block else token.start
        last = token.start
        block.append(token.string.lstrip("#:"))
    if block:
        yield start[0], block


def docstrings(source: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the line number and the lines of each docstring."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and ast.get_docstring(node, clean=False):
            docstring = node.body[0]
            yield docstring.lineno, (ast.get_docstring(node) or "").splitlines()


def differences(source: str) -> list[str]:
    """Return what a source says it does differently, in the order of its lines."""
    blocks = sorted([*comment_blocks(source), *docstrings(source)])
    return [text for _, lines in blocks for text in paragraphs(lines)]


def rows(*packages: Path) -> Iterator[str]:
    """Yield one row of the table for each difference in the sources of ``packages``."""
    for package in packages:
        for path in sorted(package.rglob("*.py")):
            name = path.relative_to(package.parent).as_posix()
            for text in differences(path.read_text(encoding="utf-8")):
                yield f"| `{name}` | {text.replace('|', '&#124;')} |\n"


def page(written_by_hand: list[Path], packages: list[Path]) -> str:
    """Return the whole page."""
    sections = [path.read_text(encoding="utf-8").strip() + "\n\n" for path in sorted(written_by_hand)]
    return "".join([HEADING, *sections, DIFFERENCES, *rows(*packages)])


def current_page() -> str:
    """Return the page as the repository would have it now."""
    packages = [ROOT / "pfemu", ROOT / "pytest_plugin" / "pytest_pfemu"]
    return page(list((ROOT / "docs" / "parity").glob("*.md")), packages)


if __name__ == "__main__":
    PAGE.write_text(current_page(), encoding="utf-8")
