"""Which function answers which path: a table that handlers enter themselves into."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import unquote

from pfemu.admin.answer import Answer, ErrorPage, Later
from pfemu.model.java_text import hash_map

if TYPE_CHECKING:
    from pfemu.admin.request import Request
    from pfemu.emulator import Emulator

Handler: TypeAlias = "Callable[[Emulator, Request, dict[str, str]], Answer | Later]"


class Routes:
    """A table of paths: segments in braces match any text without a slash, and are handed over decoded."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._table: list[tuple[str, tuple[str, ...], Handler]] = []

    def __call__(self, method: str, path: str) -> Callable[[Handler], Handler]:
        """Enter a handler for a method and a path below the prefix."""

        def enter(handler: Handler) -> Handler:
            self._table.append((method, tuple((self._prefix + path).strip("/").split("/")), handler))
            return handler

        return enter

    def __iter__(self) -> Iterator[tuple[str, tuple[str, ...], Handler]]:
        return iter(self._table)


class Router:
    """All routes together."""

    def __init__(self, *tables: Routes) -> None:
        self._by_length: dict[int, list[_Entry]] = {}
        for table in tables:
            for method, pattern, handler in table:
                self._by_length.setdefault(len(pattern), []).append(_Entry(table, method, pattern, handler))

    def find(self, method: str, path: str) -> tuple[Handler, dict[str, str]]:
        """Return who answers, and the parts of the path by name; who answers GET answers HEAD as well.

        Raises:
            ErrorPage: 404, nobody knows the path; 405, nobody answers this method.
        """
        found = self._of_path(path)
        asked = "GET" if method == "HEAD" else method
        for entry, named in found:
            if entry.method == asked:
                return entry.handler, named
        raise ErrorPage(405, _allowed(_methods(found)))

    def options(self, path: str) -> list[str]:
        """Return the methods of a path, as a Java set has them; raises as :meth:`find`."""
        methods = _methods(self._of_path(path))
        return list(hash_map(dict.fromkeys([*(["HEAD"] if "GET" in methods else []), *_allowed(methods)])))

    def _of_path(self, path: str) -> list[tuple[_Entry, dict[str, str]]]:
        """Return what fits a path and the parts by name, of one table, fewest braces first. A slash may end the path."""
        segments = path.removeprefix("/").removesuffix("/").split("/")
        found: list[tuple[_Entry, dict[str, str]]] = []
        for entry in self._by_length.get(len(segments), ()):
            named = _match(entry.pattern, segments)
            if named is not None:
                found.append((entry, named))
        if not found:
            raise ErrorPage(404)
        found.sort(key=lambda one: len(one[1]))
        table = found[0][0].table
        return [one for one in found if one[0].table is table]


@dataclass(frozen=True, slots=True)
class _Entry:
    table: Routes
    method: str
    pattern: tuple[str, ...]
    handler: Handler


def _methods(found: list[tuple[_Entry, dict[str, str]]]) -> set[str]:
    """Return the methods of the pattern that fits best."""
    fewest = len(found[0][1])
    return {entry.method for entry, named in found if len(named) == fewest}


def _allowed(handlers: Collection[str]) -> list[str]:
    """Return the methods as a 405 lists them, which leaves HEAD out."""
    return [*sorted(handlers), "OPTIONS"]


def _match(pattern: tuple[str, ...], segments: list[str]) -> dict[str, str] | None:
    named: dict[str, str] = {}
    for expected, segment in zip(pattern, segments, strict=True):
        if expected.startswith("{"):
            if not segment:
                return None
            named[expected[1:-1]] = unquote(segment.partition(";")[0])  # what follows is a matrix parameter, which no call has
        elif expected != segment:
            return None
    return named
