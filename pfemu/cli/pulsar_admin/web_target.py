"""Paths as ``pulsar-admin`` makes them of names (``WebTarget.path``, ``UriComponent.contextualEncode`` of Jersey).

* A name may be several segments: its slashes stay, and what does not exist below another path is not found there.
* What is escaped already stays so; a per cent sign before anything else is escaped.
* Nothing is added by an empty name.

Differs: a name in braces is asked for; the command takes it for a template that nobody fills in.
"""

from __future__ import annotations

import re
from urllib.parse import quote

_ESCAPED = re.compile(r"(%[0-9A-Fa-f]{2})")
_AS_THEY_ARE = "/;!$&'()*+,=:@"


def path_below(path: str, *names: str) -> str:
    """Return a path with names added, one after the other."""
    for name in names:
        escaped = "".join(part if _ESCAPED.fullmatch(part) else quote(part, safe=_AS_THEY_ARE) for part in _ESCAPED.split(name))
        if escaped:
            path = f"{path.removesuffix('/')}/{escaped.removeprefix('/')}"
    return path
