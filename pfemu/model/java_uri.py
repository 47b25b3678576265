"""What ``java.net.URI`` says of a text that is no address (its ``Parser``): the usual mistakes, in its words.

Differs: ports, user names, escapes and what stands in brackets are not looked at.
"""

from __future__ import annotations

import re

_UNTIL_SCHEME_ENDS = re.compile(r"[^/?#:]*:")
_OUTSIDE_OF_SCHEME = re.compile(r"[^A-Za-z0-9+.-]")
_NEVER = re.compile(r'[\x00-\x20"<>\\^`{|}\x7f]')


def uri_problem(text: str) -> str | None:
    """Return what is wrong with an address, None where nothing is."""
    scheme = _UNTIL_SCHEME_ENDS.match(text)
    if scheme is None:
        return _illegal(text, 0, "path")
    after = scheme.end()
    if after == 1:
        return f"Expected scheme name at index 0: {text}"
    if problem := _scheme_problem(text, after - 1):
        return problem
    if after == len(text):
        return f"Expected scheme-specific part at index {after}: {text}"
    if text[after] != "/":
        return _illegal(text, after, "opaque part")
    return _hierarchical_problem(text, after)


def _scheme_problem(text: str, end: int) -> str | None:
    at = 0 if not (text[0].isascii() and text[0].isalpha()) else None
    if at is None:
        outside = _OUTSIDE_OF_SCHEME.search(text, 1, end)
        at = outside and outside.start()
    return None if at is None else f"Illegal character in scheme name at index {at}: {text}"


def _hierarchical_problem(text: str, at: int) -> str | None:
    if not text.startswith("//", at):
        return _illegal(text, at, "path")
    begin = at + 2
    if begin == len(text):
        return f"Expected authority at index {begin}: {text}"
    slash = text.find("/", begin)
    path = len(text) if slash < 0 else slash
    if _NEVER.search(text, begin, path):
        return f"Illegal character in authority at index {begin}: {text}"
    if text.startswith("[", begin) and "]" not in text[begin:path]:
        return f"Expected closing bracket for IPv6 address at index {path}: {text}"
    return _illegal(text, path, "path")


def _illegal(text: str, begin: int, where: str) -> str | None:
    found = _NEVER.search(text, begin)
    return None if found is None else f"Illegal character in {where} at index {found.start()}: {text}"
