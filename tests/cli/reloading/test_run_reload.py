"""`pfemu run --reload` on a pipe that stays open: saves, events, configuration, replays."""

import json
import os
import subprocess
import sys

import pytest

from tests.cli.described_events import EXAMPLES
from tests.cli.processes import PATIENCE_S, read_line, read_until

FIELDS = {kind: [list(example) for example in EXAMPLES if example["event"] == kind] for kind in {each["event"] for each in EXAMPLES}}
SHOUT = "def process(input):\n    return f'{input}%s'\n"
COUNTING = """
class Counting:
    def process(self, input, context):
        context.incr_counter("seen", %d)
        context.record_metric("length", len(input))
        context.get_logger().info("saw %%s", input)
        if input == "bad":
            %s
        context.publish("aside", input)
        return f"{input} {context.get_counter('seen')}"
"""
GREETING = """
class Greeting:
    def process(self, input, context):
        return f"{context.get_user_config_value('greeting')}, {input} ({context.get_secret('who')}, {context.get_instance_id()})"
"""
LOADS_AT_THE_END = (
    """
import os, sys, threading

def main_waits_for_this_thread():
    return sys._current_frames()[threading.main_thread().ident].f_code.co_name in {"join", "_wait_for_tstate_lock"}

os.write(os.open("%s", os.O_RDWR), b"yes\\n")
while not main_waits_for_this_thread():
    threading.Event().wait(0.01)
"""
    + SHOUT
)
CONFIG = "py: function.py\nclassName: function.Greeting\nname: f\ninputs: [f-in]\noutput: f-out\n"


class Run:
    """A run with --json: lines in, events out."""

    def __init__(self, process):
        self.process = process

    def send(self, *lines):
        self.process.stdin.write("".join(f"{line}\n" for line in lines).encode())
        self.process.stdin.flush()

    def next(self, *kinds):
        """Return the next event of one of these kinds."""
        while True:
            event = json.loads(read_line(self.process.stdout))
            if event["event"] in kinds:
                assert list(event) in FIELDS[event["event"]], "not as docs/events.md has it"
                return event

    def output(self):
        return self.next("output")["payload"]

    def end(self):
        out, err = self.process.communicate(timeout=PATIENCE_S)
        assert self.process.returncode in {0, 1}, err
        return [json.loads(line) for line in out.splitlines()]


@pytest.fixture
def run(start, write):
    """Start a run that has said its first word: from then on saves are seen."""

    def call(source, *arguments, target="function.py"):
        path = write("function.py", source)
        made = Run(start(path.parent / target, "--name", "f", "--reload", "--json", *arguments))
        made.save = path.write_text
        made.send("first")
        made.next("output", "exception")
        return made

    return call


def test_a_save_is_told_as_an_event_and_runs_from_the_next_message_on(run):
    running = run(SHOUT % "!")
    running.save(SHOUT % "?")
    event = running.next("reload")
    assert event["generation"] == 2
    assert event["ms"] < 5_000
    assert [name.rpartition("/")[2] for name in event["files"]] == ["function.py"]
    assert (event["state_keys"], event["redelivered"], event["threads"]) == (0, 0, [])
    running.send("tea")
    assert running.output() == "tea?"


def test_a_save_that_does_not_load_is_told_with_its_line(run):
    running = run(SHOUT % "!")
    running.save("def process(input):\n    return (\n")
    event = running.next("reload_failed")
    assert event["error"] == "function.py, line 2: '(' was never closed"
    assert "    return (" in event["traceback"]
    assert event["still_running"] == 1
    running.send("tea")
    assert running.output() == "tea!"


def test_what_failed_is_redelivered_and_state_is_kept(run):
    running = run(COUNTING % (1, "raise ValueError('a bad one')"))
    running.send("bad")
    assert running.next("exception")["message"] == "a bad one"
    running.save(COUNTING % (1, "pass"))
    event = running.next("reload")
    assert (event["state_keys"], event["redelivered"]) == (1, 1)
    assert [each["error"] for each in event["failed"]] == ["ValueError: a bad one"]
    assert running.output() == "bad 3"
    (summary,) = [each for each in running.end() if each["event"] == "summary"]
    assert (summary["received"], summary["processed"], summary["user_exceptions"]) == (3, 2, 1)


