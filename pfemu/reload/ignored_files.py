"""Files that no save of a function is about: what tools keep beside the code, and what editors write for a moment. Pure."""

from __future__ import annotations

from fnmatch import fnmatchcase
from pathlib import PurePath

DIRECTORIES = frozenset(
    {
        *(".git", ".hg", ".svn", ".jj"),
        *(".venv", "venv", "site-packages", "dist-packages", "node_modules", ".tox", ".nox"),
        *("__pycache__", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".hypothesis", ".cache", ".eggs"),
        *(".idea", ".vscode"),
    }
)
"""Names of directories of version control, virtual environments, caches and editors."""

NAMES = (
    *("*.py[co]", "*.sw[a-z]", "*~", "4913"),  # compiled; vim
    *(".#*", "#*#"),  # Emacs
    *("*___jb_tmp___", "*___jb_old___"),  # PyCharm
    *(".goutputstream-*", "*.kate-swp", "*.tmp", "*.tmp.*", ".!*", "*.part"),  # gedit, Kate, many others
)
"""Patterns of the names of files that are there for a moment."""


def is_ignored(path: PurePath, directory: PurePath | None = None) -> bool:
    """Tell whether a file never counts; of its directories only those below ``directory`` are looked at, if it is in there."""
    below = path.relative_to(directory) if directory is not None and path.is_relative_to(directory) else path
    return not DIRECTORIES.isdisjoint(below.parts[:-1]) or any(fnmatchcase(path.name, name) for name in NAMES)
