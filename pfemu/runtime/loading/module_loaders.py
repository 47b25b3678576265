"""What runs a module of the user's (the import system's loaders)."""

from __future__ import annotations

import marshal
from functools import lru_cache
from importlib.machinery import SourceFileLoader
from types import CodeType, ModuleType

from pfemu.runtime.loading.contested_modules import space_of


class UserModuleLoader(SourceFileLoader):
    """Runs a source file of the user's."""

    def get_code(self, fullname: str) -> CodeType:
        """Compile the source as it is now."""
        path = self.get_filename(fullname)
        code: CodeType = marshal.loads(_compiled(self.get_data(path), path))  # noqa: S302 - what _compiled has just made
        return code

    def exec_module(self, module: ModuleType) -> None:
        """Run it, and tell the load it belongs to when that is over already."""
        super().exec_module(module)
        space = space_of(module)
        if space is not None and not space.loading:
            space.loaded_late(module)


class PulsarOwnModule(SourceFileLoader):
    """Stands for a module of Pulsar's own instance, which hides the user's file of that name: it has nothing of that file.

    Differs: on a cluster it has what Pulsar's module has, which is not for users.
    """

    def exec_module(self, module: ModuleType) -> None:
        """Leave it empty."""


@lru_cache(maxsize=256)
def _compiled(source: bytes, path: str) -> bytes:
    # Marshalled, because a code object adapts itself to the one set of globals it runs in.
    return marshal.dumps(compile(source, path, "exec", dont_inherit=True))
