"""Recordings again, with each call of the admin API made over HTTP: what the server and its client translate comes out the same."""

import threading
from concurrent.futures import Future
from pathlib import Path
from queue import SimpleQueue

import pytest

from pfemu.admin.http.http_server import AdminServer
from pfemu.cli.pulsar_admin.admin_calls import AdminCalls
from tests.traces.expected import expected_failures, unexpected
from tests.traces.recording import recordings_in
from tests.traces.running import differences_of

NAMES = ["06-state-admin", "08-cli", "08-create-refusals", "08-unknown-function", "09-zip", "10-stop-start", "10-trigger"]
RECORDINGS = [each for each in recordings_in(Path(__file__).parent / "recordings") if each.name in NAMES]
EXPECTED = expected_failures()
PATIENCE_S = 50


class OverHttp:
    """Makes each call over HTTP on a thread of its own; the one who asks, and owns the emulator, answers what the server hands in."""

    def __init__(self, answer):
        self._answer = answer
        self._handed_in = SimpleQueue()
        self.errors = []
        self.server = AdminServer(0, self._hand_in, self.errors.append)
        self._calls = AdminCalls(self.server.url)

    def _hand_in(self, request):
        answered = Future()
        self._handed_in.put((request, answered))
        return answered.result(PATIENCE_S)

    def __call__(self, request):
        called = Future()
        threading.Thread(target=self._call, args=(request, called), daemon=True).start()
        while (handed_in := self._handed_in.get(timeout=PATIENCE_S)) is not None:
            request, answered = handed_in
            answered.set_result(self._answer(request))
        return called.result(PATIENCE_S)

    def _call(self, request, called):
        try:
            called.set_result(self._calls(request))
        except BaseException as error:  # noqa: BLE001 - raised by the one who asked
            called.set_exception(error)
        self._handed_in.put(None)


@pytest.fixture
def made():
    servers = []

    def through(answer):
        servers.append(OverHttp(answer))
        return servers[-1]

    yield through
    for each in servers:
        each.server.close()
    assert [error for each in servers for error in each.errors] == []


@pytest.mark.parametrize("recording", RECORDINGS, ids=lambda recording: recording.name)
def test_the_same_comes_over_http(recording, made):
    complaints = unexpected(differences_of(recording, made), EXPECTED.get(recording.name))
    assert not complaints, "\n".join(complaints)
