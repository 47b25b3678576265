"""Draw a terminal capture as an SVG: ``tmux capture-pane -p -e | python docs/make_picture.py docs/run.svg``."""

import re
import sys
from pathlib import Path

from rich.console import Console
from rich.text import Text

WIDTH = 100
FETCHED_FONT = re.compile(r"@font-face \{.*?\}\s*|<!-- .*? -->\s*", re.DOTALL)  # a picture fetches nothing


def main(target: str) -> None:
    """Read what a terminal showed, colours included, and write the picture."""
    shown = sys.stdin.read().rstrip() + "\n"
    console = Console(record=True, width=WIDTH, file=Path("/dev/null").open("w", encoding="utf-8"))  # noqa: SIM115 - until the program ends
    console.print(Text.from_ansi(shown), soft_wrap=True)
    picture = console.export_svg(title="pfemu run", unique_id="pfemu")
    Path(target).write_text(FETCHED_FONT.sub("", picture), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
