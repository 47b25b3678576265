"""What makes and runs a module of the user's (the import system's finder and loaders)."""

from __future__ import annotations

import marshal
import sys
from collections.abc import Sequence
from functools import lru_cache
from importlib.machinery import ModuleSpec, SourceFileLoader
from types import CodeType, ModuleType
from typing import TYPE_CHECKING

from pfemu.runtime.loading.contested_modules import ContestedModule, asking_space, contest_of

if TYPE_CHECKING:
    from pfemu.runtime.loading.module_space import ModuleSpace


class UserModuleFinder:
    """The entry in ``sys.meta_path`` for all loads, which it holds in order; it is there while there are any."""

    def __init__(self) -> None:
        self.spaces: dict[ModuleSpace, None] = {}

    def find_spec(self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:  # noqa: ARG002 - the import system's signature
        """Ask the load whose code is running."""
        space = asking_space()
        return None if space is None else space.find_spec(fullname, path)


def finder() -> UserModuleFinder | None:
    """Return the entry in ``sys.meta_path``, None while nothing is loaded."""
    return next((entry for entry in sys.meta_path if isinstance(entry, UserModuleFinder)), None)


class UserModuleLoader(SourceFileLoader):
    """Runs a source file of the user's, compiled as it is now.

    No ``.pyc`` is read (within a second of a save it would be the old one) or written.
    """

    def __init__(self, fullname: str, path: str, space: ModuleSpace) -> None:
        super().__init__(fullname, path)
        self._space = space

    def get_code(self, fullname: str) -> CodeType:
        """Compile the source."""
        path = self.get_filename(fullname)
        code: CodeType = marshal.loads(_compiled(self.get_data(path), path))  # noqa: S302 - what _compiled has just made
        return code

    def exec_module(self, module: ModuleType) -> None:
        """Run it, and note it as the user's."""
        super().exec_module(module)
        self._space.note(module)


class PulsarOwnModule(UserModuleLoader):
    """Stands for a module of Pulsar's own instance, which hides the user's file of that name: it has nothing of that file.

    Differs: on a cluster it has what Pulsar's module has, which is not for users.
    """

    def get_code(self, fullname: str) -> CodeType:
        """Leave the module empty."""
        return compile("", self.get_filename(fullname), "exec")


class ContestedLoader:
    """Lets the import system put a contested name into ``sys.modules`` as if it had loaded it."""

    def __init__(self, contested: ContestedModule, space: ModuleSpace) -> None:
        self._contested = contested
        self._space = space

    def create_module(self, spec: ModuleSpec) -> ModuleType:  # noqa: ARG002 - the import system's signature
        """Return what stands for all of them."""
        return self._contested

    def exec_module(self, module: ModuleType) -> None:  # noqa: ARG002 - as above
        """Run the one of the load that asked."""
        self._space.execute(contest_of(self._contested))


@lru_cache(maxsize=64)
def _compiled(source: bytes, path: str) -> bytes:
    # Marshalled, because a code object adapts itself to the one set of globals it runs in.
    return marshal.dumps(compile(source, path, "exec", dont_inherit=True))
