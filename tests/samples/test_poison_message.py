import pytest

from tests.samples.samples import SAMPLES

SUBSCRIPTION = "public/default/Reserve"


@pytest.fixture
def function(emulator):
    return emulator.create_function(SAMPLES / "poison_message.py", inputs=["in"], output="out")


def test_a_failed_message_comes_again_after_a_minute_until_it_passes(emulator, function):
    emulator.topic("in").send_many(["tea", "unicorn", "coffee"])
    assert emulator.topic("out") == ["reserved tea at attempt 1", "reserved coffee at attempt 1"]
    assert emulator.topic("in").backlog(SUBSCRIPTION) == 1
    emulator.advance(59)
    assert len(function.exceptions) == 1
    emulator.advance(2)
    assert len(function.exceptions) == 2
    emulator.advance(60)
    assert emulator.topic("out").values()[-1] == "reserved unicorn at attempt 3"
    assert emulator.topic("in").backlog(SUBSCRIPTION) == 0


def test_each_attempt_says_how_often_it_was_delivered_before(emulator, function):
    emulator.topic("in").send("unicorn")
    emulator.advance(120)
    assert [str(failure.error) for failure in function.exceptions] == [
        "no unicorn in stock (attempt 1)",
        "no unicorn in stock (attempt 2)",
    ]
    assert [failure.origin.redelivery_count() for failure in function.exceptions] == [0, 1]
