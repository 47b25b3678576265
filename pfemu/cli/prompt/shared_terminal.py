"""One terminal for the prompt and the debugger: whoever needs it takes it, and the prompt steps aside.

``breakpoint()`` stops the function's own thread. The prompt's line is kept, the keys go to the debugger, and what others have to say waits.
"""

from __future__ import annotations

import pdb  # noqa: T100 - what breakpoint() starts is made here
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import TYPE_CHECKING, Any, TextIO, cast

from prompt_toolkit.input.vt100 import Vt100Input

if TYPE_CHECKING:
    from prompt_toolkit import PromptSession
    from prompt_toolkit.completion import Completer

    from pfemu.cli.reporting.screen import Screen


class SteppedAside(Exception):  # noqa: N818 - no error: the prompt makes room
    """The prompt was left because a debugger needs the terminal."""


class SharedTerminal:
    """Hands the terminal from the prompt's thread to a debugger's, and back."""

    def __init__(self, prompt: PromptSession[str], screen: Screen, keys: TextIO) -> None:
        self.keys = keys
        self._prompt = prompt
        self._screen = screen
        self._changed = threading.Condition()
        self._wanted = 0
        self._is_asked_for_lines = False
        self._is_free = False
        self._one_at_a_time = threading.Lock()

    @contextmanager
    def asking(self) -> Iterator[None]:
        """Ask for lines within the block: a debugger that wants the terminal is given it only when the prompt has stepped aside."""
        self._set(is_asked_for_lines=True)
        try:
            with self._prompt.input.raw_mode():  # between two prompts, too: a key pressed there waits for the next one
                yield
        finally:
            self._set(is_asked_for_lines=False)

    def _set(self, *, is_asked_for_lines: bool) -> None:
        with self._changed:
            self._is_asked_for_lines = is_asked_for_lines
            self._changed.notify_all()

    def line(self, completer: Completer) -> str:
        """Ask for a line; whoever wants the terminal meanwhile gets it, and what was typed so far is kept."""
        typed = ""
        while True:
            if self._wanted:
                self._step_aside()
            try:
                return self._prompt.prompt("> ", completer=completer, complete_while_typing=False, default=typed, pre_run=self._check)
            except SteppedAside:
                typed = self._prompt.default_buffer.text

    def _check(self) -> None:
        if self._wanted:
            _leave(self._prompt.app)

    def _step_aside(self) -> None:
        with Vt100Input.cooked_mode(cast("Vt100Input", self._prompt.input)):
            with self._changed:
                self._is_free = True
                self._changed.notify_all()
            self.wait_for_return()
            self._is_free = False

    def wait_for_return(self) -> None:
        """Let whoever wants the terminal have it until he is done. Ctrl-C is the debugger's matter meanwhile."""
        while True:
            with suppress(KeyboardInterrupt), self._changed:
                self._changed.wait_for(lambda: not self._wanted)
                return

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Have the terminal within the block; by a debugger's thread."""
        with self._one_at_a_time:
            with self._changed:
                self._wanted += 1
            self._end_prompt()
            with self._changed:
                self._changed.wait_for(lambda: self._is_free or not self._is_asked_for_lines)
            self._screen.hold()
            try:
                yield
            finally:
                self._screen.release()
                with self._changed:
                    self._wanted -= 1
                    self._changed.notify_all()

    def stop(self, frame: FrameType) -> None:
        """Have a debugger stop in a frame and ask for commands here."""
        TerminalDebugger(self).set_trace(frame)

    def _end_prompt(self) -> None:
        app = self._prompt.app
        loop = app.loop
        if loop is not None and app.is_running:
            with suppress(RuntimeError):  # it ended by itself meanwhile
                loop.call_soon_threadsafe(_leave, app)


def _leave(app: Any) -> None:  # noqa: ANN401 - an Application, whose result no type tells
    if app.is_running and not app.is_done:
        app.exit(exception=SteppedAside())


class TerminalDebugger(pdb.Pdb):
    """pdb on a shared terminal. It speaks to the terminal itself: the function's prints go elsewhere."""

    def __init__(self, terminal: SharedTerminal) -> None:
        super().__init__(stdin=terminal.keys, stdout=sys.__stdout__, nosigint=True)
        self._terminal = terminal
        self._has_terminal = False
        self._said_early: list[str] = []

    def interaction(self, *arguments: Any) -> None:  # noqa: ANN401 - pdb's own, which differ between versions of Python
        """Ask for commands while the terminal is ours."""
        with self._terminal.taken():
            self._has_terminal = True
            try:
                for early in self._said_early:
                    super().message(early)
                self._said_early.clear()
                super().interaction(*arguments)
            finally:
                self._has_terminal = False

    def message(self, msg: str) -> None:
        """Say it once the terminal is ours: before it asks, pdb says why it stops (``--Return--``)."""
        if self._has_terminal:
            super().message(msg)
        else:
            self._said_early.append(msg)
