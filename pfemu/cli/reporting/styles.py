"""Colours of a terminal, and when there are any.

Plain escape sequences: what a pipe's errors and a terminal's outputs look like is decided in one place, and costs no import.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Literal, TextIO

ColorChoice = Literal["auto", "always", "never"]


def wants_color(choice: ColorChoice, stream: TextIO, environment: Mapping[str, str] | None = None) -> bool:
    """Tell whether ``stream`` gets colours: by ``--color``, else only on a terminal without ``NO_COLOR`` and outside CI."""
    if choice != "auto":
        return choice == "always"
    variables = os.environ if environment is None else environment
    return stream.isatty() and not variables.get("NO_COLOR") and not variables.get("CI") and variables.get("TERM") != "dumb"


class Styles:
    """Paints text, or leaves it as it is."""

    __slots__ = ("_on",)

    def __init__(self, *, on: bool) -> None:
        self._on = on

    def _paint(self, code: str, text: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self._on and text else text

    def output(self, text: str) -> str:
        """Paint what the function returned."""
        return self._paint("32", text)

    def error(self, text: str) -> str:
        """Paint a failure."""
        return self._paint("31", text)

    def error_title(self, text: str) -> str:
        """Paint the name of a failure."""
        return self._paint("1;31", text)

    def warning(self, text: str) -> str:
        """Paint what deserves a look."""
        return self._paint("33", text)

    def published(self, text: str) -> str:
        """Paint what the function sent to other topics."""
        return self._paint("36", text)

    def faint(self, text: str) -> str:
        """Paint what is there for reference."""
        return self._paint("2", text)

    def strong(self, text: str) -> str:
        """Paint what names the whole."""
        return self._paint("1", text)