def test_a_replay_tells_what_a_save_changes(run):
    running = run(COUNTING % (1, "raise ValueError('a bad one')"), "--replay", "5", "--no-redeliver-on-reload")
    running.send("bad")
    running.next("exception")
    running.save(COUNTING % (10, "pass"))
    event = running.next("replay")
    assert (event["generation"], event["differ"]) == (2, 2)
    first, bad = event["inputs"]
    assert first["before"]["outputs"] == [{"payload": "first 1"}]
    assert first["after"]["outputs"] == [{"payload": "first 10"}]
    assert first["after"]["state"] == {"seen": [None, 10]}
    assert first["before"]["logs"] == first["after"]["logs"] == [{"level": "INFO", "message": "saw first"}]
    assert first["after"]["published"] == [{"topic": "aside", "payload": "first"}]
    assert (bad["before"]["exception"], bad["after"]["exception"]) == ("ValueError: a bad one", None)
    assert bad["before"]["state"] == {"seen": [1, 2]}
    assert bad["after"]["state"] == {"seen": [1, 11]}
    summary = running.end()[-1]
    assert summary["counters"] == {"seen": 2}
    assert (summary["outputs"], summary["published"]) == (1, {"aside": 1})


def test_a_replay_may_be_sent_for_real(run):
    running = run(COUNTING % (1, "pass"), "--replay", "1", "--replay-apply")
    running.save(COUNTING % (10, "pass"))
    assert running.output() == "first 11"
    assert running.end()[-1]["counters"] == {"seen": 11}


def test_user_config_and_secrets_in_the_file_are_in_force_at_once(run, write):
    write("function.yaml", CONFIG + "userConfig: {greeting: Hello}\nsecrets: {who: ada}\n")
    running = run(GREETING, target="function.yaml")
    write("function.yaml", CONFIG + "userConfig: {greeting: Ahoy}\nsecrets: {who: bob}\n")
    event = running.next("config")
    assert sorted(event["changes"]) == ["secrets_map", "user_config"]
    assert event["restarted"] is False
    running.send("tea")
    assert running.output() == "Ahoy, tea (bob, 0)"
    assert running.end()[-1]["received"] == 2


def test_a_save_of_the_user_config_file_or_the_secrets_file_is_in_force_at_once_and_shows_no_secret(run, write):
    user_config, secrets = write("user.json", '{"greeting": "Hello"}'), write("secrets.yaml", "who: ada-the-secret\n")
    running = run(GREETING, "--user-config-file", user_config, "--secrets-file", secrets)
    write("user.json", '{"greeting": "Ahoy"}')
    assert running.next("config")["changes"] == {"user_config": ['{"greeting":"Hello"}', '{"greeting":"Ahoy"}']}
    write("secrets.yaml", "who: bob-the-secret\nmore: 1\n")
    event = running.next("config")
    assert (event["changes"], event["restarted"]) == ({"secrets_map": ["who", "who, more"]}, False)
    write("secrets.yaml", "{who: eve-the-secret")
    assert "-the-secret" not in running.next("config_refused")["error"]
    running.send("tea")
    assert running.output() == "Ahoy, tea (bob-the-secret, 0)"


def test_more_instances_are_started_and_fewer_are_stopped(run, write):
    write("function.yaml", CONFIG)
    running = run(GREETING, target="function.yaml")
    write("function.yaml", CONFIG + "parallelism: 3\n")
    assert running.next("config")["changes"]["parallelism"] == [1, 3]
    running.send("a")
    running.output()
    write("function.yaml", CONFIG + "parallelism: 1\n")
    assert running.next("config")["changes"]["parallelism"] == [3, 1]
    running.send("b")
    assert running.output().endswith(", 0)")


