"""A call of the admin API, as a server or a test hands it in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a multipart body."""

    content: bytes
    file_name: str | None = None

    @property
    def text(self) -> str:
        """The content as text."""
        return self.content.decode("utf-8", "replace")


@dataclass(frozen=True, slots=True)
class Request:
    """One call. ``path`` is as on the wire, percent-encoded and without the query; ``parts`` is None for a body that is not multipart."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    parts: Mapping[str, Part] | None = None

    @classmethod
    def of_target(cls, method: str, target: str, body: bytes = b"", parts: Mapping[str, Part] | None = None) -> Request:
        """Make a request of a path with or without a query."""
        split = urlsplit(target)
        return cls(method, split.path, dict(parse_qsl(split.query, keep_blank_values=True)), body, parts)

    def json(self) -> object:
        """Return the body as JSON, None for no body.

        Raises:
            ValueError: it is not JSON.
        """
        return json.loads(self.body) if self.body.strip() else None

    def flag(self, name: str) -> bool:
        """Whether a query parameter is ``true``."""
        return self.query.get(name, "").lower() == "true"
