"""What plain settings come to is remembered, and nobody can tell."""

import pytest

import pfemu
from pfemu.errors import ConfigError
from pfemu.function_source import function_source


def greet(input, context):
    return f"{context.get_user_config_value('greeting')} {input}"


def output_of(**settings):
    with pfemu.Emulator() as emulator:
        emulator.create_function(greet, inputs=["names"], output="greetings", **settings)
        emulator.topic("names").send("Ada")
        return emulator.topic("greetings").values()


def test_the_same_settings_come_to_the_same_registration():
    assert function_source(greet, {"inputs": ["names"]}).registration is function_source(greet, {"inputs": ["names"]}).registration


def test_a_map_that_changes_after_a_deployment_counts_as_it_is_at_the_next():
    user_config = {"greeting": "Hello"}
    assert output_of(user_config=user_config) == ["Hello Ada"]
    user_config["greeting"] = "Bye"
    assert output_of(user_config=user_config) == ["Bye Ada"]
    assert output_of(user_config={"greeting": "Hello"}) == ["Hello Ada"]


def test_what_a_function_does_to_its_user_config_is_gone_in_the_next_emulator():
    def count(_input, context):
        context.get_user_config_value("seen").append(1)
        return f"seen {len(context.get_user_config_value('seen'))}"

    for _ in range(2):
        with pfemu.Emulator() as emulator:
            emulator.create_function(count, inputs=["in"], output="out", user_config={"seen": []})
            emulator.topic("in").send("x")
            assert emulator.topic("out") == ["seen 1"]


def test_equal_numbers_of_other_types_are_other_settings():
    assert output_of(user_config={"greeting": 1}) == ["1 Ada"]
    assert output_of(user_config={"greeting": True}) == ["True Ada"]
    assert output_of(user_config={"greeting": 1.0}) == ["1.0 Ada"]


def test_functions_of_one_name_and_settings_keep_their_code_apart():
    def shout(input):
        return input + "!"

    first = shout

    def shout(input):
        return input + "?"

    for function, expected in ((first, "a!"), (shout, "a?")):
        with pfemu.Emulator() as emulator:
            emulator.create_function(function, inputs=["in"], output="out")
            emulator.topic("in").send("a")
            assert emulator.topic("out") == [expected]


@pytest.mark.parametrize("_time", range(2))
def test_a_refusal_is_the_same_the_second_time(_time):
    with pfemu.Emulator() as emulator, pytest.raises(ConfigError, match="a function has no setting 'outputs'"):
        emulator.create_function(greet, inputs=["names"], outputs="greetings")
    with pfemu.Emulator() as emulator, pytest.raises(ConfigError, match="Output topic same is also being used as an input topic"):
        emulator.create_function(greet, inputs=["same"], output="same")


def test_a_setting_that_is_an_object_is_refused_without_another_error_before():
    with pfemu.Emulator() as emulator, pytest.raises(ConfigError, match="input_type_class_name is a text") as raised:
        emulator.create_function(greet, inputs=["names"], input_type_class_name=pfemu.Emulator)
    assert raised.value.__context__ is None
