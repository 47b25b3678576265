"""``python -m tests.traces [FOLDER]``: replay every recording at or below a folder, and say how many passed."""

from __future__ import annotations

import io
import sys
import traceback
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

from tests.traces.recording import Recording, recordings_in
from tests.traces.running import differences_of

_SHOWN = 8


def main(arguments: list[str]) -> int:
    """Replay, print what differs, and end with the numbers; 1 if something differs."""
    root = Path(arguments[0] if arguments else Path(__file__).parent / "recordings")
    wanted = arguments[1:]
    passed = failed = 0
    for recording in recordings_in(root):
        if wanted and not any(text in recording.name for text in wanted):
            continue
        found = _found(recording)
        print(f"{'failed' if found else 'passed'} {recording.name}", flush=True)
        for text in found[:_SHOWN]:
            print("   ", text.replace("\n", "\n    "))
        if len(found) > _SHOWN:
            print(f"    and {len(found) - _SHOWN} more")
        failed += bool(found)
        passed += not found
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


def _found(recording: Recording) -> list[str]:
    """Return what differs; what functions print is not shown."""
    try:
        with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
            return [str(difference) for difference in differences_of(recording)]
    except Exception:  # noqa: BLE001 - one scenario that cannot run must not stop the others
        return [traceback.format_exc()]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
