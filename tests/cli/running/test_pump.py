"""What feeds a run: each line is sent, or it is told which was not."""

import pytest

from pfemu.cli.running.input_lines import InputMessage
from pfemu.cli.running.pump import Sender
from pfemu.emulator import Emulator
from pfemu.errors import InputError
from pfemu.model.topic_name import TopicName

INPUT = TopicName.parse("in")


@pytest.fixture
def emulator():
    with Emulator() as emulator:
        yield emulator


def as_lines(sender):
    sender.send_lines([b"tea"])


def as_messages(sender):
    sender.send([InputMessage(b"tea")])


@pytest.mark.parametrize("send", [as_lines, as_messages])
def test_a_line_that_a_topic_takes_no_more_is_told(emulator, send):
    sender = Sender(emulator, INPUT)
    send(sender)
    emulator.broker.topic(INPUT).terminate()
    with pytest.raises(InputError, match=r"a message of 3 bytes was not taken \(Pulsar error: TopicTerminated\): tea"):
        send(sender)
    assert emulator.topic("in").values() == ["tea"]
