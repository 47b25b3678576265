"""Class paths: how Pulsar's Python instance turns ``module.Class`` into an object (``util.import_class``)."""

from __future__ import annotations

from pfemu.runtime.loading.module_space import ModuleSpace

SERDE_MODULE = "serde"
"""The module name that always means ``pulsar.functions.serde``, also when there is a ``serde.py``."""

_ATTEMPTS = 2  # with the user's directory, and with one of Pulsar's that does not exist: the user's module is executed again


def import_class(space: ModuleSpace, class_path: str) -> object | None:
    """Return what a class path names, None when it cannot be had; ``space.failures`` then has the reason, which a cluster only logs.

    Without a dot the path names a module. Any ``Exception`` of the import is caught, and the import is tried once more, as on
    a cluster; ``SystemExit`` is not (there the process ends).
    """
    for _attempt in range(_ATTEMPTS):
        try:
            return _import(space, class_path)
        except Exception as error:  # noqa: BLE001 - util.import_class catches them all
            space.failures[class_path] = error
    return None


def _import(space: ModuleSpace, class_path: str) -> object:
    module_name, _, name = class_path.rpartition(".")
    if not module_name:
        return space.import_module(name)
    if module_name == SERDE_MODULE:
        from pulsar.functions import serde

        return getattr(serde, name)
    return getattr(space.import_module(module_name), name)
