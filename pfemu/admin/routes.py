"""Which function answers which path: a table that handlers enter themselves into."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import unquote

from pfemu.admin.answer import Answer, ErrorPage, Later

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
        self._by_length: dict[int, list[tuple[str, tuple[str, ...], Handler]]] = {}
        for table in tables:
            for entry in table:
                self._by_length.setdefault(len(entry[1]), []).append(entry)

    def find(self, method: str, path: str) -> tuple[Handler, dict[str, str]]:
        """Return who answers, and the parts of the path by name; who answers GET answers HEAD as well.

        Raises:
            ErrorPage: 404, nobody knows the path; 405, nobody answers this method.
        """
        handlers, named = self._of_path(path)
        handler = handlers.get("GET" if method == "HEAD" else method)
        if handler is None:
            raise ErrorPage(405, _allowed(handlers))
        return handler, named

    def options(self, path: str) -> list[str]:
        """Return the methods of a path; raises as :meth:`find`."""
        handlers, _ = self._of_path(path)
        return [*(["HEAD"] if "GET" in handlers else []), *_allowed(handlers)]

    def _of_path(self, path: str) -> tuple[dict[str, Handler], dict[str, str]]:
        """Return who answers by method; a pattern that fits with fewer braces goes before. A slash may end the path."""
        segments = path.removeprefix("/").removesuffix("/").split("/")
        found: list[tuple[str, Handler, dict[str, str]]] = []
        for method, pattern, handler in self._by_length.get(len(segments), ()):
            named = _match(pattern, segments)
            if named is not None:
                found.append((method, handler, named))
        if not found:
            raise ErrorPage(404)
        fewest = min((named for _, _, named in found), key=len)
        return {method: handler for method, handler, named in found if len(named) == len(fewest)}, fewest


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
