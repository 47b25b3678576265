"""`pfemu run` with several functions: what one writes another reads."""

import pytest

from tests.cli.processes import read_line

SPLIT = """
class Split:
    def process(self, input, context):
        for word in str(input).split():
            context.publish("words", word)
"""
SHOUT = "def process(input):\n    return f'{input}!'\n"
FAIL = "def process(input):\n    raise ValueError(f'no {input}')\n"


@pytest.fixture
def chain(write):
    """Two functions, of which the second one reads what the first one writes."""
    write("first.py", SHOUT)
    write("second.py", SHOUT.replace("!", "?"))
    first = write("first.yaml", "py: first.py\nclassName: first\nname: first\ninputs: [start]\noutput: middle\n")
    second = write("second.yaml", "py: second.py\nclassName: second\nname: second\ninputs: [middle]\noutput: end\n")
    return first, second


def refusal(outcome, code):
    assert (outcome.code, outcome.out) == (code, ""), outcome.err
    return outcome.error


@pytest.mark.parametrize("flags", [("--inputs", "a"), ("--classname", "a.A"), ("--name", "n"), ("--py", "x.py"), ("--parallelism", "2")])
def test_a_flag_that_configures_one_function_is_refused_and_the_project_file_named(run, chain, flags):
    outcome = run(*chain, *flags)
    assert (outcome.code, outcome.out) == (2, "")
    assert f"{flags[0]} configures one function, and 2 are given." in outcome.err
    assert "pfemu.yaml" in outcome.err


def test_a_variable_that_configures_one_function_is_refused_too(run, chain):
    assert run(*chain, env={"PFEMU_INPUTS": "a"}).code == 2


def test_two_functions_of_one_name_are_refused_as_the_worker_does(run, write):
    path = write("shout.py", SHOUT)
    assert "Function shout already exists" in refusal(run(path, path), 3)


def test_one_function_that_does_not_load_keeps_all_from_running(run, chain, write):
    assert "line 1" in refusal(run(*chain, write("broken.py", "def process(\n"), stdin="tea\n"), 2)


def test_a_topic_that_no_function_reads_is_no_place_for_lines(run, chain):
    assert "no function reads middel; did you mean middle?" in refusal(run(*chain, "--to", "middel"), 2)
    assert "no topic can be called 'a/b'" in refusal(run(*chain, "--to", "a/b"), 2)


def test_what_the_last_one_writes_comes_out(run, chain):
    outcome = run(*chain, stdin="tea\nmilk\n")
    assert (outcome.code, outcome.out) == (0, "tea!?\nmilk!?\n")
    assert "public/default/first: start -> middle" in outcome.err
    assert "public/default/first: received 2 · processed 2 · failed 0 · outputs 2" in outcome.err
    assert "public/default/second: received 2 · processed 2 · failed 0 · outputs 2" in outcome.err


def test_it_does_not_matter_in_which_order_they_are_given_but_for_where_lines_go(run, chain):
    first, second = chain
    assert run(second, first, stdin="tea\n").out == "tea?\n"
    assert run(second, first, "--to", "start", stdin="tea\n").out == "tea!?\n"


def test_outputs_that_another_function_reads_are_shown_on_request_with_their_topics(run, chain):
    assert run(*chain, "--all-outputs", stdin="tea\n").out == "middle: tea!\nend: tea!?\n"


def test_outputs_to_several_topics_are_told_apart(run, write):
    loud = write("loud.yaml", "py: shout.py\nclassName: shout\nname: loud\ninputs: [start]\noutput: loud\n")
    also = write("also.yaml", "py: shout.py\nclassName: shout\nname: also\ninputs: [start]\noutput: also\n")
    write("shout.py", SHOUT)
    assert sorted(run(loud, also, stdin="tea\n").lines) == ["also: tea!", "loud: tea!"]


def test_a_topic_that_a_pattern_reads_is_not_the_end_of_the_line(run, write, chain):
    write("all.yaml", "py: first.py\nclassName: first\nname: all\ntopicsPattern: persistent://public/default/mid.*\noutput: seen\n")
    first, second = chain
    outcome = run(first, second, first.with_name("all.yaml"), stdin="tea\n")  # the topic is there when the last one looks for it
    assert sorted(outcome.lines) == ["end: tea!?", "seen: tea!!"]


def test_a_line_that_names_its_topic_goes_there(run, chain, write):
    lines = write("lines.jsonl", '{"value": "tea"}\n{"value": "milk", "topic": "middle"}\n')
    assert sorted(run(*chain, "--input", lines).lines) == ["milk?", "tea!?"]


def test_notes_say_whose_they_are(run, write):
    split = write("split.py", SPLIT)
    fail = write("fail.yaml", "py: fail.py\nclassName: fail\nname: fail\ninputs: [words]\n")
    write("fail.py", FAIL)
    outcome = run(split, fail, stdin="tea\n")
    assert outcome.code == 1
    assert "Split: publish words: tea" in outcome.err
    assert "fail: ValueError: no tea" in outcome.err


