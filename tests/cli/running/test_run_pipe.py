"""`pfemu run` with a pipe or files: what goes in, what comes out, and the exit code."""

import json

from tests.samples.samples import DATA, SAMPLES


def test_every_line_is_a_message_and_stdout_holds_the_outputs_alone(run, exclamation):
    outcome = run(exclamation, stdin="hello\nworld\n")
    assert outcome.out == "hello!\nworld!\n"
    assert outcome.code == 0


def test_the_summary_goes_to_stderr(run, exclamation):
    outcome = run(exclamation, stdin="hello\nworld\n")
    assert "public/default/Exclamation: received 2 · processed 2 · failed 0 · outputs 2 · " in outcome.err
    assert "\x1b" not in outcome.err


def test_the_derived_topics_are_said(run, exclamation):
    assert "public/default/Exclamation: Exclamation-in -> Exclamation-out" in run(exclamation).err


def test_a_last_line_without_a_newline_and_an_empty_line_are_messages(run, exclamation):
    assert run(exclamation, stdin="a\n\nb").out == "a!\n!\nb!\n"


def test_a_line_that_begins_with_a_colon_is_a_message_like_any_other(run, exclamation):
    outcome = run(exclamation, stdin=":quit\n:q\n::x\n")
    assert outcome.out == ":quit!\n:q!\n::x!\n"
    assert "There is no command" not in outcome.err


def test_bytes_that_are_no_text_pass(run, write):
    function = write("echo.py", "def process(input):\n    return input\n")
    assert run(function, stdin=b"\xff\xfe\n").out.encode(errors="surrogateescape") == b"\xff\xfe\n"


def test_files_are_read_one_after_the_other(run, exclamation, write):
    outcome = run(exclamation, "--input", write("a.txt", "a\n"), "--input", write("b.jsonl", '{"value": "b"}\n'))
    assert outcome.out == "a!\nb!\n"


def test_a_dash_is_standard_input(run, exclamation):
    assert run(exclamation, "--input", "-", stdin="a\n").out == "a!\n"


def test_json_lines_on_standard_input_are_read_when_asked(run, exclamation):
    assert run(exclamation, "--input-format", "jsonl", stdin='{"value": "a"}\n').out == "a!\n"
    assert run(exclamation, stdin='{"value": "a"}\n').out == '{"value": "a"}!\n'


def test_what_a_json_line_gives_reaches_the_function(run, write):
    function = write(
        "show.py",
        "import json\n"
        "class Show:\n"
        "    def process(self, input, context):\n"
        "        return json.dumps([input, context.get_partition_key(), context.get_message_properties(),\n"
        "            context.get_message_eventtime(), context.get_current_message_topic_name()])\n",
    )
    line = {"value": "v", "key": "k", "properties": {"p": "q"}, "event_time": 7, "topic": "b"}
    outcome = run(function, "--inputs", "a,b", "--input", write("in.jsonl", json.dumps(line)))
    assert json.loads(outcome.out) == ["v", "k", {"p": "q"}, 7, "persistent://public/default/b"]


def test_lines_go_to_the_first_input_and_keys_are_split_off(run, write):
    function = write(
        "show.py",
        "class Show:\n    def process(self, input, context):\n"
        "        return f'{context.get_partition_key()}={input} {context.get_current_message_topic_name()}'\n",
    )
    outcome = run(function, "-i", "a,b", "-o", "out", "--key-separator", ":", stdin="k:v\nplain\n")
    assert outcome.out == "k=v persistent://public/default/a\n=plain persistent://public/default/a\n"


def test_a_message_to_a_topic_of_another_namespace_finds_it_made(run, exclamation, write):
    line = '{"value": "a", "topic": "persistent://acme/shop/orders"}'
    outcome = run(exclamation, "--inputs", "acme/shop/orders", "--input", write("in.jsonl", line), "--tenant", "acme", "--namespace", "ops")
    assert outcome.out == "a!\n"
    assert "acme/ops/Exclamation: acme/shop/orders -> Exclamation-out" in outcome.err


