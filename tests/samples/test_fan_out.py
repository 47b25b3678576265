import pytest

from tests.samples.samples import SAMPLES


def test_every_configured_topic_gets_a_copy(emulator):
    emulator.create_function(SAMPLES / "fan_out.py", inputs=["news"], user_config={"topics": ["ferries", "harbour-master"]})
    emulator.topic("news").send("high water at six")
    for topic, copy in (("ferries", "1 of 2"), ("harbour-master", "2 of 2")):
        [message] = emulator.topic(topic).messages
        assert (message.value, message.properties) == ("high water at six", {"copy": copy})


@pytest.mark.parametrize("user_config", [None, {"topics": []}, {"other": 1}], ids=["none", "empty", "another"])
def test_without_topics_each_message_fails(emulator, user_config):
    function = emulator.create_function(SAMPLES / "fan_out.py", inputs=["news"], user_config=user_config)
    emulator.topic("news").send("high water at six")
    assert "no topics are configured" in str(function.exceptions[0].error)
    assert list(function.publications) == []
