"""A `pfemu run` on a pseudo-terminal, which types and looks."""

import os
import pty
import re
import select
import signal
import sys

from tests.cli.processes import PATIENCE_S

ENVIRONMENT = {"TERM": "xterm-256color", "PROMPT_TOOLKIT_NO_CPR": "1", "COLUMNS": "120", "LINES": "40"}
ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\r")


class Terminal:
    """A `pfemu run` on a pseudo-terminal."""

    def __init__(self, arguments, environment):
        self.process_id, self._terminal = pty.fork()
        if self.process_id == 0:
            inherited = {name: value for name, value in os.environ.items() if name not in {"CI", "NO_COLOR"}}
            os.execve(
                sys.executable, [sys.executable, "-m", "pfemu", "run", *map(str, arguments)], {**inherited, **ENVIRONMENT, **environment}
            )
        self.raw = ""
        self._looked_at = 0

    def type(self, text):
        """Type text; a carriage return is the enter key."""
        os.write(self._terminal, text.encode())

    def _read(self):
        assert select.select([self._terminal], [], [], PATIENCE_S)[0], f"nothing came after:\n{self.raw}"
        try:
            data = os.read(self._terminal, 1 << 16)
        except OSError:  # how a pseudo-terminal says that nobody writes to it any more
            return False
        self.raw += data.decode(errors="replace")
        return bool(data)

    def see(self, text):
        """Wait until text shows up after what was seen last."""
        while text not in self.raw[self._looked_at :]:
            assert self._read(), f"it ended without {text!r}:\n{self.raw}"
        self._looked_at = self.raw.index(text, self._looked_at) + len(text)

    def end(self):
        """Wait for the end; return the exit code and all that was shown."""
        while self._read():
            pass
        _, status = os.waitpid(self.process_id, 0)
        self.process_id = 0
        return os.waitstatus_to_exitcode(status), ESCAPES.sub("", self.raw)

    def close(self):
        """End it if it still runs."""
        if self.process_id:
            os.kill(self.process_id, signal.SIGKILL)
            os.waitpid(self.process_id, 0)
        os.close(self._terminal)
