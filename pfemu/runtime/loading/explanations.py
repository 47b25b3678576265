"""The words of a load that failed: what happened, what was expected, what is nearest, what to do.

Texts show the user's own frames only; the exception itself stays as the error's ``__cause__``.
"""

from __future__ import annotations

import os
import re
import sys
import traceback
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import ModuleType

from pfemu.model.nearest_name import TYPING_ERROR
from pfemu.runtime.loading.known_packages import package_of

_INSTALLED = f"{os.sep}site-packages{os.sep}"
_MISSING_NAME = re.compile(r"cannot import name '(\w+)'")


def lines(*parts: str) -> str:
    """Put the parts that are not empty on lines of their own."""
    return "\n".join(part for part in parts if part)


def nearest(name: str, names: Iterable[str], likeness: float = 0.6) -> str:
    """Return the line about what was probably meant, empty when nothing is that much like it (0 to 1)."""
    import difflib

    by_lower = {known.lower(): known for known in names}
    close = difflib.get_close_matches(name.lower(), by_lower, n=3, cutoff=likeness)
    return f"Nearest: {', '.join(by_lower[known] for known in close)}." if close else ""


def listed(names: Sequence[str], limit: int = 12) -> str:
    """Join names, and count those beyond the limit."""
    rest = len(names) - limit
    return ", ".join(names[:limit]) + (f" and {rest} more" if rest > 0 else "")


class ImportFailure:
    """What to say about an exception that left the user's code while it was imported or constructed."""

    def __init__(self, error: BaseException, directories: Sequence[str], modules: Mapping[str, ModuleType] | None = None) -> None:
        self._error = error
        self._directories = directories
        self._modules = modules or {}

    def text(self) -> str:
        """Return the explanation."""
        error = self._error
        if isinstance(error, SyntaxError):
            return self._syntax_error(error)
        if isinstance(error, ModuleNotFoundError) and error.name:
            return self._module_not_found(error, error.name)
        if isinstance(error, SystemExit):
            return self._exit(error)
        if isinstance(error, ImportError):
            return lines(self._happened(), self.traceback_text(), self._nearest_name(error), self._alone(error))
        return lines(self._happened(), self.traceback_text())

    def place(self) -> str:
        """Return file and line of the user's code where it happened, empty when no frame is the user's."""
        frames = self._frames()
        return f"{self._shown(frames[-1].filename)}, line {frames[-1].lineno}" if frames else ""

    def traceback_text(self) -> str:
        """Return the traceback with the user's frames only, those of its causes as well."""
        report = traceback.TracebackException.from_exception(self._error)
        self._keep_own_frames(report, set())
        return "".join(report.format()).rstrip()

    def _keep_own_frames(self, report: traceback.TracebackException, seen: set[int]) -> None:
        if id(report) in seen:
            return
        seen.add(id(report))
        report.stack = traceback.StackSummary.from_list([frame for frame in report.stack if self._is_own(frame.filename)])
        for other in (report.__cause__, report.__context__, *(report.exceptions or ())):
            if other is not None:
                self._keep_own_frames(other, seen)

    def _frames(self) -> list[traceback.FrameSummary]:
        return [frame for frame in traceback.extract_tb(self._error.__traceback__) if self._is_own(frame.filename)]

    def _is_own(self, filename: str) -> bool:
        return _INSTALLED not in filename and any(filename.startswith(directory + os.sep) for directory in self._directories)

    def _shown(self, filename: str) -> str:
        for directory in self._directories:
            if filename.startswith(directory + os.sep):
                return filename[len(directory) + 1 :]
        return Path(filename).name

    def _syntax_error(self, error: SyntaxError) -> str:
        shown = "".join(traceback.format_exception_only(error)).rstrip()
        where = f"{self._shown(error.filename or '')}, line {error.lineno}: " if error.filename else ""
        return lines(f"{where}{error.msg}", shown, "Correct that line: nothing of the file was run.")

    def _module_not_found(self, error: ModuleNotFoundError, module_name: str) -> str:
        frames = self._frames()
        if not frames:
            return lines(f"{error}.", *self._modules_there(module_name))
        line = f"{self.place()}: {frames[-1].line}"
        local = nearest(module_name, self._module_names(), TYPING_ERROR)
        if local:
            return lines(line, f"{error}.", local)
        install = f"pip install {package_of(module_name)}"
        return lines(line, f"{error}.", f"If it is a package: {install}, where pfemu runs; a cluster needs it in the zip or in its image.")

    def _modules_there(self, module_name: str) -> tuple[str, str]:
        names = self._module_names()
        where = " or ".join(self._directories)
        there = f"In {where} there are: {listed(names)}." if names else f"There is no Python file in {where}."
        return there, nearest(module_name.rpartition(".")[0] or module_name, names)

    def _module_names(self) -> list[str]:
        return sorted({name for directory in self._directories for name in module_names(Path(directory))})

    def _happened(self) -> str:
        place = self.place()
        return f"{place}: the import ends with {type(self._error).__name__}." if place else ""

    def _nearest_name(self, error: ImportError) -> str:
        missing = _MISSING_NAME.match(str(error))
        module = self._modules.get(error.name or "") or sys.modules.get(error.name or "")
        return nearest(missing[1], dir(module)) if missing and module is not None else ""

    def _alone(self, error: ImportError) -> str:
        if "no known parent package" not in str(error):
            return ""
        return (
            "A file is deployed alone, and imported by its own name, here as on a cluster: it is in no package. Import by full names, "
            "deploy a .zip or .whl of the package, or, where the package is installed, the class by its full name: package.module.Class."
        )

    def _exit(self, error: SystemExit) -> str:
        return lines(
            f"{self.place() or 'It'} calls sys.exit({'' if error.code is None else repr(error.code)}) while it is imported.",
            "On a cluster the process ends without a word and is started again every 30 seconds, for ever.",
            "Put what is for the command line under: if __name__ == '__main__':",
        )


def module_names(directory: Path) -> list[str]:
    """Return the names of the modules and packages in a directory."""
    try:
        entries = sorted(directory.iterdir())
    except OSError:
        return []  # not there: then it holds none
    return [
        entry.stem
        for entry in entries
        if (entry.suffix == ".py" and entry.stem != "__init__") or (entry.is_dir() and (entry / "__init__.py").is_file())
    ]
