"""Where changes of a file show: at its own place, at that of every link on the way to it, and where they lead.

A mounted ConfigMap is a link to a link to a directory, and an update moves only the one in the middle.
"""

from __future__ import annotations

import os

_MOST_LINKS = 40  # as the kernel


def places(path: str) -> list[str]:
    """Return the places of a file, each as a name in a real directory; of one that is not there, its own."""
    found: list[str] = []
    for _ in range(_MOST_LINKS):
        here = _place(path)
        found.append(here)
        try:
            target = os.readlink(here)  # noqa: PTH115 - pathlib would tidy what a link says
        except OSError:  # no link, or not there
            return found
        found.extend(_links_on_the_way(here, target))
        path = os.path.join(os.path.dirname(here), target)  # noqa: PTH118, PTH120 - as above
    return found


def _place(path: str) -> str:
    """Return the path with the links of its directory resolved, and not its own."""
    directory, name = os.path.split(os.path.abspath(path))  # noqa: PTH100 - as above
    return os.path.join(os.path.realpath(directory), name)  # noqa: PTH118 - as above


def _links_on_the_way(here: str, target: str) -> list[str]:
    if os.path.isabs(target):  # noqa: PTH117 - as above
        return []
    way, found = os.path.dirname(here), []  # noqa: PTH120 - as above
    for part in target.split(os.sep)[:-1]:  # noqa: PTH206 - as above
        way = os.path.join(way, part)  # noqa: PTH118 - as above
        if os.path.islink(way):  # noqa: PTH114 - as above
            found.append(_place(way))
    return found
