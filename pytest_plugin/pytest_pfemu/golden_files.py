"""Where golden files are, and which of them belong to no test.

A test's file is ``<folder of the test>/golden/<module>/<test>.json``; a check with a name of its own adds ``.<name>`` before the ending.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pytest

_UNSAFE = re.compile(r"[^\w.\-\[\]]+")


def golden_file(item: pytest.Item) -> Path:
    """Return the file of a test, without its ending."""
    folder = item.path.parent / str(item.config.getini("pfemu_golden_folder")) / item.path.stem
    classes = [node.name for node in item.listchain() if isinstance(node, pytest.Class)]
    return folder / _UNSAFE.sub("_", ".".join([*classes, item.name]))


def unused_files(session: pytest.Session) -> set[str]:
    """Return the golden files, relative to where pytest runs from, of modules of this run that no test owns.

    None when only some tests of a module were asked for: then nobody knows.
    """
    if _is_partial(session.config):
        return set()
    used = [golden_file(item) for item in session.items if "pulsar_golden" in getattr(item, "fixturenames", ())]
    unused: set[str] = set()
    for folder in {path.parent for path in used}:
        names = {path.name for path in used if path.parent == folder}
        for path in folder.glob("*.json"):
            if not any(path.name == f"{name}.json" or path.name.startswith(f"{name}.") for name in names):
                unused.add(str(path.relative_to(session.config.rootpath) if path.is_relative_to(session.config.rootpath) else path))
    return unused


def _is_partial(config: pytest.Config) -> bool:
    option = config.option
    chosen = any(getattr(option, name, None) for name in ("keyword", "markexpr", "lf", "deselect", "ignore", "stepwise"))
    return chosen or any("::" in str(argument) for argument in config.args)


def remove(paths: Iterable[str]) -> None:
    """Delete golden files."""
    for path in paths:
        Path(path).unlink(missing_ok=True)
