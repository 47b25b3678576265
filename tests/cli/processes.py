"""`pfemu run` as a process of its own: how long is waited for it, and how what it writes is read."""

import select

PATIENCE_S = 50
"""What a slow machine needs."""


def read_line(stream):
    """Return the next line that comes within the time a slow machine needs."""
    assert select.select([stream], [], [], PATIENCE_S)[0], "nothing came"
    return stream.readline().decode()


def read_until(stream, text):
    """Return the lines up to one that holds `text`."""
    lines = [read_line(stream)]
    while text not in lines[-1]:
        assert lines[-1], f"the stream ended without {text!r}: {lines}"
        lines.append(read_line(stream))
    return lines
