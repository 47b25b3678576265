"""The files that the architecture tests look at."""

import ast
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PACKAGES = [ROOT / folder for folder in PYPROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]]
RECORDINGS = ROOT / "tests" / "traces" / "recordings"  # kept as they ran
SOURCE_FOLDERS = [*PACKAGES, ROOT / "benchmarks", ROOT / "docs", ROOT / "sample_functions", ROOT / "tests"]

Function = ast.FunctionDef | ast.AsyncFunctionDef


def python_files(*folders: Path) -> list[Path]:
    """Return the Python files below ``folders``, tracked or not."""
    return sorted(path for folder in folders for path in folder.rglob("*.py") if not path.is_relative_to(RECORDINGS))


def tracked_files() -> list[Path]:
    """Return the files that a clone would hold."""
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True)
    return [path for name in listing.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def name_of(path: Path) -> str:
    """Return the path of a file as a reader of the repository knows it."""
    return path.relative_to(ROOT).as_posix()


def module_of(path: Path) -> str:
    """Return the dotted name under which a file of a package is imported."""
    package = next(package for package in PACKAGES if path.is_relative_to(package))
    return ".".join(path.relative_to(package.parent).with_suffix("").parts).removesuffix(".__init__")


def functions_of(path: Path) -> Iterator[tuple[Function, int]]:
    """Yield each function of a file with the number of lines in its body, docstring aside."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, Function):
            body = node.body[1:] if ast.get_docstring(node) is not None else node.body
            yield node, (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0
