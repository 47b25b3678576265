"""Which Pulsar is emulated: the versions whose Python runtime is known well enough to say what it ignores."""

import re

from pfemu.errors import ConfigError

DEFAULT_VERSION = "4.0"
RECORDED_RELEASE = "4.0.8"
"""What was recorded, and what servers and commands say that they are."""
_KNOWN = {DEFAULT_VERSION: f"the long-term release of 4.x; what is known of it was recorded on {RECORDED_RELEASE}"}
_VERSION = re.compile(r"(?P<line>\d+\.\d+)(\.(\d+|x))?")


def release_line(version: str) -> str:
    """Return the release line of a version: ``4.0`` of ``4.0.8``.

    Raises:
        ConfigError: nothing is known of that version; the text names those that are.
    """
    found = _VERSION.fullmatch(version.strip())
    if found is None or found["line"] not in _KNOWN:
        known = "; ".join(f"{line} ({what})" for line, what in _KNOWN.items())
        raise ConfigError(f"Pulsar {version} is not known here, so nothing can be said of what it ignores. Known: {known}.")
    return found["line"]
