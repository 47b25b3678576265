"""Whether a file may be half of what is being written, where nothing tells when it is closed."""

from __future__ import annotations

from pathlib import Path


def looks_half_written(path: str) -> bool:
    """Tell whether a Python file is empty or is no Python; of any other file, and of one that cannot be read, nothing can be told.

    Half of a file may well be valid Python: this finds most halves, not all.
    """
    if not path.endswith(".py"):
        return False
    try:
        source = Path(path).read_bytes()
    except OSError:
        return False
    return not source.strip() or not _compiles(source, path)


def _compiles(source: bytes, path: str) -> bool:
    try:
        compile(source, path, "exec", dont_inherit=True)
    except (SyntaxError, ValueError):  # ValueError: it holds null bytes
        return False
    return True
