"""Every recording of a real Pulsar, replayed on the emulator."""

from pathlib import Path

import pytest

from tests.traces.expected import expected_failures, unexpected
from tests.traces.recording import recordings_in
from tests.traces.running import differences_of

RECORDINGS = recordings_in(Path(__file__).parent / "recordings")
EXPECTED = expected_failures()


@pytest.mark.parametrize("recording", RECORDINGS, ids=lambda recording: recording.name)
def test_the_emulator_does_what_pulsar_did(recording):
    complaints = unexpected(differences_of(recording), EXPECTED.get(recording.name))
    assert not complaints, "\n".join(complaints)


def test_only_recordings_are_expected_to_fail():
    assert set(EXPECTED) <= {recording.name for recording in RECORDINGS}
