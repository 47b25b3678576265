"""`--json`: the events, and the page that describes them."""

import re

import pytest

from tests.cli.described_events import EXAMPLES
from tests.samples.samples import SAMPLES

EVERYTHING = """
class Everything:
    def process(self, input, context):
        context.get_logger().warning("took %s", input)
        context.record_metric("length", len(str(input)))
        context.incr_counter("seen", 1)
        context.put_state("last", str(input))
        context.publish("other", input, properties={"p": "q"}, message_conf={"partition_key": "k"})
        if input == "bad":
            raise ValueError("bad one")
        return input
"""


@pytest.fixture
def outcome(run, write):
    return run(write("everything.py", EVERYTHING), "--json", "--skip-to-latest", "true", stdin="good\nbad\n")


RELOADING = {"config", "config_refused", "reload", "reload_failed", "replay"}  # which tests/cli/reloading/test_run_reload.py makes happen
SERVING = {"listening"}  # which tests/cli/running/test_run_admin.py makes happen


def test_every_kind_happens_and_every_kind_is_described(outcome):
    assert {event["event"] for event in outcome.events} | RELOADING | SERVING == {example["event"] for example in EXAMPLES}


@pytest.mark.parametrize("example", EXAMPLES, ids=[example["event"] for example in EXAMPLES])
def test_an_event_has_the_fields_and_types_of_its_description(outcome, example):
    for event in outcome.of(example["event"]):
        assert list(event) == list(example)
        for name, value in example.items():
            assert isinstance(event[name], type(value) if value is not None else (str, type(None))), name


def test_events_tell_what_happened(outcome):
    assert outcome.code == 1
    assert [(event["level"], event["message"]) for event in outcome.of("log")] == [("WARNING", "took good"), ("WARNING", "took bad")]
    [exception] = outcome.of("exception")
    assert (exception["kind"], exception["type"], exception["message"]) == ("user", "ValueError", "bad one")
    assert exception["traceback"].startswith('Traceback (most recent call last):\n  File "')
    assert "runtime" not in exception["traceback"]
    assert [(event["name"], event["value"]) for event in outcome.of("metric")] == [("length", 4), ("length", 3)]
    published = outcome.of("publish")
    assert [(event["topic"], event["payload"], event["key"], event["properties"]) for event in published] == [
        ("other", "good", "k", {"p": "q"}),
        ("other", "bad", "k", {"p": "q"}),
    ]
    assert len({event["message_id"] for event in published}) == 2


def test_warnings_come_first_where_they_are_known_before_and_else_where_they_arise(run, write, exclamation):
    outcome = run(exclamation, "--json", "--skip-to-latest", "true", stdin="tea\n42\n43\n")
    assert outcome.code == 0
    kinds = [(event["event"], event.get("about")) for event in outcome.events if event["event"] in {"warning", "output"}]
    number = ("warning", "an input that reads as a number")
    assert kinds[0] == ("warning", "skipToLatest")
    assert set(kinds[1:3]) == {("output", None), number}
    assert kinds[3:] == [("output", None)] * 2
    assert "warning" not in outcome.err
    assert [event["strict"] for event in outcome.of("warning")] == [True, False]


def test_warnings_of_what_does_not_start_are_told_all_the_same(run, exclamation):
    outcome = run(exclamation, "--json", "--skip-to-latest", "true", "--classname", "exclamation.Nothing", stdin="tea\n")
    assert outcome.code == 2
    assert [event["about"] for event in outcome.events] == ["skipToLatest"]


@pytest.mark.parametrize(
    ("line", "input_type", "shown"), [("42", "int", " (arrived as an int)"), ("4.2", "float", " (arrived as a float)"), ("x", "str", "")]
)
def test_a_failure_tells_what_had_become_of_the_payload(run, write, line, input_type, shown):
    path = write("adds.py", "class Adds:\n    def process(self, input, context):\n        return '!' + input + 1\n")
    [exception] = run(path, "--json", stdin=f"{line}\n").of("exception")
    assert exception["input_type"] == input_type
    assert f"persistent://public/default/Adds-in: {line}{shown}\n" in run(path, stdin=f"{line}\n").err


def test_what_could_not_be_decoded_was_given_to_nobody(run, write):
    deserialize = "class Picky:\n    def deserialize(self, data):\n        return json.loads(data)\n"
    path = write("picky.py", f"import json\n{deserialize}\ndef process(input):\n    return 1\n")
    serde = '{"in": "picky.Picky"}'
    outcome = run(path, "--classname", "picky", "--json", "--custom-serde-inputs", serde, "--output", "out", stdin="no json\n")
    [exception] = outcome.of("exception")
    assert (exception["kind"], exception["input_type"]) == ("system", None)


def test_ids_lead_from_one_event_to_another(outcome):
    [ack], [nack] = outcome.of("ack"), outcome.of("nack")
    first, second = (event["message_id"] for event in outcome.of("log"))
    assert (ack["message_id"], nack["message_id"]) == (first, second)
    assert outcome.of("exception")[0]["message_id"] == second
    assert [event["input_message_id"] for event in outcome.of("publish")] == [first, second]


def test_the_summary_is_last_and_complete(outcome):
    summary = outcome.events[-1]
    topic, subscription = "persistent://public/default/Everything-in", "public/default/Everything"
    assert {name: value for name, value in summary.items() if name != "seconds"} == {
        "event": "summary",
        "function": "public/default/Everything",
        "received": 2,
        "processed": 1,
        "user_exceptions": 1,
        "system_exceptions": 0,
        "outputs": 1,
        "published": {"other": 2},
        "backlog": {topic: {subscription: 1}},
        "unacked": 1,
        "state": {"last": "bad"},
        "counters": {"seen": 2},
        "interrupted": False,
        "ended_by": None,
    }


def test_stdout_holds_nothing_but_events_and_stderr_no_summary(outcome):
    assert all(line.startswith('{"event": "') for line in outcome.lines)
    assert "received" not in outcome.err


def test_metrics_come_in_the_summary_when_asked(run):
    [summary] = run(SAMPLES / "exclamation.py", "--json", "--metrics", stdin="x\n").of("summary")
    assert "pulsar_function_processed_successfully_total{" in summary["metrics"]


def test_a_payload_that_is_no_text_is_base64(run, write):
    function = write("bytes_out.py", "def process(input):\n    return b'\\xff'\n")
    [output] = run(function, "--json", stdin="x\n").of("output")
    assert output["payload_base64"] == "/w=="
    assert "payload" not in output


def test_an_output_names_its_input(run):
    [output] = run(SAMPLES / "exclamation.py", "--json", stdin="x\n").of("output")
    assert output["topic"] == "persistent://public/default/Exclamation-out"
    assert output["properties"]["__pfn_input_topic__"] == "persistent://public/default/Exclamation-in"


def test_an_explicit_ack_is_an_event(run, write):
    function = write(
        "manual.py", "class Manual:\n    def process(self, input, context):\n        context.ack(context.get_message_id(), 'Manual-in')\n"
    )
    outcome = run(function, "--json", "--processing-guarantees", "MANUAL", "--auto-ack", "false", stdin="x\n")
    [ack] = outcome.of("ack")
    assert ack["topic"] == "Manual-in"
    assert re.fullmatch(r"\(\d+,0,-1,-?\d+\)", ack["message_id"])