def test_a_failing_message_is_told_and_the_exit_code_is_1(run):
    outcome = run(SAMPLES / "poison_message.py", stdin="tea\nunicorn\ncoffee\n")
    assert outcome.out == "reserved tea at attempt 1\nreserved coffee at attempt 1\n"
    assert outcome.code == 1
    assert "LookupError: no unicorn in stock (attempt 1)" in outcome.err
    assert "unicorn" in outcome.err
    assert "raise LookupError" in outcome.err
    assert "comes again after 60 s" in outcome.err
    assert "1 message of persistent://public/default/Reserve-in not acknowledged by public/default/Reserve" in outcome.err


def test_a_traceback_begins_at_the_function(run):
    outcome = run(SAMPLES / "poison_message.py", stdin="unicorn\n")
    assert "instance.py" not in outcome.err
    assert 'poison_message.py", line' in outcome.err
    assert "instance.py" in run(SAMPLES / "poison_message.py", "--full-traceback", stdin="unicorn\n").err


def test_the_same_failure_is_shown_in_full_once_then_short_then_only_counted(run):
    outcome = run(SAMPLES / "poison_message.py", stdin="unicorn\n" * 1)
    assert outcome.err.count("Traceback") == 1
    failing = run(SAMPLES / "content_router.py", stdin="no json\n" * 50)
    assert failing.err.count("Traceback") == 1
    assert failing.err.count("JSONDecodeError: Expecting value") <= 12
    assert "only counted from here on" in failing.err
    assert "failed 50" in failing.err


def test_what_a_function_logs_prints_and_publishes_goes_to_stderr(run):
    outcome = run(SAMPLES / "log_levels.py", stdin="door 7 jammed\n")
    assert outcome.out == ""
    for line in ("[INFO] received door 7 jammed", "[WARNING] needs attention: door 7 jammed", "[INFO] done"):
        assert line in outcome.err.splitlines()
    routed = run(SAMPLES / "content_router.py", "--input", DATA / "orders.jsonl")
    assert routed.out == ""
    assert "publish tea-orders: {" in routed.err
    assert "published: tea-orders 44, coffee-orders 40, " in routed.err
    assert routed.code == 0


def test_the_log_level_is_that_of_the_functions_logger(run):
    assert "looking at" not in run(SAMPLES / "log_levels.py", stdin="x\n").err
    assert "[DEBUG] looking at x" in run(SAMPLES / "log_levels.py", "--log-level", "debug", stdin="x\n").err
    quiet = run(SAMPLES / "log_levels.py", "--log-level", "WARNING", stdin="door jammed\n").err
    assert "[INFO]" not in quiet
    assert "needs attention" in quiet


def test_state_and_metrics_are_printed_at_the_end_when_asked(run):
    outcome = run(SAMPLES / "word_count.py", "--state", stdin="tea for tea\n")
    assert "  tea = 2\n  for = 1\n" in outcome.err
    assert "state: empty" in run(SAMPLES / "exclamation.py", "--state").err
    metrics = run(SAMPLES / "exclamation.py", "--metrics", stdin="x\n").err
    assert 'pulsar_function_received_total{cluster="standalone",fqfn="public/default/Exclamation",instance_id="0"' in metrics


def test_partitions_are_made_and_all_are_read(run, exclamation):
    outcome = run(exclamation, "--partitions", "3", "--json", stdin="a\nb\nc\nd\n")
    assert sorted(event["payload"] for event in outcome.of("output")) == ["a!", "b!", "c!", "d!"]
    assert {event["topic"] for event in outcome.of("ack")} <= {
        f"persistent://public/default/Exclamation-in-partition-{n}" for n in range(3)
    }
    [summary] = outcome.of("summary")
    assert summary["backlog"] == {"persistent://public/default/Exclamation-in": {"public/default/Exclamation": 0}}


