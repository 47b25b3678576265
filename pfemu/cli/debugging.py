"""Debuggers of ``pfemu run``: one that attaches before the function is loaded (``--debug``), and where ``breakpoint()`` stops.

debugpy binds its breakpoints by file and line, and looks at every code object when it first runs: breakpoints hold in reloaded code, too.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from importlib import import_module
from types import FrameType
from typing import TYPE_CHECKING, TextIO

from pfemu.errors import InputError

if TYPE_CHECKING:
    from pfemu.cli.reporting.screen import Screen

_HOST = "127.0.0.1"
_NO_TERMINAL = (
    "breakpoint() has no terminal here: standard input is for messages. Run it on a terminal, or with --debug and an editor's debugger"
)


def wait_for_debugger(port: int, screen: Screen) -> None:
    """Listen for a client that speaks the Debug Adapter Protocol, and wait for it; port 0 takes one that is free.

    Raises:
        InputError: debugpy is not installed, or cannot listen there.
    """
    try:
        debugpy = import_module("debugpy")  # not a dependency: who debugs has it
    except ImportError:
        raise InputError("--debug needs debugpy, which is not installed here: pip install debugpy") from None
    try:
        _, listening_at = debugpy.listen((_HOST, port))
    except (OSError, RuntimeError) as error:
        raise InputError(f"--debug cannot listen on {_HOST}:{port}: {error}") from None
    screen.write(f"waiting for a debugger on {_HOST}:{listening_at} (attach by debugpy)")
    debugpy.wait_for_client()


@contextmanager
def breakpoints(stop: Callable[[FrameType], object]) -> Iterator[None]:
    """Have ``breakpoint()`` call ``stop`` with the frame it stands in, within the block.

    A debugger that is attached keeps its own, and so does ``PYTHONBREAKPOINT``.
    """
    before = sys.breakpointhook
    if before is sys.__breakpointhook__:
        sys.breakpointhook = partial(_stop_there, stop)
    try:
        yield
    finally:
        sys.breakpointhook = before


def _stop_there(stop: Callable[[FrameType], object], *arguments: object, **keywords: object) -> object:
    if os.environ.get("PYTHONBREAKPOINT"):
        return sys.__breakpointhook__(*arguments, **keywords)  # noqa: T100 - it does what the variable says
    stop(sys._getframe(1))  # noqa: SLF001 - whose breakpoint it is
    return None


def breakpoints_without_prompt(stdin: TextIO | None, *, is_read: bool) -> AbstractContextManager[None]:
    """Have ``breakpoint()`` stop on a terminal that nobody reads within the block, else refuse: who asks there for commands gets none."""
    keys = stdin if stdin is not None and not is_read and stdin.isatty() else None
    return breakpoints(partial(_stop_on_terminal, keys))


def _stop_on_terminal(keys: TextIO | None, frame: FrameType) -> None:
    if keys is None:
        raise RuntimeError(_NO_TERMINAL)
    import pdb  # noqa: T100 - what breakpoint() starts is made here

    pdb.Pdb(stdin=keys, stdout=sys.__stderr__, nosigint=True).set_trace(frame)
