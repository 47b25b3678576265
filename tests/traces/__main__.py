"""``python -m tests.traces [FOLDER]``: replay every recording at or below a folder, and say how many passed."""

from __future__ import annotations

import io
import sys
import traceback
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

from tests.traces.comparing import Difference
from tests.traces.expected import expected_failures, unexpected
from tests.traces.recording import Recording, recordings_in
from tests.traces.running import differences_of

RECORDINGS = Path(__file__).parent / "recordings"
_SHOWN = 8


def main(arguments: list[str]) -> int:
    """Replay, print what differs, and end with the numbers; 1 if something differs that the table of expected failures has not."""
    root = Path(arguments[0]) if arguments else RECORDINGS
    expected = expected_failures() if root.resolve() == RECORDINGS.resolve() else {}
    passed = failed = surprises = 0
    for recording in recordings_in(root):
        if arguments[1:] and not any(text in recording.name for text in arguments[1:]):
            continue
        found = _found(recording)
        known = expected.get(recording.name)
        print(f"{'failed' if found else 'passed'} {recording.name}" + (f": {known.reason}" if known and found else ""), flush=True)
        for difference in found[:_SHOWN]:
            print("   ", str(difference).replace("\n", "\n    "))
        if len(found) > _SHOWN:
            print(f"    and {len(found) - _SHOWN} more")
        failed += bool(found)
        passed += not found
        surprises += bool(unexpected(found, known))
    print(f"{passed} passed, {failed} failed")
    return 1 if surprises else 0


def _found(recording: Recording) -> list[Difference]:
    """Return what differs; what functions print is not shown."""
    try:
        with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
            return differences_of(recording)
    except Exception:  # noqa: BLE001 - one scenario that cannot run must not stop the others
        return [Difference("the replay itself", "", traceback.format_exc())]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
