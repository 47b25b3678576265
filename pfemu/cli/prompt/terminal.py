"""``pfemu run`` on a terminal: a prompt, and what the functions do as they do it.

The emulator runs live: the engine on its own thread, each function on another, the prompt on the main one. prompt_toolkit keeps
the line being typed below what is printed meanwhile.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from functools import partial
from typing import TYPE_CHECKING, TextIO

from prompt_toolkit import PromptSession
from prompt_toolkit.input.vt100 import Vt100Input
from prompt_toolkit.patch_stdout import patch_stdout
from prompt_toolkit.shortcuts import CompleteStyle

from pfemu.cli.debugging import breakpoints
from pfemu.cli.exit_codes import FUNCTION_FAILED, OK
from pfemu.cli.prompt.commands_prompt import PromptCommands, QuitAskedFor
from pfemu.cli.prompt.last_messages import wait_for_last_messages
from pfemu.cli.prompt.run_commands import run_commands
from pfemu.cli.prompt.shared_terminal import SharedTerminal
from pfemu.cli.reloading.run_reloading import terminal_reloading
from pfemu.cli.reporting.reporters import TerminalReporter
from pfemu.cli.reporting.screen import Screen
from pfemu.cli.reporting.styles import Styles, wants_color
from pfemu.cli.running.admin_endpoint import tell_address
from pfemu.cli.running.input_lines import Parse, text_with_key
from pfemu.cli.running.pump import Sender
from pfemu.cli.running.session import Session
from pfemu.errors import InputError
from pfemu.scheduling.movable import MovableScheduler

if TYPE_CHECKING:
    from pfemu.cli.options.settings import RunSettings
    from pfemu.cli.reloading.run_reloading import Reloading
    from pfemu.cli.reporting.notes import Notes
    from pfemu.ports import Message


class KeysKept(Vt100Input):
    """A terminal whose mode does not change while something is printed: it would swallow a Ctrl-D that is pressed just then."""

    def cooked_mode(self) -> AbstractContextManager[None]:
        """Leave the mode as it is."""
        return nullcontext()


class LiveReporter(TerminalReporter):
    """A terminal's reporter that can be waited for: every answer to a message wakes who waits for ``answered``."""

    watches_acknowledgements = True

    def __init__(self, write: Callable[[str], object], styles: Styles, notes: Notes, answered: threading.Condition) -> None:
        super().__init__(write, styles, notes)
        self.answered = answered

    def acknowledged(self, message: object, topic: str) -> None:  # noqa: ARG002 - an Observer's
        """Wake who waits."""
        with self.answered:
            self.answered.notify_all()

    def negatively_acknowledged(self, message: Message) -> None:  # noqa: ARG002 - an Observer's
        """Wake who waits."""
        with self.answered:
            self.answered.notify_all()


class TerminalRun:
    """Asks for lines until Ctrl-D or Ctrl-C."""

    def __init__(self, settings: RunSettings, stdin: TextIO) -> None:
        """Take the settings, and the terminal's keys."""
        self._settings = settings
        self._stdin = stdin
        self._answered = threading.Condition()
        self._scheduler: MovableScheduler

    def run(self) -> int:
        """Run and return the exit code; raises as :class:`Session` does."""
        keys = KeysKept(self._stdin)
        prompt: PromptSession[str] = PromptSession(input=keys, reserve_space_for_menu=0, complete_style=CompleteStyle.READLINE_LIKE)
        with patch_stdout(raw=True):
            screen = Screen(sys.stdout, Styles(on=wants_color(self._settings.color, sys.__stdout__ or sys.stdout)))
            terminal = SharedTerminal(prompt, screen, self._stdin)
            with (
                breakpoints(terminal.stop),
                self._deployed(screen) as session,
                closing(session.serve_admin()) as endpoint,
                terminal_reloading(session, self._settings, screen) as reloading,
            ):
                with terminal.asking():
                    session.introduce(on_terminal=True)
                    tell_address(endpoint, screen, None)
                    session.send_seeds()
                    self._ask(session, reloading, terminal, screen)
                wait_for_last_messages(session, self._answered)
                terminal.wait_for_return()
                summaries = session.finish()
        return FUNCTION_FAILED if session.refused or any(each.failed for each in summaries) else OK

    @contextmanager
    def _deployed(self, screen: Screen) -> Iterator[Session]:
        self._scheduler = scheduler = MovableScheduler(on_error=screen.write_failure)
        try:
            session = Session(
                self._settings, screen, scheduler, lambda notes, _function: LiveReporter(screen.write, screen.styles, notes, self._answered)
            )
            try:
                yield session
            finally:
                session.close()
        finally:
            scheduler.close()

    def _ask(self, session: Session, reloading: Reloading | None, terminal: SharedTerminal, screen: Screen) -> None:
        separator = self._settings.key_separator
        parse = None if separator is None else text_with_key(separator)
        sender = Sender(session.emulator, session.target)
        commands = PromptCommands(run_commands(session, self._scheduler, reloading, sender, screen.styles), screen.styles)
        while True:
            try:
                line = terminal.line(commands)
                message = commands.message(line)
                if message is None:
                    screen.write_all(commands.run(line))
                elif message:
                    session.emulator.scheduler.call(partial(_send, sender, message.encode(errors="surrogateescape"), parse))
            except InputError as error:
                screen.write(screen.styles.error(f"error: {error}"))
            except (EOFError, KeyboardInterrupt, QuitAskedFor):
                return


def _send(sender: Sender, line: bytes, parse: Parse | None) -> None:
    if parse is None:
        sender.send_lines([line])
    else:
        sender.send_parsed([line], parse, 1)
