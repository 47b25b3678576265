"""What the code of functions imports, wherever it does: some modules are others in a replay."""

from __future__ import annotations

import builtins
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import ModuleType
from typing import Any

_DEPLOYED = "pfemu-packages-"
"""In the path of every file that was deployed."""


@contextmanager
def imports_of_functions(replaced: Mapping[str, ModuleType]) -> Iterator[None]:
    """Give deployed code these modules by their names; everybody else gets the real ones."""
    real = builtins.__import__

    def import_module(
        name: str, globals: Mapping[str, Any] | None = None, locals: Any = None, fromlist: Any = (), level: int = 0
    ) -> ModuleType:
        module = real(name, globals, locals, fromlist, level)
        deployed = globals is not None and _DEPLOYED in (globals.get("__file__") or "")
        return replaced.get(name, module) if deployed and not level else module

    builtins.__import__ = import_module
    try:
        yield
    finally:
        builtins.__import__ = real
