"""A setting that Python code gives is of the type that its annotation says, or refused."""

import pytest

from pfemu.errors import ConfigError
from pfemu.model.configuration.function_config import ConsumerConfig, FunctionConfig, Resources
from pfemu.model.configuration.setting_types import check_setting


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("inputs", 3, "inputs is a topic or a list of topics, not 3"),
        ("inputs", ["a", 3], "inputs is a topic or a list of topics, not ['a', 3]"),
        ("inputs", {"a"}, "inputs is a topic or a list of topics, not {'a'}"),
        ("output", ["a"], "output is a text, not ['a']"),
        ("name", 3, "name is a text, not 3"),
        ("parallelism", "2", "parallelism is a whole number, not '2'"),
        ("parallelism", True, "parallelism is a whole number, not True"),
        ("timeout_ms", 2.5, "timeout_ms is a whole number, not 2.5"),
        ("auto_ack", "no", "auto_ack is True or False, not 'no'"),
        ("auto_ack", 0, "auto_ack is True or False, not 0"),
        ("resources", 3, "resources is a Resources or a map, not 3"),
        ("input_specs", {"a": 3}, "input_specs is a map from text to ConsumerConfigs or maps, not {'a': 3}"),
        ("custom_serde_inputs", {"a": 3}, "custom_serde_inputs is a map from text to texts, not {'a': 3}"),
        ("user_config", "a", "user_config is a map from text to JSON values, not 'a'"),
        ("user_config", {"a": [{"b": b"c"}]}, "user_config is a map from text to JSON values, not {'a': [{'b': b'c'}]}"),
        ("user_config", {3: "a"}, "user_config is a map from text to JSON values, not {3: 'a'}"),
    ],
)
def test_another_type_is_refused(name, value, said):
    with pytest.raises(ConfigError) as refused:
        check_setting(name, value)
    assert str(refused.value) == said


def test_what_is_secret_is_not_shown():
    with pytest.raises(ConfigError) as refused:
        check_setting("secrets", ["hush"])
    assert str(refused.value) == "secrets is a map from text to JSON values, not a list"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("inputs", "a"),
        ("inputs", ("a", "b")),
        ("inputs", None),
        ("parallelism", 2),
        ("auto_ack", False),
        ("resources", Resources(cpu=1.0)),
        ("resources", {"cpu": 1}),
        ("input_specs", {"a": ConsumerConfig(), "b": {"serde_class_name": "c"}, "d": None}),
        ("user_config", {"a": [1, 2.5, True, None, {"b": ()}]}),
        ("processing_guarantees", "ATMOST_ONCE"),
        ("no_such_setting", object()),
    ],
)
def test_what_fits_and_what_is_checked_elsewhere_pass(name, value):
    check_setting(name, value)


def test_every_field_but_the_choices_has_a_type():
    wrong = object()
    passing = []
    for name in FunctionConfig.__dataclass_fields__:
        try:
            check_setting(name, wrong)
        except ConfigError:
            continue
        passing.append(name)
    assert passing == ["processing_guarantees", "runtime", "subscription_position", "dropped"]