def test_several_instances_share_the_work(run, exclamation):
    outcome = run(exclamation, "--parallelism", "2", stdin="".join(f"{n}\n" for n in range(100)))
    assert sorted(outcome.lines) == sorted(f"{n}!" for n in range(100))


def test_with_nothing_to_read_it_ends_at_once(run, exclamation):
    outcome = run(exclamation)
    assert (outcome.code, outcome.out) == (0, "")
    assert "received 0" in outcome.err


def test_system_exit_in_the_function_is_told(run, write):
    function = write("leave.py", "import sys\ndef process(input):\n    sys.exit(3)\n")
    outcome = run(function, stdin="a\nb\n")
    assert outcome.code == 1
    assert "SystemExit: 3 ended the function's thread" in outcome.err
    assert "received 2" in outcome.err


def test_a_function_that_feeds_itself_is_explained(run, write):
    function = write("loop.py", "class Loop:\n    def process(self, input, context):\n        context.publish('Loop-in', input)\n")
    outcome = run(function, "--log-level", "ERROR", stdin="a\n")
    assert outcome.code == 1
    assert "Does a function publish to its own input" in outcome.error
    assert "step_limit" not in outcome.error  # which is no option of the command


def test_a_function_that_waits_between_lines_shows_each_output_before_the_next(run, write):
    order = write(
        "order.py",
        "class Order:\n    def process(self, input, context):\n        context.get_logger().info('took %s', input)\n        return input\n",
    )
    events = [event["event"] for event in run(order, "--json", stdin="a\n").events]
    assert events.index("log") < events.index("output") < events.index("summary")


def test_a_group_of_exceptions_is_shown_with_its_lines(run, write):
    failing = write("group.py", "def process(input):\n    raise ExceptionGroup('both', [ValueError(1), TypeError(2)])\n")
    err = run(failing, stdin="a\n").err
    assert "ExceptionGroup: both (2 sub-exceptions)" in err
    assert "group.py" in err
    assert "| ValueError: 1" in err


def test_a_line_too_big_for_a_message_is_refused_and_not_lost_in_silence(run, exclamation, write):
    outcome = run(exclamation, stdin="one\n" + "a" * 5_300_000 + "\n")
    assert (outcome.code, outcome.out) == (2, "one!\n")
    assert "a message of 5,300,000 bytes was not taken (Pulsar error: MessageTooBig): aaa" in outcome.error
    assert len(run(exclamation, stdin="a" * 5_000_000 + "\n").out) == 5_000_002
    big = write("big.jsonl", '{"value": "tea"}\n{"value": "tea", "properties": {"p": "' + "a" * 5_300_000 + '"}}\n')
    outcome = run(exclamation, "--input", big)
    assert (outcome.code, outcome.out) == (2, "tea!\n")
    assert "a message of 3 bytes was not taken (Pulsar error: MessageTooBig): tea" in outcome.error


def test_lines_for_a_topic_that_nobody_reads_are_refused_with_what_is_read(run, exclamation):
    assert "no function reads zzz. What is read: Exclamation-in" in run(exclamation, "--to", "zzz").error
    assert "no function reads Exclamation-im; did you mean Exclamation-in? What is read" in run(exclamation, "--to", "Exclamation-im").error


STRICT_TOPIC = """
functions:
- source: exclamation.py
  inputs: [in]
topics:
  in:
    schemaValidationEnforced: true
    schema: {type: JSON, schema: {type: record, name: Order, fields: []}}
"""


def test_a_topic_that_takes_no_such_messages_is_told_with_the_first_line(run, exclamation, write):
    write("exclamation.py", exclamation.read_text())
    outcome = run(write("pfemu.yaml", STRICT_TOPIC), stdin="one\ntwo\n")
    assert (outcome.code, outcome.out) == (2, "")
    assert "nothing can be sent to persistent://public/default/in: Pulsar error: IncompatibleSchema" in outcome.error