def test_events_and_summaries_name_their_function(run, chain):
    outcome = run(*chain, "--json", stdin="tea\n")
    assert [(each["function"].rpartition("/")[2], each["payload"]) for each in outcome.of("output")] == [
        ("first", "tea!"),
        ("second", "tea!?"),
    ]
    assert [(each["function"].rpartition("/")[2], each["received"], each["outputs"]) for each in outcome.of("summary")] == [
        ("first", 1, 1),
        ("second", 1, 1),
    ]
    assert {each["function"] for each in outcome.of("ack")} == {"public/default/first", "public/default/second"}


def test_outputs_of_two_functions_to_one_topic_are_told_apart_by_what_they_read(run, write):
    write("shout.py", SHOUT)
    one = write("one.yaml", "py: shout.py\nclassName: shout\nname: one\ninputs: [a]\noutput: end\n")
    two = write("two.yaml", "py: shout.py\nclassName: shout\nname: two\ninputs: [b]\noutput: end\n")
    lines = write("lines.jsonl", '{"value": "tea", "topic": "b"}\n{"value": "milk"}\n')
    outcome = run(one, two, "--json", "--input", lines)
    assert {(each["function"].rpartition("/")[2], each["payload"]) for each in outcome.of("output")} == {("two", "tea!"), ("one", "milk!")}


def test_state_and_metrics_name_their_function(run, write, chain):
    count = write("count.py", "class Count:\n    def process(self, input, context):\n        context.incr_counter('seen', 1)\n")
    outcome = run(chain[0], count, "--to", "Count-in", "--state", "--metrics", stdin="tea\n")
    assert "state of public/default/first: empty" in outcome.err
    assert "state of public/default/Count:\n  seen = 1" in outcome.err
    assert 'fqfn="public/default/Count"' in outcome.err


def test_partitions_are_made_of_the_inputs_of_all(run, chain):
    outcome = run(*chain, "--partitions", "3", "--json", stdin="tea\n")
    assert outcome.of("output")[-1]["payload"] == "tea!?"
    assert outcome.of("output")[0]["topic"].startswith("persistent://public/default/middle-partition-")


def test_a_save_reloads_the_functions_whose_code_it_is(start, chain):
    first, second = chain
    process = start(first, second, "--reload")
    process.stdin.write(b"tea\n")
    process.stdin.flush()
    assert read_line(process.stdout) == "tea!?\n"
    second.with_name("second.py").write_text(SHOUT.replace("!", " over"))
    lines = [read_line(process.stderr) for _ in range(3)]
    assert [line.split(" in ")[0] for line in lines if "reloaded" in line] == ["second: reloaded #2"]
    process.stdin.write(b"tea\n")
    out, err = process.communicate(timeout=50)
    assert out == b"tea! over\n"
    assert b"first: reloaded" not in err


def test_a_configuration_that_is_saved_changes_its_own_function(start, chain):
    first, second = chain
    process = start(first, second, "--reload")
    process.stdin.write(b"tea\n")
    process.stdin.flush()
    assert read_line(process.stdout) == "tea!?\n"
    second.write_text(second.read_text().replace("output: end", "output: elsewhere"))
    lines = [read_line(process.stderr) for _ in range(3)]
    assert [line.split(" in ")[0] for line in lines if "changed" in line] == ["second: configuration changed"]
    process.stdin.write(b"tea\n")
    assert process.communicate(timeout=50)[0] == b"tea!?\n"


def test_the_prompt_asks_about_each_function_and_sends_where_it_is_told(terminal, chain):
    running = terminal(*chain, "--log-level", "ERROR")
    running.see("A line is a message to start. Ctrl-D ends.")
    running.type("tea\r")
    running.see("→ tea!?")
    running.type(":to middle\r")
    running.see("a line is a message to persistent://public/default/middle")
    running.type("milk\r")
    running.see("→ milk?")
    running.type(":to nowhere\r")
    running.see("no function reads nowhere")
    running.type(":state\r")
    running.see("state of public/default/first: empty")
    running.see("state of public/default/second: empty")
    running.type(":metrics second\r")
    running.see('fqfn="public/default/second"')
    running.type(":state third\r")
    running.see("there is no function 'third'; there are first, second")
    running.type("\x04")
    code, shown = running.end()
    assert code == 0
    assert "public/default/second: received 2 · processed 2" in shown


def test_the_end_waits_for_what_the_chain_still_does(terminal, chain):
    chain[1].with_name("second.py").write_text("import threading\ndef process(input):\n    threading.Event().wait(0.3)\n    return input\n")
    running = terminal(*chain)
    running.see("Ctrl-D ends.")
    running.type("tea\r\x04")
    assert "→ tea!" in running.end()[1]


def test_each_of_several_is_checked(write, chain, check_several):
    outcome = check_several(*chain, write("broken.py", "def process(\n"))
    assert outcome.exit_code == 2
    assert "public/default/first: nothing that a cluster would refuse" in outcome.output
    assert "public/default/second: nothing" in outcome.output
    assert "broken.py, line 1" in outcome.output


@pytest.fixture
def check_several():
    """Call `pfemu check` in this process."""
    from click.testing import CliRunner

    from pfemu.cli.main import cli

    return lambda *arguments: CliRunner().invoke(cli, ["check", *map(str, arguments)])
