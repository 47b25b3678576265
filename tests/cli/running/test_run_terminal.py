"""`pfemu run` on a terminal: a pseudo-terminal types and looks."""

import sys

import pytest

from tests.cli.terminals import ESCAPES
from tests.samples.samples import SAMPLES

BUSY = """
import threading
class Busy:
    def process(self, input, context):
        context.get_logger().info("began")
        threading.Event().wait(0.5)
        return input
"""


def test_each_line_is_a_message_and_its_output_appears(terminal):
    run = terminal(SAMPLES / "exclamation.py")
    run.see("Ctrl-D ends.")
    run.type("hello\r")
    run.see("→ hello!")
    run.type("42\r")
    run.see("→ 42!")
    run.type("\x04")
    code, shown = run.end()
    assert code == 0
    assert "public/default/Exclamation: received 2 · processed 2 · failed 0 · outputs 2" in shown


def test_the_banner_says_what_runs_in_six_lines_at_most(terminal):
    run = terminal(SAMPLES / "log_levels.py", "--log-topic", "door-log")
    run.see("Ctrl-D ends.")
    banner = ESCAPES.sub("", run.raw).splitlines()
    assert len([line for line in banner if line]) <= 6
    for text in ("pfemu ", "log_levels.LogLevels", "LogLevels-in -> LogLevels-out", "logs -> door-log"):
        assert any(text in line for line in banner), text


def test_outputs_logs_and_failures_are_told_apart_by_colour(terminal):
    run = terminal(SAMPLES / "log_levels.py")
    run.see("Ctrl-D ends.")
    run.type("jammed\r")
    run.see("\x1b[2m[INFO] received jammed")
    run.see("\x1b[33m[WARNING] needs attention: jammed")
    run.type("\x04")
    assert run.end()[0] == 0
    failing = terminal(SAMPLES / "poison_message.py")
    failing.see("Ctrl-D ends.")
    failing.type("unicorn\r")
    failing.see("\x1b[1;31mLookupError: no unicorn in stock (attempt 1)")
    failing.type("tea\r")
    failing.see("\x1b[32m→ reserved tea at attempt 1")
    failing.type("\x04")
    code, shown = failing.end()
    assert code == 1
    assert "failed 1" in shown


def test_no_color_is_honoured(terminal):
    run = terminal(SAMPLES / "exclamation.py", NO_COLOR="1")
    run.see("Ctrl-D ends.")
    run.type("hello\r")
    run.see("→ hello!")
    run.type("\x04")
    run.end()
    assert "\x1b[32m" not in run.raw
    assert "\x1b[1m" not in run.raw


def test_ctrl_c_stops_cleanly_with_a_summary(terminal):
    run = terminal(SAMPLES / "exclamation.py")
    run.see("Ctrl-D ends.")
    run.type("hello\r")
    run.see("→ hello!")
    run.type("\x03")
    code, shown = run.end()
    assert code == 0
    assert "received 1 · processed 1" in shown
    assert "Traceback" not in shown


def test_an_empty_line_is_no_message(terminal):
    run = terminal(SAMPLES / "exclamation.py")
    run.see("Ctrl-D ends.")
    run.type("\r\rlast\r")
    run.see("→ last!")
    run.type("\x04")
    assert "received 1 " in run.end()[1]


def test_what_is_still_being_processed_at_the_end_is_waited_for(terminal, write):
    run = terminal(write("busy.py", BUSY))
    run.see("Ctrl-D ends.")
    run.type("slow\r")
    run.see("began")
    run.type("\x04")
    code, shown = run.end()
    assert code == 0
    assert "received 1 · processed 1" in shown
    assert "→ slow" in shown


def test_state_is_shown_at_the_end_when_asked(terminal):
    run = terminal(SAMPLES / "word_count.py", "--state")
    run.see("Ctrl-D ends.")
    run.type("tea for tea\r")
    run.see("→ tea 2, for 1")
    run.type("\x04")
    assert "tea = 2" in run.end()[1]


def test_under_ci_there_is_no_prompt(terminal):
    run = terminal(SAMPLES / "exclamation.py", CI="true")
    run.see("Exclamation-in -> Exclamation-out")
    run.type("hello\n")
    run.see("hello!")
    run.type("\x04")
    code, _ = run.end()
    assert code == 0
    assert "→" not in run.raw
    assert "\x1b" not in run.raw


def test_until_idle_reads_no_terminal(terminal):
    run = terminal(SAMPLES / "exclamation.py", "--until-idle")
    code, shown = run.end()
    assert code == 0
    assert "received 0" in shown


def test_what_cannot_be_loaded_is_told_without_a_prompt(terminal, write):
    run = terminal(write("empty.py", "x = 1\n"))
    code, shown = run.end()
    assert code == 2
    assert "error: " in shown
    assert "> " not in shown


def test_a_function_that_asks_for_input_gets_none_and_the_prompt_goes_on(terminal, write):
    run = terminal(
        write("ask.py", "def process(input):\n    return input + __builtins__['input']('name? ') if input == 'ask' else input\n")
    )
    run.see("Ctrl-D ends.")
    run.type("ask\r")
    run.see("EOFError")
    run.type("tea\r")
    run.see("→ tea")
    run.type("\x04")
    assert run.end()[0] == 1


def test_a_breakpoint_stops_on_the_terminal_that_messages_do_not_come_from(terminal, write):
    stopping = write("stop.py", "def process(input):\n    shown = input * 2\n    breakpoint()\n    return shown\n")
    run = terminal(stopping, "--input", write("words.txt", "tea\n"))
    run.see("(Pdb)")
    run.type("p shown\r")
    run.see("'teatea'")
    run.type("continue\r")
    code, shown = run.end()
    assert code == 0
    assert "received 1 · processed 1" in shown


@pytest.mark.skipif(sys.version_info >= (3, 13), reason="from there on it stops where breakpoint() stands, for no reason that it tells")
def test_why_the_debugger_stops_is_told_below_the_prompt(terminal, write):
    run = terminal(write("stop.py", "def process(input):\n    breakpoint(); return input\n"))
    run.see("Ctrl-D ends.")
    run.type("tea\r")
    run.see("(Pdb)")
    shown = ESCAPES.sub("", run.raw)
    assert shown.rindex("> ", 0, shown.index("stop.py(")) > shown.index("--Return--") > shown.index("> tea")
    assert "--Return--\n> " in shown
    run.type("continue\n")
    run.see("→ tea")
    run.type("\x04")
    assert run.end()[0] == 0
