"""Payloads as a line of text that fits a terminal."""

from __future__ import annotations

DEFAULT_WIDTH = 120


def payload_preview(payload: bytes, width: int = DEFAULT_WIDTH) -> str:
    """Return the payload as text on one line, cut to ``width`` characters; bytes that are not UTF-8 as ``b'...'``."""
    start = payload[: 4 * width]
    try:
        text = start.decode() if len(start) == len(payload) else start.decode(errors="ignore")
    except UnicodeDecodeError:
        text = repr(start)
    shown = "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in text[: width + 1])
    rest = len(start) < len(payload) or len(shown) > width
    return f"{shown[: width - 1]}… ({len(payload):,} bytes)" if rest else shown
