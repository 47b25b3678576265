"""Flags and a file become what ``pulsar-admin functions`` sends, or what it prints; the rows were recorded from its own class (4.0.8)."""

import pytest

from pfemu.errors import ConfigError
from pfemu.model.command.cli_config import config_of_flags
from pfemu.model.gson.gson_config import GsonSyntaxError
from tests.model.recorded_rows import rows

FILE = "/functions/f.py"
RECORDED = rows("function_flags.jsonl")
SENT = [row for row in RECORDED if "sent" in row]
REFUSED = [row for row in RECORDED if "stderr" in row]
FLAGS = {"py": FILE, "classname": "m.F", "inputs": "a"}


def sent(flags, text=None, command="create", **more):
    return config_of_flags(flags, exists=FILE.__eq__, config_text=text, command=command, **more)


@pytest.mark.parametrize("row", REFUSED, ids=range(len(REFUSED)))
def test_flags_are_refused_in_the_commands_words(row):
    with pytest.raises(ConfigError) as refused:
        sent(row["flags"], row.get("file"), row["command"])
    lines = list(refused.value.stderr) if isinstance(refused.value, GsonSyntaxError) else [str(refused.value).split("\n")[0]]
    assert lines == row["stderr"]


@pytest.mark.parametrize("row", SENT, ids=range(len(SENT)))
def test_flags_make_what_the_command_sends(row):
    config = {"subscriptionPosition": "Latest"} | sent(row["flags"], row.get("file"), row["command"]).to_json()
    for spec in row["sent"].get("inputSpecs", {}).values():
        spec.setdefault("schemaProperties", {})  # a null that the command leaves out is the empty map of the worker
    assert config == {"subscriptionPosition": "Latest"} | row["sent"]


def test_an_unknown_flag_is_refused():
    with pytest.raises(ConfigError, match=r"^Unknown option: '--nope'$"):
        sent({"--nope": "x"})


def test_a_relative_path_names_nothing_unless_it_is_allowed():
    flags = FLAGS | {"py": "f.py"}
    with pytest.raises(ConfigError, match=r"^The specified python file does not exist$"):
        config_of_flags(flags, exists=lambda _: True)
    assert config_of_flags(flags, exists=lambda _: True, relative_paths=True).py == "f.py"


def test_values_that_are_no_texts_any_more_are_taken_too():
    config = sent(FLAGS | {"parallelism": 2, "cpu": 1.5, "auto-ack": False, "user-config": '{"n": 1}'})
    assert (config.parallelism, config.resources.cpu, config.auto_ack, config.user_config) == (2, 1.5, False, {"n": 1.0})


def test_schema_type_and_forwarding_are_written_without_being_asked_for():
    config = sent(FLAGS, "outputSchemaType: string\nforwardSourceMessageProperty: false\n")
    assert (config.output_schema_type, config.forward_source_message_property) == ("", True)


def test_a_newer_spelling_wins_over_a_hidden_one_unless_it_is_blank():
    assert sent(FLAGS | {"log-topic": "new", "logTopic": "old"}).log_topic == "new"
    assert sent(FLAGS | {"log-topic": " ", "logTopic": "old"}).log_topic == "old"
    assert sent(FLAGS | {"timeout-ms": 5, "timeoutMs": 6}).timeout_ms == 5


def test_what_a_flag_leaves_out_is_remembered():
    config = sent(FLAGS | {"input-specs": '{"a": {"regexPattern": true}}'}, "nope: 1\n")
    assert [each.path for each in config.dropped] == [("nope",), ("input-specs", "a", "regexPattern")]
