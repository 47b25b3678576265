"""Which file systems tell of changes that were made elsewhere: not those of networks, nor those a container shares with its host."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

_MOUNTS = Path("/proc/self/mounts")
_SILENT = frozenset(
    {
        "nfs",
        "nfs4",
        "cifs",
        "smb3",
        "smbfs",
        "9p",
        "afs",
        "ceph",
        "vboxsf",
        "vmhgfs",
        "prl_fs",
        "virtiofs",
        "fakeowner",
        "osxfs",
        "grpcfuse",
    }
)


def needs_polling(directory: Path, mounts: str | None = None) -> str | None:
    """Return the name of the directory's file system if it has to be looked at again and again, else None.

    ``mounts`` is the text of ``/proc/self/mounts``; read from there when not given, and None wherever there is no such file.
    """
    if mounts is None:
        if not _MOUNTS.is_file():
            return None
        mounts = _MOUNTS.read_text(encoding="utf-8", errors="replace")
    kind = _file_system(directory, mounts)
    return kind if kind in _SILENT or kind.startswith("fuse.") else None


def _file_system(directory: Path, mounts: str) -> str:
    found, longest = "", -1
    for line in mounts.splitlines():
        fields = line.split()
        if len(fields) >= 3:
            place = PurePosixPath(fields[1].replace("\\040", " "))
            if directory.is_relative_to(place) and len(place.parts) >= longest:
                found, longest = fields[2], len(place.parts)
    return found
