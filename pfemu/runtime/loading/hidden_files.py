"""Files of the user's that a cluster never imports, because its own module of that name is there first."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from types import ModuleType

from pfemu.runtime.loading.class_path import SERDE_MODULE
from pfemu.runtime.loading.cluster_modules import IMPORTED_BEFORE, PULSAR_OWN
from pfemu.runtime.loading.module_loaders import PulsarOwnModule


def is_hidden(module_name: str, *, by_class_path: bool = False) -> bool:
    """Tell whether a cluster has a module of its own under that name; a class path has one more, ``serde``."""
    return module_name in PULSAR_OWN or module_name in IMPORTED_BEFORE or (by_class_path and module_name == SERDE_MODULE)


def why_hidden(module_name: str) -> str:
    """Return what a cluster does with an import of that name, and the way out."""
    if module_name in PULSAR_OWN:
        owner = f"a {module_name}.py of its own in Pulsar's Python runtime"
    elif module_name == SERDE_MODULE:
        owner = "pulsar.functions.serde, which class paths name so"
    else:
        owner = f"the {module_name} that Pulsar's Python runtime has imported before"
    return f"{module_name}.py is never read on a cluster: it takes {owner}. Rename the file."


def hidden_imports(modules: Mapping[str, ModuleType], directories: Iterable[str]) -> Iterator[str]:
    """Yield the names that the user's modules import in the belief that they get the file beside them."""
    names = {file.removesuffix(".py") for directory in directories for file in _files(directory) if file.endswith(".py")}
    for name in sorted(names & (PULSAR_OWN | IMPORTED_BEFORE)):
        if _is_imported(name, modules):
            yield name


def _files(directory: str) -> list[str]:
    try:
        return os.listdir(directory)  # noqa: PTH208 - names are all that is wanted
    except OSError:
        return []  # not there: nothing hides


def _is_imported(name: str, modules: Mapping[str, ModuleType]) -> bool:
    if name in modules:
        return isinstance(modules[name].__loader__, PulsarOwnModule)
    return any(
        isinstance(value, ModuleType) and value.__name__ == name  # `import calendar` at the top of a module
        for module in modules.values()
        for value in vars(module).values()
    )
