"""Commands at the prompt: told apart from messages, by name and by letter, and completed."""

import re
from types import SimpleNamespace

import pytest
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document

from pfemu.cli.prompt.commands_prompt import CommandRefusedError, PromptCommand, PromptCommands, QuitAskedFor
from pfemu.cli.prompt.run_commands import run_commands
from pfemu.cli.reporting.styles import Styles
from tests.architecture.source_tree import ROOT

PLAIN = Styles(on=False)
WANTED = {"replay", "topics", "state", "metrics", "advance", "reload", "clear", "help", "quit"}


def refuse(argument):
    raise CommandRefusedError(f"not with {argument}")


@pytest.fixture
def commands():
    return PromptCommands(
        [
            PromptCommand("say", "s", "Says it again", lambda argument: [f"said {argument!r}"], "WORDS"),
            PromptCommand("refuse", "r", "Refuses", refuse),
        ],
        PLAIN,
    )


@pytest.fixture
def of_a_run():
    return PromptCommands(run_commands(SimpleNamespace(several=False), None, None, None, PLAIN), PLAIN)


def names_of(commands):
    return [command.name for command in commands._commands]


def completed(commands, text):
    return [each.text for each in commands.get_completions(Document(text), CompleteEvent())]


@pytest.mark.parametrize(
    ("line", "message"),
    [("tea", "tea"), ("", ""), (" :say", " :say"), ("::say", ":say"), (":::", "::"), (":say", None), (":", None), (":unknown", None)],
)
def test_a_line_is_a_message_unless_it_begins_with_one_colon(commands, line, message):
    assert commands.message(line) == message


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        (":say a b ", "said 'a b'"),
        (":s a", "said 'a'"),
        (":s", "said ''"),
        (":refuse x", ":refuse: not with x"),
        (":r", ":refuse: not with "),
        (":sya", "There is no command :sya. Nearest: :say. :help lists them; a message that begins with a colon is typed with two."),
        (":x", "There is no command :x. :help lists them; a message that begins with a colon is typed with two."),
        (":", "There is no command :. :help lists them; a message that begins with a colon is typed with two."),
    ],
)
def test_a_command_is_run_by_name_and_by_letter(commands, line, shown):
    assert list(commands.run(line)) == [shown]


@pytest.mark.parametrize("count", ["-3", "0", "x", "1.5"])
def test_a_replay_of_no_number_of_inputs_is_refused(of_a_run, count):
    assert list(of_a_run.run(f":replay {count}")) == [f":replay: {count!r} is no number of inputs; as in :replay 5"]


def test_quitting_is_asked_for_by_name_and_by_letter(commands):
    for line in (":quit", ":q", ":q now"):
        with pytest.raises(QuitAskedFor):
            list(commands.run(line))


def test_help_lists_every_command_with_its_letter(commands, of_a_run):
    for line in (":help", ":h"):
        _, *lines = commands.run(line)
        assert [each.split() for each in lines] == [
            [":say", "WORDS", ":s", "Says", "it", "again"],
            [":refuse", ":r", "Refuses"],
            [":help", ":h", "What", "can", "be", "typed", "here"],
            [":quit", ":q", "End,", "as", "Ctrl-D", "does"],
        ]
    _, *lines = of_a_run.run(":help")
    assert [each.split()[0] for each in lines] == [f":{name}" for name in names_of(of_a_run)]
    assert set(names_of(of_a_run)) >= WANTED


def test_every_command_of_a_run_has_a_letter_of_its_own_and_no_name_is_anothers_letter(of_a_run):
    letters = [command.letter for command in of_a_run._commands]
    assert len(set(letters)) == len(letters)
    assert all(len(letter) == 1 for letter in letters)
    assert not set(letters) & {command.name for command in of_a_run._commands}


def test_every_beginning_of_a_name_is_completed_to_it(of_a_run):
    for name in names_of(of_a_run):
        for length in range(len(name) + 1):
            assert name in completed(of_a_run, f":{name[:length]}")
    assert completed(of_a_run, ":re") == ["replay", "reload"]
    assert completed(of_a_run, ":") == names_of(of_a_run)


@pytest.mark.parametrize("text", ["tea", "", "re", "::re", ":replay ", ":advance 6", ":nothing"])
def test_messages_and_arguments_are_not_completed(of_a_run, text):
    assert completed(of_a_run, text) == []


def test_the_screen_is_cleared(of_a_run):
    assert list(of_a_run.run(":clear")) == list(of_a_run.run(":c")) == ["\x1b[2J\x1b[H"]


def test_every_command_is_on_the_page_with_its_letter(of_a_run):
    page = (ROOT / "docs" / "reload.md").read_text(encoding="utf-8")
    for command in of_a_run._commands:
        assert re.search(rf"^\| `:{command.name}\b[^|]*\| `:{command.letter}` \| \w", page, re.MULTILINE), command.name
