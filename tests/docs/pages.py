"""Runs the code blocks of a Markdown page as its reader would, in a copy of the repository.

What a block must be for the page to pass:

``python``
    a script of its own, or a test: a block with a ``def test_`` in it is run by pytest.
``console``
    commands after ``$ `` (continued after ``> `` where a command ends in a backslash or opens a here-document), each followed by what it
    prints. ``...`` stands for any text in a line, and for any lines where it stands alone. A command that fails is an error
    unless the next one is ``$ echo $?``.
``json``, ``yaml``, ``toml``
    readable.
``text``
    anything: it is not run.

A block whose first line is a comment with a file name, ``# orders.py``, is saved under that name first, for the blocks after it. Any other
kind needs ``<!-- not run: why -->`` on the line above it.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from tests.architecture.source_tree import ROOT

FENCE = re.compile(r"^(?P<fence>```+) *(?P<language>\w*)[^\n]*\n(?P<text>.*?)^(?P=fence) *$", re.MULTILINE | re.DOTALL)
FILE_NAME = re.compile(r"# (?P<name>[\w-][\w./-]*\.\w+)\n")
NOT_RUN = re.compile(r"<!-- not run: \S+ .*-->")
# What a page shows to a reader who has nothing yet, and what would run the page from within itself.
SHOWN_ONLY = re.compile(r"git clone .*|cd pfemu|pip install pfemu.*")
TARGET_ONLY = re.compile(r"make (?:bench|check|clean|coverage|docs|floors|test|traces)")
END_OF_COMMAND = re.compile("\x01(\\d+)\x01\n")


@dataclass(frozen=True, slots=True)
class Block:
    """One fenced block: the line it starts on, its language, its text, and the last line with text above it."""

    line: int
    language: str
    text: str
    above: str


@dataclass(frozen=True, slots=True)
class Command:
    """One command of a console block, and what is shown below it."""

    text: str
    shown: str

    @property
    def takes_exit_code(self) -> bool:
        """Whether it looks at the exit code of the command before it."""
        return self.text == "echo $?"

    @property
    def to_run(self) -> str:
        """What the shell is given."""
        if TARGET_ONLY.fullmatch(self.text):
            return self.text.replace("make", "make --dry-run")
        return ":" if SHOWN_ONLY.fullmatch(self.text) else self.text

    def printed_as_shown(self, printed: str) -> bool:
        """Tell whether ``printed`` is what is shown, or the command is only shown."""
        return self.to_run != self.text or _pattern(self.shown).fullmatch(_stripped(printed)) is not None


def blocks(page: str) -> Iterator[Block]:
    """Yield the fenced blocks of a page."""
    for fenced in FENCE.finditer(page):
        before = page[: fenced.start()]
        above = before.rstrip().rpartition("\n")[2]
        yield Block(before.count("\n") + 1, fenced["language"], fenced["text"], above)


def commands(console: str) -> Iterator[Command]:
    """Yield the commands of a console block."""
    first, *parts = re.split(r"^\$ ", console, flags=re.MULTILINE)
    if first or not parts:
        raise ValueError("a console block starts with a command: `$ ...`")
    for part in parts:
        text, _, shown = part.partition("\n")
        while shown.startswith("> ") and (text.endswith("\\") or "<<" in text):
            more, _, shown = shown.partition("\n")
            text += "\n" + more.removeprefix("> ")
        yield Command(text, shown)


def problems(page: str, folder: Path) -> list[str]:
    """Run the blocks of a page in ``folder``; return what is wrong with each, the line number first."""
    found = []
    for block in blocks(page):
        if NOT_RUN.fullmatch(block.above) or block.language == "text":
            continue
        if named := FILE_NAME.match(block.text):
            (folder / named["name"]).parent.mkdir(parents=True, exist_ok=True)
            (folder / named["name"]).write_text(block.text, encoding="utf-8")
        check = CHECKS.get(block.language)
        wrong = check(block.text, folder) if check else f"nothing is known about ```{block.language} blocks"
        if wrong:
            found.append(f"{block.line}: {wrong}")
    return found


def copy_of_the_repository(folder: Path) -> None:
    """Put what a clone would hold into ``folder``, with the environment of the original."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, check=True, text=True
    )
    for name in filter(None, listing.stdout.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    if (ROOT / ".venv").is_dir():
        (folder / ".venv").symlink_to(ROOT / ".venv")
        os.utime(folder / "pyproject.toml", (0, 0))  # older than the environment: make must not install the copy into it


def _run(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a command as in a terminal of its own: nothing of the surrounding test run reaches it."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "PFEMU", "MAKE", "MFLAGS")) and name != "CI"
    }
    environment |= {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}", "COLUMNS": "120", "TERM": "dumb"}
    streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    return subprocess.run(command, cwd=folder, env=environment, text=True, check=False, timeout=120, **streams)


def _python(text: str, folder: Path) -> str:
    is_test = re.search(r"^def test_", text, re.MULTILINE) is not None
    path = folder / ("test_of_the_page.py" if is_test else "script_of_the_page.py")
    path.write_text(text, encoding="utf-8")
    finished = _run([sys.executable, *(["-m", "pytest", "-q", "-p", "no:cacheprovider"] if is_test else []), path.name], folder)
    path.unlink()
    return finished.stdout if finished.returncode else ""


def _console(text: str, folder: Path) -> str:
    try:
        session = list(commands(text))
    except ValueError as error:
        return str(error)
    script = folder / "session_of_the_page.sh"
    lines = [
        f"{command.to_run}\n{{ __exit_code=$?; printf '\\001%d\\001\\n' $__exit_code; (exit $__exit_code); }}\n" for command in session
    ]
    script.write_text("".join(lines), encoding="utf-8")
    answers = END_OF_COMMAND.split(_run(["bash", script.name], folder).stdout)
    script.unlink()
    results = [*zip(answers[0::2], map(int, answers[1::2]), strict=False), *[("(did not run)", 1)] * len(session)]
    wrong = []
    for command, following, (printed, exit_code) in zip(session, [*session[1:], None], results, strict=False):
        failed = exit_code and not command.takes_exit_code and not (following and following.takes_exit_code)
        if failed or not command.printed_as_shown(printed):
            wrong.append(f"$ {command.text}\nshown:\n{command.shown}\nprinted, with exit code {exit_code}:\n{printed}")
    return "\n".join(wrong)


def _stripped(text: str) -> str:
    return "".join(line.rstrip() + "\n" for line in text.rstrip().splitlines())


def _pattern(shown: str) -> re.Pattern[str]:
    lines = _stripped(shown).splitlines()
    return re.compile("".join("(?:.*\n)*?" if line == "..." else re.escape(line).replace(r"\.\.\.", ".*") + "\n" for line in lines))


def _readable(read: Callable[[str], object]) -> Callable[[str, Path], str]:
    def check(text: str, folder: Path) -> str:
        try:
            read(text)
        except (ValueError, yaml.YAMLError) as error:
            return str(error)
        return ""

    return check


def _json_lines(text: str) -> None:
    """Read one JSON value, or one on each line."""
    try:
        json.loads(text)
    except ValueError:
        for line in text.splitlines():
            json.loads(line)


CHECKS: dict[str, Callable[[str, Path], str]] = {
    "console": _console,
    "json": _readable(_json_lines),
    "python": _python,
    "toml": _readable(tomllib.loads),
    "yaml": _readable(lambda text: list(yaml.safe_load_all(text))),
}
