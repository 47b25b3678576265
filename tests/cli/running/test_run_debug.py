"""`pfemu run --debug`: a client of the Debug Adapter Protocol stops in the function, before a reload and after it."""

import json
import re
import socket

import pytest

from tests.cli.processes import PATIENCE_S, read_line, read_until

SOURCE = """class Shout:
    def process(self, input, context):
        shown = f"%s {input}"
        return shown
"""
STOP_AT = 4


class Debugger:
    """A client of debugpy, as an editor is one."""

    def __init__(self, port):
        self._connection = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S)
        self._stream = self._connection.makefile("rwb")
        self._number = 0
        self._early = []

    def ask(self, command, **arguments):
        """Send a request; return its number."""
        self._number += 1
        body = json.dumps({"seq": self._number, "type": "request", "command": command, "arguments": arguments}).encode()
        self._stream.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self._stream.flush()
        return self._number

    def answer(self, number):
        found = self._wait(lambda each: each["type"] == "response" and each["request_seq"] == number)
        assert found["success"], found
        return found.get("body", {})

    def event(self, name):
        return self._wait(lambda each: each["type"] == "event" and each["event"] == name).get("body", {})

    def _wait(self, wanted):
        for each in self._early:
            if wanted(each):
                self._early.remove(each)
                return each
        while not wanted(each := self._read()):
            self._early.append(each)
        return each

    def _read(self):
        length = 0
        while (line := self._stream.readline()) not in {b"\r\n", b""}:
            if match := re.match(rb"Content-Length: (\d+)", line):
                length = int(match[1])
        assert length, "the debugger is gone"
        return json.loads(self._stream.read(length))

    def attach(self, path):
        self.answer(self.ask("initialize", adapterID="test", pathFormat="path"))
        attached = self.ask("attach", justMyCode=True)
        self.event("initialized")
        self.break_at(path)
        self.answer(self.ask("configurationDone"))
        self.answer(attached)

    def break_at(self, path):
        self.answer(self.ask("setBreakpoints", source={"path": str(path)}, breakpoints=[{"line": STOP_AT}]))

    def value_where_it_stops(self, expression):
        """Wait until it stops; return what an expression is there, and go on."""
        thread = self.event("stopped")["threadId"]
        frame = self.answer(self.ask("stackTrace", threadId=thread, levels=1))["stackFrames"][0]
        assert frame["line"] == STOP_AT
        value = self.answer(self.ask("evaluate", expression=expression, frameId=frame["id"]))["result"]
        self.answer(self.ask("continue", threadId=thread))
        return value

    def close(self):
        self._stream.close()
        self._connection.close()


def test_a_breakpoint_of_a_debugger_holds_in_reloaded_code(start, write):
    pytest.importorskip("debugpy")
    path = write("function.py", SOURCE % "old")
    process = start(path, "--debug", "--debug-port", "0", "--reload")
    (*_, line) = read_until(process.stderr, "waiting for a debugger")
    debugger = Debugger(int(re.search(r":(\d+) ", line)[1]))
    try:
        debugger.attach(path)
        process.stdin.write(b"tea\n")
        process.stdin.flush()
        assert debugger.value_where_it_stops("shown") == "'old tea'"
        path.write_text(SOURCE % "new")
        read_until(process.stderr, "reloaded #2")
        process.stdin.write(b"milk\n")
        process.stdin.flush()
        assert debugger.value_where_it_stops("shown") == "'new milk'"
        assert [read_line(process.stdout) for _ in range(2)] == ["old tea\n", "new milk\n"]
        debugger.answer(debugger.ask("disconnect"))
        process.communicate(timeout=PATIENCE_S)
        assert process.returncode == 0
    finally:
        debugger.close()


def test_a_port_that_is_taken_is_refused(start, write):
    pytest.importorskip("debugpy")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        process = start(write("function.py", SOURCE % "old"), "--debug", "--debug-port", str(taken.getsockname()[1]))
        _, err = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 2
    assert b"cannot listen on" in err
