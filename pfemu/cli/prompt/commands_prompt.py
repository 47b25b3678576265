"""Commands at the terminal's prompt: a line that begins with a colon. Every other line is a message to the function.

A message that begins with a colon is typed with two.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from prompt_toolkit.completion import CompleteEvent, Completer, Completion

from pfemu.model.nearest_name import nearest_name

if TYPE_CHECKING:
    from prompt_toolkit.document import Document

    from pfemu.cli.reporting.styles import Styles

_MARK = ":"


@dataclass(frozen=True, slots=True)
class PromptCommand:
    """One command: what it is called, its letter, what is said about it, and what it does with what follows its name.

    ``run`` returns lines to show.
    """

    name: str
    letter: str
    help: str
    run: Callable[[str], Iterable[str]]
    argument: str = ""


class QuitAskedFor(Exception):  # noqa: N818 - no error: somebody wants to leave
    """``:quit`` was typed."""


class CommandRefusedError(Exception):
    """A command cannot do what it was asked; the text says why."""


class PromptCommands(Completer):
    """The commands of a prompt, by name and by letter; also what completes them."""

    def __init__(self, commands: Iterable[PromptCommand], styles: Styles) -> None:
        help_command = PromptCommand("help", "h", "What can be typed here", self._help)
        self._commands = [*commands, help_command, PromptCommand("quit", "q", "End, as Ctrl-D does", _quit)]
        self._by_name = {name: command for command in self._commands for name in (command.name, command.letter)}
        self._styles = styles

    def message(self, line: str) -> str | None:
        """Return the message that a line is, None for a command."""
        if not line.startswith(_MARK):
            return line
        return line[1:] if line.startswith(_MARK * 2) else None

    def run(self, line: str) -> Iterable[str]:
        """Run the command of a line; return what to show.

        Raises:
            QuitAskedFor: it is time to end.
        """
        name, _, argument = line.removeprefix(_MARK).partition(" ")
        command = self._by_name.get(name)
        if command is None:
            yield self._styles.error(_unknown(name, self._by_name))
            return
        try:
            yield from command.run(argument.strip())
        except CommandRefusedError as refused:
            yield self._styles.error(f":{command.name}: {refused}")

    def _help(self, _argument: str) -> Iterator[str]:
        yield self._styles.faint("Every line is a message, but for these (:: begins a message with a colon):")
        for command in self._commands:
            yield f"  :{command.name} {command.argument}".ljust(21) + f":{command.letter}   {command.help}"

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterator[Completion]:  # noqa: ARG002 - prompt_toolkit's signature
        """Complete the name of a command."""
        text = document.text_before_cursor
        if text.startswith(_MARK) and " " not in text:
            for command in self._commands:
                if command.name.startswith(text[1:]):
                    yield Completion(command.name, start_position=1 - len(text))


def _quit(_argument: str) -> Iterable[str]:
    raise QuitAskedFor


def _unknown(name: str, known: Iterable[str]) -> str:
    nearest = nearest_name(name, [each for each in known if len(each) > 1])
    hint = "" if nearest is None else f"Nearest: :{nearest}. "
    return f"There is no command :{name}. {hint}:help lists them; a message that begins with a colon is typed with two."