@pytest.mark.parametrize(
    ("more", "refusal"),
    [
        ("processingGuarantees: ATMOST_ONCE\n", "Processing Guarantees cannot be altered"),
        ("inputs: [other]\n", "Input Topics cannot be altered"),
        ("# nothing\n", "Update contains no change"),
        ("parallelism: many\n", "java.lang.Integer"),
    ],
)
def test_what_an_update_may_not_change_is_refused_in_the_workers_words(run, write, more, refusal):
    write("function.yaml", CONFIG)
    running = run(GREETING, target="function.yaml")
    config = CONFIG.replace("inputs: [f-in]\n", "") if "inputs" in more else CONFIG
    write("function.yaml", config + more)
    assert refusal in running.next("config_refused")["error"]
    running.send("tea")
    assert running.output() == "None, tea (None, 0)"


def test_another_output_topic_starts_the_instances_anew_and_is_shown(run, write):
    write("function.yaml", CONFIG)
    running = run(GREETING, target="function.yaml")
    write("function.yaml", CONFIG.replace("f-out", "elsewhere"))
    assert running.next("config")["restarted"] is True
    running.send("tea")
    assert running.next("output")["topic"] == "persistent://public/default/elsewhere"


def test_included_files_load_the_code_anew(run, write):
    words = write("data/words.txt", "old")
    running = run(f"WORD = open({str(words)!r}).read()\ndef process(input):\n    return WORD\n", "--reload-include", "data/*.txt")
    write("data/words.txt", "new")
    running.next("reload")
    running.send("tea")
    assert running.output() == "new"


def test_files_are_looked_at_where_that_is_asked_for(run):
    running = run(SHOUT % "!", "--reload-poll")
    running.save(SHOUT % " and more")
    running.next("reload")
    running.send("tea")
    assert running.output() == "tea and more"


def test_a_hundred_saves_end_in_the_last_one(run):
    running = run(SHOUT % "!")
    for number in range(100):
        running.save(SHOUT % f" {number}")
    while True:
        running.next("reload", "reload_failed")
        running.send("tea")
        if running.output() == "tea 99":
            return


def test_lines_for_a_person_go_to_stderr(start, write):
    path = write("function.py", SHOUT % "!")
    process = start(path, "--reload")
    process.stdin.write(b"tea\n")
    process.stdin.flush()
    assert read_line(process.stdout) == "tea!\n"
    path.write_text(SHOUT % "?")
    (*_, line) = read_until(process.stderr, "reloaded #2 in ")
    assert line.endswith(" ms · function.py · state 0 keys kept\n") or "function.py" in line


def test_a_run_without_reload_loads_no_watcher(write):
    path = write("function.py", SHOUT % "!")
    code = (
        f"import sys; sys.argv[1:] = ['run', {str(path)!r}]; from pfemu.cli.main import main\n"
        "main(); print([name for name in sys.modules if 'watchdog' in name or 'pfemu.reload' in name])"
    )
    finished = subprocess.run([sys.executable, "-c", code], input=b"", capture_output=True, timeout=PATIENCE_S, check=True)
    assert finished.stdout.splitlines()[-1] == b"[]"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--replay-apply"], "--replay N"),
        (["--replay", "-1"], "replay"),
        (["--reload=fork"], "does not take a value"),
        (["--reload=process", "--runtime", "thread"], "gives it none"),
        (["--runtime", "process", "--debug"], "the function is in another"),
        (["--runtime", "fork"], "'thread', 'process'"),
    ],
)
def test_flags_that_make_no_sense_are_refused(write, arguments, words):
    path = write("function.py", SHOUT % "!")
    finished = subprocess.run(
        [sys.executable, "-m", "pfemu", "run", str(path), *arguments], input=b"", capture_output=True, timeout=PATIENCE_S, check=False
    )
    assert finished.returncode == 2
    assert words in finished.stderr.decode()


def test_what_is_loaded_while_the_input_ends_is_told_and_replayed_before_the_summary(run, tmp_path):
    os.mkfifo(tmp_path / "began")
    running = run(SHOUT % "!", "--replay", "1")
    running.save(LOADS_AT_THE_END % (tmp_path / "began", "?"))
    with (tmp_path / "began").open() as began:
        assert began.readline() == "yes\n"
    events = [event["event"] for event in running.end()]
    assert [kind for kind in events if kind in FIELDS][-3:] == ["reload", "replay", "summary"]
