"""A command of pfemu called in this process."""

import json
from dataclasses import dataclass

from click.testing import CliRunner

from pfemu.cli.main import cli

CLEAN = {"NO_COLOR": None, "CI": None}


@dataclass(frozen=True)
class Outcome:
    """What a run came to."""

    code: int
    out: str
    err: str

    @property
    def lines(self):
        return self.out.splitlines()

    @property
    def events(self):
        return [json.loads(line) for line in self.out.splitlines()]

    def of(self, kind):
        """Return the events of a kind."""
        return [event for event in self.events if event["event"] == kind]

    @property
    def error(self):
        """Return the lines of stderr from `error:` on."""
        _, found, text = self.err.partition("error: ")
        assert found, f"no error told:\n{self.err}"
        return text


def called(command, *arguments, stdin="", env=None):
    """Call a command; `stdin` is text or bytes."""
    result = CliRunner(env={**CLEAN, **(env or {})}).invoke(cli, [command, *map(str, arguments)], input=stdin)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Outcome(result.exit_code, result.stdout_bytes.decode(errors="surrogateescape"), result.stderr)
