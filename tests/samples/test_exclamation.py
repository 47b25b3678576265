from tests.samples.samples import SAMPLES


def test_every_message_gets_its_mark(emulator):
    function = emulator.create_function(SAMPLES / "exclamation.py", inputs=["in"], output="out")
    emulator.topic("in").send_many(["hello", "world"])
    assert emulator.topic("out") == ["hello!", "world!"]
    assert function.function.details.class_name == "exclamation.Exclamation"


def test_an_output_names_its_input_and_forwards_nothing_else(emulator):
    emulator.create_function(SAMPLES / "exclamation.py", inputs=["in"], output="out")
    emulator.topic("in").send("hello", key="k", properties={"a": "b"}, event_time=5)
    [output] = emulator.topic("out").messages
    assert (output.key, output.event_time) == ("", 0)
    assert sorted(output.properties) == ["__pfn_input_msg_id__", "__pfn_input_topic__"]
    assert output.properties["__pfn_input_topic__"] == "persistent://public/default/in"
