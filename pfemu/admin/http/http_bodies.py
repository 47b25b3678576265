"""Bodies of HTTP/1.1 requests: of a length that is told, or in chunks (RFC 9112)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pfemu.errors import PfemuError

if TYPE_CHECKING:
    from email.message import Message
    from io import BufferedIOBase

_LONGEST_LINE_BYTES = 8192


class UnreadableRequest(PfemuError):  # noqa: N818 - what the caller answers with ``status``
    """The body keeps to no protocol; where the next request begins is unknown."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status


def read_body(headers: Message, stream: BufferedIOBase) -> bytes:
    """Return the body that the headers announce.

    Raises:
        UnreadableRequest: they contradict themselves, or the other side ended in the middle.
    """
    coding, length = headers.get("Transfer-Encoding"), headers.get("Content-Length")
    if coding is None:
        return _exactly(stream, _size(length)) if length is not None else b""
    if length is not None:
        raise UnreadableRequest(400, "Transfer-Encoding and Content-Length")
    if coding.strip().lower() != "chunked":
        raise UnreadableRequest(501, f"Transfer-Encoding {coding}")
    return _chunks(stream)


def _size(text: str, base: int = 10) -> int:
    digits = text.strip()
    try:
        if digits and digits.isascii() and digits.isalnum():
            return int(digits, base)
    except ValueError:
        pass  # it is said below, as for what is no word
    raise UnreadableRequest(400, f"Bad length: {text}")


def _exactly(stream: BufferedIOBase, size: int) -> bytes:
    content = stream.read(size)
    if len(content) < size:
        raise UnreadableRequest(400, "The body ends too soon")
    return content


def _chunks(stream: BufferedIOBase) -> bytes:
    content = bytearray()
    while size := _size(_line(stream).partition(b";")[0].decode("latin-1"), 16):
        content += _exactly(stream, size)
        if _line(stream):
            raise UnreadableRequest(400, "A chunk is longer than it says")
    while _line(stream):  # trailers, which nobody needs
        pass
    return bytes(content)


def _line(stream: BufferedIOBase) -> bytes:
    line = stream.readline(_LONGEST_LINE_BYTES)
    if not line.endswith(b"\n"):
        raise UnreadableRequest(400, "A line of a chunked body does not end")
    return line.rstrip(b"\r\n")
