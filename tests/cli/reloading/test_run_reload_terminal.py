"""`pfemu run` on a terminal, with saves, commands and breakpoints: a pseudo-terminal types and looks."""

from functools import partial

import pytest

SHOUT = "def process(input):\n    return f'{input}%s'\n"
STATEFUL = """
class Counting:
    def process(self, input, context):
        context.incr_counter("seen", 1)
        if input == "bad":
            raise ValueError("a bad one")
        return f"{input} %s {context.get_counter('seen')}"
"""
STOPPING = """
class Stopping:
    def process(self, input, context):
        shown = f"%s {input}"
        breakpoint()
        return shown
"""


@pytest.fixture
def run(terminal, write):
    """Start a run of a function that can be saved."""

    def start(source, *arguments):
        path = write("function.py", source)
        running = terminal(path, "--name", "f", *arguments)
        running.see("Ctrl-D ends.")
        running.save = path.write_text
        running.see_all = partial(see_all, running)
        return running

    return start


def see_all(running, *texts):
    """Wait until all the texts are there, in any order."""
    while not all(text in running.raw for text in texts):
        assert running._read(), running.raw
    running._looked_at = len(running.raw)


def test_a_save_is_live_for_the_next_line(run):
    running = run(SHOUT % "!")
    running.type("tea\r")
    running.see("→ tea!")
    running.save(SHOUT % "?")
    running.see("reloaded #2 in ")
    running.see("function.py · state 0 keys kept")
    running.type("tea\r")
    running.see("→ tea?")
    running.save("def process(input)\n")
    running.see("not reloaded: function.py, line 1: expected ':'")
    running.see("still running #2")
    running.type("milk\r")
    running.see("→ milk?")
    running.type("\x04")
    assert running.end()[0] == 0


def test_what_failed_comes_again_after_the_save_that_mends_it(run):
    running = run("def process(input):\n    raise ValueError(f'no {input}')\n")
    running.type("tea\r")
    running.see("ValueError: no tea")
    running.save(SHOUT % "!")
    running.see("1 unacknowledged redelivered")
    running.see("→ tea!")


def test_without_reload_a_save_changes_nothing(run):
    running = run(SHOUT % "!", "--no-reload")
    running.save(SHOUT % "?")
    running.type("tea\r")
    running.see("→ tea!")
    running.type(":reload\r")
    running.see("reloading is off")


def test_commands_tell_apart_from_messages_and_are_completed(run):
    running = run(STATEFUL % "old")
    running.type("a\rbad\r")
    running.see("a bad one")
    running.type(":topics\r")
    running.see("persistent://public/default/f-in  backlog: public/default/f 1")
    running.type(":s\r")
    running.see("seen = 2")
    running.type(":met\t\r")
    running.see("pulsar_function_received_total")
    running.type(":advance 90\r")
    running.see_all("90 s later", "delivered 2 times")
    running.type(":advance soon\r")
    running.see("no number of seconds")
    running.type(":nonsense\r")
    running.see("There is no command :nonsense")
    running.type(":help\r")
    running.see(":quit")
    running.type("::colon\r")
    running.see("→ :colon old")
    running.type(":reload\r")
    running.see("reloaded #2")
    running.see("asked for")
    running.type(":q\r")
    assert running.end()[0] == 1


@pytest.mark.parametrize("form", ["name", "letter"])
def test_every_command_works_by_its_name_and_by_its_letter(run, form):
    running = run(STATEFUL % "old")
    running.type("tea\r")
    running.see("→ tea old 1")
    for name, argument, shown in (
        ("topics", "", "persistent://public/default/f-in  backlog: public/default/f 0"),
        ("state", "", "seen = 1"),
        ("metrics", "", "pulsar_function_received_total"),
        ("advance", " 1.5", "1.5 s later"),
        ("reload", "", "reloaded #2 in "),
        ("replay", " 1", "replayed 1 input on #2"),
        ("clear", "", "\x1b[2J\x1b[H"),
        ("help", "", "Every line is a message"),
        ("to", " elsewhere", "elsewhere"),
    ):
        letter = {"reload": "l", "to": "o"}.get(name, name[0])
        running.type(f":{name if form == 'name' else letter}{argument}\r")
        running.see(shown)
    running.type(":quit\r" if form == "name" else ":q\r")
    assert running.end()[0] == 0


def test_a_replay_shows_what_a_save_changes(run):
    running = run(STATEFUL % "old", "--replay", "3")
    running.type("a\rbad\r")
    running.see("a bad one")
    running.save((STATEFUL % "new").replace("raise ValueError('a bad one')", "pass").replace('"seen", 1', '"seen", 10'))
    running.see("replayed 2 inputs on #2 · 2 differ")
    running.see("output")
    running.see("a old 1")
    running.see("→")
    running.see("a new 10")
    running.type(":replay\r")
    running.see("nothing differs")
    running.type(":state\r")
    running.see("seen = ")


def test_a_breakpoint_stops_on_this_terminal_and_survives_a_reload(run):
    running = run(STOPPING % "old")
    running.type("tea\r")
    running.see("(Pdb)")
    running.type("p shown\n")
    running.see("'old tea'")
    running.save(STOPPING % "new")
    running.type("continue\n")
    running.see_all("reloaded #2", "→ old tea")
    running.type("milk\r")
    running.see("(Pdb)")
    running.type("p shown\n")
    running.see("'new milk'")
    running.type("continue\n")
    running.see("→ new milk")
    running.type(":quit\r")
    assert running.end()[0] == 0


def test_a_line_half_typed_is_there_again_after_the_debugger(run):
    running = run(STOPPING % "at")
    running.type("one\rhalf")
    running.see("(Pdb)")
    running.type("continue\n")
    running.see("→ at one")
    running.type("-typed\r")
    running.see("(Pdb)")
    running.type("p shown\n")
    running.see("'at half-typed'")
    running.type("continue\n")
    running.see("→ at half-typed")
