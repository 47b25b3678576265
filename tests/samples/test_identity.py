import pytest

from tests.samples.samples import SAMPLES


@pytest.mark.parametrize(("sent", "received"), [("tea", b"tea"), (" 7 ", b"7"), ("1e3", b"1000.0"), (b"\xff\x00", b"\xff\x00"), ("", b"")])
def test_what_comes_in_goes_out_as_the_default_serde_writes_it(emulator, sent, received):
    emulator.create_function(SAMPLES / "identity.py", inputs=["in"], output="out")
    emulator.client.create_producer("in").send(sent if isinstance(sent, bytes) else sent.encode(), partition_key="k", properties={"a": "b"})
    emulator.run_until_idle()
    [message] = emulator.topic("out").messages
    assert (message.data, message.key, sorted(message.properties)) == (
        received,
        "",
        ["__pfn_input_msg_id__", "__pfn_input_topic__"],
    )
