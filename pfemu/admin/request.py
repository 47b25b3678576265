"""A call of the admin API, as a server or a test hands it in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

JSON_TYPE = "application/json"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a multipart body. ``content_type`` None: nobody said, so it is what is expected there."""

    content: bytes
    file_name: str | None = None
    content_type: str | None = None

    @property
    def is_json(self) -> bool:
        """Whether it may be read as JSON; by what it says of itself, not by what it holds."""
        return self.content_type in {None, JSON_TYPE}

    @property
    def text(self) -> str:
        """The content as text."""
        return self.content.decode("utf-8", "replace")


@dataclass(frozen=True, slots=True)
class Request:
    """One call. ``path`` is as on the wire, percent-encoded and without the query; ``parts`` is None for a body that is not multipart.

    ``content_type`` is what the body says it is, in small letters and without parameters; empty for a body that does not say.
    """

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    parts: Mapping[str, Part] | None = None
    content_type: str = JSON_TYPE

    @classmethod
    def of_target(
        cls, method: str, target: str, body: bytes = b"", parts: Mapping[str, Part] | None = None, content_type: str = JSON_TYPE
    ) -> Request:
        """Make a request of a path with or without a query."""
        split = urlsplit(target)
        return cls(method, split.path, dict(parse_qsl(split.query, keep_blank_values=True)), body, parts, content_type)

    def flag(self, name: str) -> bool:
        """Whether a query parameter is ``true``."""
        return self.query.get(name, "").lower() == "true"
