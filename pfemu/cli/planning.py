"""What the arguments come to: functions one by one, a project file, or a directory of either.

``pfemu.yaml`` in the current directory is what runs when nothing else is named.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pfemu.cli.options.settings import FunctionRequest
from pfemu.cli.project.values import FILE_NAMES, Project
from pfemu.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

_HAS_FUNCTIONS = re.compile(r"^functions\s*:", re.MULTILINE)
_YAML = (".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class Plan:
    """The functions of a run, and the project that they are of, if they are."""

    functions: tuple[FunctionRequest, ...]
    project: Project | None = None


def planned(requests: Sequence[FunctionRequest]) -> Plan:
    """Look at what the targets are.

    Raises:
        InputError: a file cannot be read, or does not go with what else is given.
        ConfigError: a project file is refused.
    """
    if len(requests) == 1:
        path = _project_path(requests[0])
        if path is not None:
            _refuse_beside_project(requests[0], path)
            from pfemu.cli.project.reading import read_project  # with PyYAML, which a function alone does not need

            project = read_project(path)
            return Plan(project.functions, project)
    return Plan(tuple(one for request in requests for one in _each(request, alone=len(requests) == 1)))


def _project_path(request: FunctionRequest) -> Path | None:
    if request.target is None:
        is_named = "function-config-file" in request.flags
        return None if is_named else project_in(Path())
    path = Path(request.target)
    if path.is_dir():
        return project_in(path)
    return path if _is_project(path) else None


def project_in(directory: Path) -> Path | None:
    """Return the project file of a directory, None when it has none."""
    return next((path for name in FILE_NAMES if (path := directory / name).is_file()), None)


def _is_project(path: Path) -> bool:
    """Tell a project file by its name, or by its functions: no function's configuration has such a field."""
    if path.name in FILE_NAMES:
        return True
    try:
        return path.suffix in _YAML and _HAS_FUNCTIONS.search(path.read_text(encoding="utf-8")) is not None
    except (OSError, UnicodeDecodeError):  # whoever reads it as a configuration says so
        return False


def _refuse_beside_project(request: FunctionRequest, path: Path) -> None:
    given = [
        *request.flags,
        *(["user-config-file"] if request.user_config_file else []),
        *(["secrets-file"] if request.secrets_file else []),
    ]
    if given:
        raise InputError(f"--{given[0]} configures one function: write it into {path}, where the functions of a project are configured.")


def _each(request: FunctionRequest, *, alone: bool) -> Iterator[FunctionRequest]:
    path = None if request.target is None else Path(request.target)
    if path is None or not path.exists():
        yield request
    elif path.is_dir():
        yield from _of_directory(path)
    elif not alone and _is_project(path):
        raise InputError(f"{path} is a project file, which names its functions itself: give it alone.")
    else:
        yield request


def _of_directory(directory: Path) -> Iterator[FunctionRequest]:
    """Yield a function for each configuration file of a directory."""
    found = sorted(path for path in directory.iterdir() if path.suffix in _YAML)
    if not found:
        raise InputError(f"{directory} has neither a {FILE_NAMES[0]} nor configuration files of functions (.yaml).")
    yield from (FunctionRequest(str(path)) for path in found)
