"""Archives of code: what Pulsar's Python instance makes of a ``.zip`` or ``.whl`` (``python_instance_main.py``).

* A zip is unpacked beside itself. Its own name, without the suffix, is the folder it must have: ``shop.zip`` holds ``shop/src``.
  Both the place it is unpacked to and ``src`` are searched, so a flat zip works as well.
* Wheels in ``deps`` are installed into the place it is unpacked to, without an index: what they require must be there, too.
* A wheel is unpacked as it is.

Differs: a cluster installs a zip's ``requirements.txt`` and a wheel's requirements with pip; here they are only named
(:attr:`UnpackedArchive.requirements`), with those that are missing, and nothing is downloaded.
"""

from __future__ import annotations

import importlib.metadata
import re
import shutil
import tempfile
import weakref
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from email.parser import HeaderParser
from pathlib import Path

from pfemu.errors import LoadError
from pfemu.runtime.loading.explanations import lines, listed

_PIP_FAILED = "Could not install user depedencies specified by the zip file"  # the instance's words, and its spelling
_REQUIRED_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")


class OwnDirectory:
    """A temporary directory that goes when nobody holds this any more."""

    def __init__(self) -> None:
        self.path = Path(tempfile.mkdtemp(prefix="pfemu-function-"))
        self._end = weakref.finalize(self, shutil.rmtree, self.path, ignore_errors=True)


@dataclass(frozen=True, slots=True)
class UnpackedArchive:
    """An archive on disk: directories to search for modules, and the requirements it names that are not part of it."""

    search_path: tuple[Path, ...]
    requirements: tuple[str, ...]
    warnings: tuple[str, ...]
    own_directory: OwnDirectory = field(compare=False)


def unpack(archive: Path) -> UnpackedArchive:
    """Unpack an archive into a temporary directory, which is kept as long as the result is.

    Raises:
        LoadError: It is no zip file, or its wheels cannot be installed; on a cluster the instance ends each time it starts.
    """
    own = OwnDirectory()
    _extract(archive, own.path)
    return _wheel(archive, own) if archive.suffix == ".whl" else _zip(archive, own)


def _extract(archive: Path, into: Path) -> None:
    try:
        with zipfile.ZipFile(archive) as opened:
            opened.extractall(into)
    except (zipfile.BadZipFile, RuntimeError, OSError) as error:  # RuntimeError: it is encrypted
        raise LoadError(lines(f"{archive.name} cannot be unpacked: {error}.", "Make it again, as an ordinary zip file.")) from error


def _zip(archive: Path, own: OwnDirectory) -> UnpackedArchive:
    into = own.path
    folder = into / archive.stem
    _install_wheels(archive, folder / "deps", into)
    requirements = tuple(_requirements(folder / "requirements.txt"))
    _refuse_paths(archive, requirements)
    search_path = (into, folder / "src") if (folder / "src").is_dir() else (into,)
    warnings = [*_missing_requirements(requirements, f"{archive.stem}/requirements.txt"), *_wrong_folder(archive, into)]
    return UnpackedArchive(search_path, requirements, tuple(warnings), own)


def _wheel(archive: Path, own: OwnDirectory) -> UnpackedArchive:
    requirements = tuple(_required_by_wheel(own.path))
    return UnpackedArchive((own.path,), requirements, tuple(_missing_requirements(requirements, archive.name)), own)


def _wrong_folder(archive: Path, into: Path) -> Iterator[str]:
    if (into / archive.stem).is_dir() or any(into.glob("*.py")):
        return
    folders = sorted(entry.name for entry in into.iterdir() if (entry / "src").is_dir())
    if folders:
        yield f"{archive.name} has {folders[0]}/src, and Pulsar looks for {archive.stem}/src: name the archive {folders[0]}.zip."


# -- requirements ----------------------------------------------------------------------------------------------------------


def _requirements(file: Path) -> Iterator[str]:
    if file.is_file():
        for line in file.read_text(encoding="utf-8", errors="replace").splitlines():
            text = re.split(r"(?:^|\s)#", line)[0].strip()
            if text and not text.startswith("-"):  # an option of pip's
                yield text


def _refuse_paths(archive: Path, requirements: Iterable[str]) -> None:
    """Refuse what cannot be there where a cluster unpacks the archive, and ends the instance each time it starts."""
    for requirement in requirements:
        if requirement.startswith((".", "/")):
            raise LoadError(
                lines(
                    "Could not install user depedencies specified by the requirements.txt file",
                    f"{archive.stem}/requirements.txt of {archive.name} names the path {requirement}, which a cluster has not.",
                    f"Put a wheel into {archive.stem}/deps instead.",
                ),
            )


def _required_by_wheel(directory: Path) -> Iterator[str]:
    for metadata in sorted(directory.glob("*.dist-info/METADATA")):
        headers = HeaderParser().parsestr(metadata.read_text(encoding="utf-8", errors="replace"))
        for requirement in headers.get_all("Requires-Dist", ()):
            if "extra ==" not in requirement:
                yield requirement


def _missing_requirements(requirements: Sequence[str], named_by: str) -> Iterator[str]:
    missing = [requirement for requirement in requirements if not _is_installed(requirement)]
    if missing:
        yield (
            f"{named_by} asks for {listed(missing)}: a cluster installs that with pip before the function starts, pfemu does not."
            " Install it where pfemu runs."
        )


def _is_installed(requirement: str) -> bool:
    match = _REQUIRED_NAME.match(requirement)
    if match is None:
        return False
    try:
        importlib.metadata.version(match[0])
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


# -- deps/*.whl ------------------------------------------------------------------------------------------------------------


def _install_wheels(archive: Path, deps: Path, into: Path) -> None:
    """Do what ``pip install -t INTO --no-index --find-links DEPS DEPS/*.whl`` does to pure wheels."""
    if not deps.is_dir() or not any(deps.iterdir()):
        return
    wheels = sorted(entry for entry in deps.iterdir() if entry.suffix == ".whl" and entry.is_file())
    if not wheels:
        raise LoadError(lines(_PIP_FAILED, f"{archive.stem}/deps of {archive.name} has files, and no wheel among them."))
    present = {_normal(wheel.name.partition("-")[0]) for wheel in wheels}
    for wheel in wheels:
        unpacked = unpack(wheel)
        _check_required(archive, wheel, unpacked.requirements, present)
        _copy_wheel(unpacked.search_path[0], into)


def _check_required(archive: Path, wheel: Path, requirements: Iterable[str], present: set[str]) -> None:
    for requirement in requirements:
        name = _REQUIRED_NAME.match(requirement)
        if name is not None and ";" not in requirement and _normal(name[0]) not in present:
            raise LoadError(
                lines(
                    _PIP_FAILED,
                    f"{wheel.name} requires {requirement}, and {archive.stem}/deps of {archive.name} has no wheel of it.",
                    "Pulsar installs those wheels without an index: put every one they need there (pip download does).",
                ),
            )


def _copy_wheel(unpacked: Path, into: Path) -> None:
    for entry in unpacked.iterdir():
        if entry.name.endswith(".data"):
            for scheme in (entry / "purelib", entry / "platlib"):
                if scheme.is_dir():
                    shutil.copytree(scheme, into, dirs_exist_ok=True)
        elif entry.is_dir():
            shutil.copytree(entry, into / entry.name, dirs_exist_ok=True)
        else:
            shutil.copy2(entry, into / entry.name)


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
