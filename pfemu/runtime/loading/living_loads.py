"""Which loads are alive: they are held, in the order in which they began, by the entry in ``sys.meta_path``.

Names are shared out only while there are several, so that a load alone costs what it costs without this package.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from pfemu.runtime.loading.module_loaders import UserModuleFinder, finder

if TYPE_CHECKING:
    from pfemu.runtime.loading.module_space import ModuleSpace


def is_live(space: ModuleSpace) -> bool:
    """Tell whether a load has begun and is not unloaded."""
    entry = finder()
    return entry is not None and space in entry.spaces


def is_alone(space: ModuleSpace) -> bool:
    """Tell whether no other load is alive, so that a load's names need not be shared out."""
    entry = finder()
    return entry is None or entry.spaces.keys() <= {space}


def join(space: ModuleSpace) -> None:
    """Have a load's modules found from now on; the names of one that was alone are shared out."""
    if space.directories.is_empty:
        return
    entry = finder()
    if entry is None:
        entry = UserModuleFinder()
        sys.meta_path.insert(0, entry)
    others = [] if space in entry.spaces else list(entry.spaces)
    entry.spaces[space] = None  # first, so that whatever is found from now on is shared out
    if len(others) == 1:
        others[0].contest_names()


def leave(space: ModuleSpace) -> None:
    """Have a load's modules found no more; one that is alone then has its names for itself."""
    entry = finder()
    if entry is None or space not in entry.spaces:
        return
    del entry.spaces[space]
    if not entry.spaces:
        sys.meta_path.remove(entry)
    elif len(entry.spaces) == 1:
        next(iter(entry.spaces)).end_contests()
