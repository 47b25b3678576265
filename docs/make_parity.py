"""Write docs/parity.md: what was written by hand in docs/parity/, the tables, and every ``Differs:`` line of the sources.

A difference stands where it is made, in a comment or a docstring, on a line that starts with ``Differs:``. It goes on until an empty
line, the end of the comment or docstring, or the next ``Differs:``. Run it with ``make docs``; a test fails while the page is stale.
"""

import ast
import io
import tokenize
import tomllib
from collections.abc import Iterator
from pathlib import Path

from pfemu.model.configuration.choices import ProcessingGuarantees
from pfemu.model.warnings.happenings import HAPPENINGS
from pfemu.model.warnings.ignored_settings import ROWS, ROWS_OF_COMMAND
from pfemu.runtime.guarantees import AckAction, Event, ack_action

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "parity.md"
MARK = "Differs:"
HEADING = """# Parity with Pulsar

<!-- Written by docs/make_parity.py (`make docs`): change docs/parity/*.md or the `Differs:` lines in the sources instead. -->

"""
GUARANTEES = """## Guarantees

What the Python instance does with an input, by guarantee and by what happened (`python_instance.py`). `tests/test_guarantees.py` shows what
comes of it, crashes included. What is negatively acknowledged comes again after a minute, unless it was acknowledged before. The worker
refuses EFFECTIVELY_ONCE for Python; an instance that is started without a worker keeps it. With `autoAck: false` nothing is
acknowledged where a + stands.

"""
_ANSWERS = {
    AckAction.NOTHING: "",
    AckAction.ACKNOWLEDGE: "acknowledged",
    AckAction.ACKNOWLEDGE_CUMULATIVE: "acknowledged up to it",
    AckAction.NEGATIVE_ACKNOWLEDGE: "negatively acknowledged",
}
CONTEXT = ROOT / "docs" / "parity" / "context.toml"
CONTEXT_HEADING = """## The context, method by method

What each gives, the recording of a real Pulsar that shows it (in `tests/traces/recordings/`), and the test here. Arguments and
defaults are those of the installed pulsar-client. There are no asynchronous variants: pulsar-client's context has none.

| method | what it gives | recording | test |
| --- | --- | --- | --- |
"""
DIFFERENCES = """## Deliberate differences

Each stands in the sources as well, beside the code that makes it.

| module | what differs |
| --- | --- |
"""

WARNINGS = """## What a cluster takes without a word

Pulsar 4.0 accepts each of these for a Python function. Here it is said once, as a warning: by `pfemu check` and `pfemu run`, and in the
`warnings` of a function's handle. With `--strict`, or `Emulator(strict=True)`, what the last column calls refused is an error.

A field that Pulsar does not know, and a value that an enumeration does not have (`atmost_once`), take the default there, without a word;
they are named as well, with the nearest that exists.

"""
WARNINGS_TABLE = "| {} | what a cluster makes of it | what shows it | with `--strict` |\n| --- | --- | --- | --- |\n"
HAPPENED = """
What is wrong with the code itself is said when it is loaded: a `process` that is `async` or a generator, one that cannot be called with
what Pulsar hands over, a constructor that fails, a package's missing requirements.

And this is said the moment it happens; a strict `pfemu run` then ends with exit code 1:

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


def warnings() -> str:
    """Return the section with all that is warned about, as two tables."""
    configured = [_warning_row(f"`{row.name}`", row.text, row.source, strict=row.strict) for row in (*ROWS, *ROWS_OF_COMMAND.values())]
    happened = [_warning_row(each.name, each.text, each.source, strict=each.strict) for each in HAPPENINGS]
    return "".join([WARNINGS, WARNINGS_TABLE.format("setting"), *configured, HAPPENED, WARNINGS_TABLE.format("event"), *happened, "\n"])


def _warning_row(name: str, text: str, source: str, *, strict: bool) -> str:
    cells = (name, text, source, "refused" if strict else "warned about")
    return f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |\n"


def guarantees() -> str:
    """Return the section about guarantees, as a table."""
    heading = ["what happened", *map(str, ProcessingGuarantees)]
    rows = [heading, ["---"] * len(heading), *([event.value, *(_answer(each, event) for each in ProcessingGuarantees)] for event in Event)]
    return "".join([GUARANTEES, *(f"| {' | '.join(row)} |\n" for row in rows), "\n"])


def _answer(guarantee: ProcessingGuarantees, event: Event) -> str:
    answer = ack_action(guarantee, event, auto_ack=True)
    return _ANSWERS[answer] + ("" if answer is ack_action(guarantee, event, auto_ack=False) else " +")


def context_methods() -> dict[str, dict[str, str]]:
    """Return what is written of each method of the context: ``gives``, ``recording`` and ``test``."""
    return tomllib.loads(CONTEXT.read_text(encoding="utf-8"))


def context_section() -> str:
    """Return the section about the context, as a table."""
    cells = ((f"`{name}`", row["gives"], f"`{row['recording']}`", f"`{row['test']}`") for name, row in context_methods().items())
    return "".join([CONTEXT_HEADING, *(f"| {' | '.join(cell.replace('|', '&#124;') for cell in row)} |\n" for row in cells), "\n"])


def page(written_by_hand: list[Path], packages: list[Path], *tables: str) -> str:
    """Return the whole page."""
    sections = [path.read_text(encoding="utf-8").strip() + "\n\n" for path in sorted(written_by_hand)]
    return "".join([HEADING, *sections, *tables, DIFFERENCES, *rows(*packages)])


def current_page() -> str:
    """Return the page as the repository would have it now."""
    packages = [ROOT / "pfemu", ROOT / "pytest_plugin" / "pytest_pfemu"]
    return page(list((ROOT / "docs" / "parity").glob("*.md")), packages, warnings(), guarantees(), context_section())


if __name__ == "__main__":
    PAGE.write_text(current_page(), encoding="utf-8")
