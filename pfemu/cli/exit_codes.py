"""What the commands end with; ``docs`` and each command's help tell them to their readers."""

from __future__ import annotations

from typing import Final

OK: Final = 0
FUNCTION_FAILED: Final = 1
"""The function failed on a message, or would; or somebody's refusal was told."""
USAGE: Final = 2
"""Something cannot be loaded, read, written or reached."""
CONFIGURATION_REFUSED: Final = 3
INTERRUPTED: Final = 130
"""By Ctrl-C, as shells count it."""
