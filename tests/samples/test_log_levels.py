import re

import pytest

from tests.samples.samples import SAMPLES

BATCH_DELAY_S = 0.1


@pytest.fixture
def function(emulator):
    return emulator.create_function(SAMPLES / "log_levels.py", inputs=["doors"], log_topic="door-log", pass_prints_on=False)


def test_lines_from_info_on_and_prints_are_logged(emulator, function):
    emulator.topic("doors").send("door 7 jammed")
    assert [(entry.level, entry.message) for entry in function.logs] == [
        ("INFO", "received door 7 jammed"),
        ("WARNING", "needs attention: door 7 jammed"),
        ("INFO", "done"),
    ]


def test_the_log_topic_gets_them_as_text(emulator, function):
    emulator.topic("doors").send("open")
    emulator.advance(BATCH_DELAY_S)
    texts = emulator.topic("door-log").values()
    assert [re.sub(r"^\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \+\d{4}\] ", "", text) for text in texts] == [
        "[INFO]: received open",
        "[INFO]: done",
    ]
    assert all(text.startswith("[2") for text in texts)
