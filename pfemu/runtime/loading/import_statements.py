"""What of the import system has no public name: its locks of names, and which import statement a frame is in the middle of.

* Only the import system's own kind of lock notices when threads wait for each other; with another kind they could wait for ever.
* A thread that waits while another load's imports the same module finds the name in ``sys.modules`` then, and asks no loader any more.
  What it asks next, in the middle of its import statement, is its package's ``__spec__`` (``import package.part``), or the module's
  ``__path__`` (``from package import part``). Others ask for the same two and import nothing (``inspect``, debuggers, pytest). The
  statement itself tells them apart: it is the instruction that the asker's frame is at.

Rejected: an ``__import__`` of a load's own in the ``__builtins__`` of its modules. It would know the asker without a look at frames, but
``importlib.import_module``, ``pickle`` and whatever else looks into ``sys.modules`` do not come by it, so contested names would be needed
all the same, with two ways in instead of one; and a module with ``__builtins__`` of its own does not see what tests patch in ``builtins``.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import _bootstrap as _untyped_bootstrap
from opcode import opmap
from types import FrameType
from typing import Any, TypeAlias

_bootstrap: Any = _untyped_bootstrap  # typeshed leaves out what has no other name
ModuleLock: TypeAlias = Any
"""A lock of the import system's own kind, which notices when threads wait for each other."""


@contextmanager
def module_lock(locks: dict[str, ModuleLock], name: str) -> Iterator[bool]:
    """Hold a name's lock within the block; gives False, and holds nothing, when its owner waits for this thread."""
    lock = locks.setdefault(name, _bootstrap._ModuleLock(name))  # noqa: SLF001 - see ModuleLock
    try:
        lock.acquire()
    except _bootstrap._DeadlockError:  # noqa: SLF001 - as above
        yield False
        return
    try:
        yield True
    finally:
        lock.release()


def settle(name: str) -> None:
    """Wait until no other thread is importing the name."""
    _bootstrap._lock_unlock_module(name)  # noqa: SLF001 - there is no public name for it


_FIND_SUBMODULE = _bootstrap._find_and_load_unlocked.__code__  # noqa: SLF001 - there is no public name for it
_IMPORT_NAME, _EXTENDED_ARG = opmap["IMPORT_NAME"], opmap["EXTENDED_ARG"]
_INSTRUCTION_BYTES = 2


def is_import(frame: FrameType) -> bool:
    """Tell whether a frame is in the middle of an import."""
    return frame.f_code is _FIND_SUBMODULE or name_in_statement(frame) is not None


def name_in_statement(frame: FrameType) -> str | None:
    """Return the name in the import statement that a frame is executing, None in any other."""
    code, at = frame.f_code.co_code, frame.f_lasti
    if code[at] != _IMPORT_NAME:
        return None
    number, shift = code[at + 1], 0
    while at >= _INSTRUCTION_BYTES and code[at - _INSTRUCTION_BYTES] == _EXTENDED_ARG:
        at, shift = at - _INSTRUCTION_BYTES, shift + 8
        number |= code[at + 1] << shift
    return frame.f_code.co_names[number]
