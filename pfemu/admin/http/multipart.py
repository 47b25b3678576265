"""Multipart bodies (RFC 7578): bytes into parts, and parts into bytes.

Rules:

1. A boundary counts only at the start of a line and when nothing but blanks follows it; anything else is content.
2. The last boundary must be there: a body that was cut off is refused, as Jersey does.
3. Of two parts with one name the first counts. A part without a name counts for nothing.
4. A part that does not say what it is, is text. Blanks around the names in its headers do no harm: Pulsar's client for Go writes them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from urllib.parse import unquote

from pfemu.admin.request import Part
from pfemu.errors import PfemuError

_FORM = "multipart/form-data"
_TEXT = "text/plain"
_LINE_END = b"\r\n"
_PARAMETER = re.compile(r';\s*([\w*-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;"\s]+))')


class UnreadableMultipart(PfemuError):  # noqa: N818 - what the caller answers with a page
    """The body is not what its content type says."""


def is_multipart(content_type: str) -> bool:
    """Whether a ``Content-Type`` announces parts."""
    return content_type.partition(";")[0].strip().lower() == _FORM


def read_multipart(content_type: str, body: bytes) -> dict[str, Part]:
    """Return the parts by name.

    Raises:
        UnreadableMultipart: there is no boundary, or the body does not keep to it.
    """
    boundary = _parameters(content_type).get("boundary", "")
    if not boundary:
        raise UnreadableMultipart("the content type names no boundary")
    parts: dict[str, Part] = {}
    for content in _sections(body, boundary.encode("latin-1", "replace")):
        headers, found, payload = content.partition(_LINE_END * 2)
        if not found:
            raise UnreadableMultipart("a part has no end of its headers")
        named = _part(_headers(headers), payload)
        if named is not None:
            parts.setdefault(*named)
    return parts


def _sections(body: bytes, boundary: bytes) -> Iterator[bytes]:
    """Yield what is between boundaries: headers after a line's end, and content."""
    pieces = (_LINE_END + body).split(_LINE_END + b"--" + boundary)
    section: bytes | None = None
    for piece in pieces[1:]:
        is_last = piece.startswith(b"--")
        if not is_last and not piece.lstrip(b" \t").startswith(_LINE_END):
            if section is not None:  # the boundary is the beginning of a longer text
                section += _LINE_END + b"--" + boundary + piece
            continue
        if section is not None:
            yield section
        if is_last:
            return
        section = piece.lstrip(b" \t")
    raise UnreadableMultipart("the last boundary is missing")


def _headers(text: bytes) -> dict[str, str]:
    lines = (line.partition(":") for line in text.decode("utf-8", "replace").split("\r\n"))
    return {name.strip().lower(): value.strip() for name, _, value in lines}


def _part(headers: Mapping[str, str], payload: bytes) -> tuple[str, Part] | None:
    parameters = _parameters(headers.get("content-disposition", ""))
    if "name" not in parameters:
        return None
    content_type = headers.get("content-type", _TEXT).partition(";")[0].strip().lower()
    return parameters["name"], Part(payload, _file_name(parameters), content_type)


def _parameters(header: str) -> dict[str, str]:
    found = _PARAMETER.finditer(header)
    return {name.lower(): re.sub(r"\\(.)", r"\1", quoted) if quoted is not None else bare for name, quoted, bare in map(_groups, found)}


def _groups(match: re.Match[str]) -> tuple[str, str | None, str]:
    return match[1], match[2], match[3]


def _file_name(parameters: Mapping[str, str]) -> str | None:
    """Return the name of the file; what is spelled for other alphabets (RFC 5987) goes before."""
    extended = parameters.get("filename*")
    return parameters.get("filename") if extended is None else unquote(extended.rpartition("'")[2])


def write_multipart(parts: Mapping[str, Part]) -> tuple[str, bytes]:
    """Return a content type and a body; the boundary is one that no part contains."""
    boundary = "pfemu-part"
    while any(boundary.encode() in part.content for part in parts.values()):
        boundary += "-"
    lines: list[bytes] = []
    for name, part in parts.items():
        named = "" if part.file_name is None else f'; filename="{_quoted(part.file_name)}"'
        disposition = f'Content-Disposition: form-data; name="{_quoted(name)}"{named}'
        kind = part.content_type or (_TEXT if part.file_name is None else "application/octet-stream")
        lines += [f"--{boundary}".encode(), disposition.encode(), f"Content-Type: {kind}".encode(), b"", part.content]
    return f"{_FORM}; boundary={boundary}", _LINE_END.join([*lines, f"--{boundary}--".encode(), b""])


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\r", " ").replace("\n", " ")
