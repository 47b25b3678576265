import pytest

from tests.samples.samples import SAMPLES


@pytest.mark.parametrize(
    ("user_config", "greetings"),
    [
        (None, ["Hello, Ada!"]),
        ({"greeting": "Good morning"}, ["Good morning, Ada!"]),
        ({"greeting": "Hi", "repeat": 2}, ["Hi, Ada! Hi, Ada!"]),
        ({"repeat": 2.0}, ["Hello, Ada! Hello, Ada!"]),
    ],
    ids=["none", "greeting", "both", "a float, as --user-config makes it"],
)
def test_the_greeting_is_what_the_user_config_says(emulator, user_config, greetings):
    emulator.create_function(SAMPLES / "user_config_greeting.py", inputs=["names"], output="greetings", user_config=user_config)
    emulator.topic("names").send("Ada")
    assert emulator.topic("greetings") == greetings
