"""A save of `pfemu.yaml` while it runs."""

import json

import pytest

from tests.cli.processes import read_line

CODE = "class Greet:\n    def process(self, input, context):\n        return f\"{context.get_user_config_value('greeting')} {input}\"\n"
PROJECT = """\
functions:
  - {source: greet.py, name: one, inputs: [names], output: greetings, userConfig: {greeting: Hello}}
  - {source: greet.py, name: two, inputs: [greetings], output: end, userConfig: {greeting: Oh}}
topics:
  names: {partitions: 2}
"""


@pytest.fixture
def running(start, write):
    """Start a run that has said its first word: from then on saves are seen."""
    write("greet.py", CODE)
    path = write("pfemu.yaml", PROJECT)
    process = start(path, "--reload", "--json")

    class Running:
        @staticmethod
        def send(line):
            process.stdin.write(f"{line}\n".encode())
            process.stdin.flush()

        @staticmethod
        def next(*kinds):
            while True:
                event = json.loads(read_line(process.stdout))
                if event["event"] in kinds:
                    return event

        def end_output(self):
            event = self.next("output")
            return event["payload"] if event["topic"].endswith("/end") else self.end_output()

        @staticmethod
        def save(old, new):
            assert old in PROJECT
            path.write_text(PROJECT.replace(old, new, 1))

    made = Running()
    made.send("ada")
    assert made.end_output() == "Oh Hello ada"
    return made


def test_the_function_whose_configuration_is_saved_gets_it(running):
    running.save("Hello", "Ahoy")
    event = running.next("config", "config_refused")
    assert (event["event"], event["function"], list(event["changes"])) == ("config", "public/default/one", ["user_config"])
    running.send("bob")
    assert running.end_output() == "Oh Ahoy bob"


def test_partitions_grow_and_policies_and_topics_are_made(running):
    running.save("names: {partitions: 2}", "names: {partitions: 4, messageTTLInSeconds: 60}\n  more: {partitions: 1}")
    event = running.next("config", "config_refused")
    assert (event["event"], event["function"]) == ("config", None)
    assert event["changes"] == {
        "topics.names.partitions": [2, 4],
        "topics.names.message_ttl_seconds": [None, 60],
        "topics.more.partitions": [None, 1],
    }


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("partitions: 2", "partitions: 1", "Desired partitions 1 can't be less than the current partitions 2."),
        ("names: {partitions: 2}", "others: {partitions: 2}", "topic names is not named any more, and stays as it is"),
        ("topics:", "seeds: {names: [eve]}\ntopics:", "seeds are sent once, at the start: start the run again for that"),
        ("topics:", "state: {one: {seen: 3}}\ntopics:", "state is set once, at the start"),
        ("topics:", "topcis:", "a project has no field 'topcis'; did you mean 'topics'?"),
        ("source: greet.py, name: two", "source: greet.py, name: three", "public/default/three is new: start the run again for that"),
        (
            "  - {source: greet.py, name: two",
            "  - {source: greet.py, parallelism: none, name: two",
            "functions[1].parallelism cannot be read",
        ),
    ],
)
def test_what_cannot_be_taken_up_is_said_and_the_run_goes_on(running, old, new, problem):
    running.save(old, new)
    while problem not in (event := running.next("config_refused"))["error"]:
        pass
    assert event["function"] is None
    running.send("bob")
    assert running.end_output() == "Oh Hello bob"


def test_code_that_is_saved_is_loaded_by_both_functions(running, write):
    write("greet.py", CODE.replace("{input}", "{input}!"))
    assert {running.next("reload")["function"] for _ in range(2)} == {"public/default/one", "public/default/two"}
    running.send("bob")
    assert running.end_output() == "Oh Hello bob!!"


def test_code_in_processes_of_its_own_is_not_loaded_here_by_a_save(start, write, tmp_path):
    write("greet.py", f"import os\nwith open({str(tmp_path / 'loaded')!r}, 'a') as file:\n    print(os.getpid(), file=file)\n{CODE}")
    path = write("pfemu.yaml", PROJECT)
    process = start(path, "--reload=process", "--json")

    def next_event(kind):
        while (event := json.loads(read_line(process.stdout)))["event"] != kind:
            pass
        return event

    process.stdin.write(b"ada\n")
    process.stdin.flush()
    next_event("output")
    before = (tmp_path / "loaded").read_text().split()
    path.write_text(PROJECT.replace("Hello", "Ahoy", 1))
    assert next_event("config")["function"] == "public/default/one"
    after = (tmp_path / "loaded").read_text().split()
    assert len(after) > len(before)
    assert str(process.pid) not in after
