"""``pfemu run --debug``: wait for a debugger before the function is loaded.

debugpy binds its breakpoints by file and line, and looks at every code object when it first runs: breakpoints hold in reloaded code, too.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from pfemu.errors import InputError

if TYPE_CHECKING:
    from pfemu.cli.screen import Screen

_HOST = "127.0.0.1"


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
