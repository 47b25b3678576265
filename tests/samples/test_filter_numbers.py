from tests.samples.samples import SAMPLES


def test_only_whole_numbers_pass_and_zero_is_one(emulator):
    emulator.create_function(SAMPLES / "filter_numbers.py", inputs=["in"], output="out")
    emulator.topic("in").send_many(["3", "0", "four", "4.5", "12", "007"])
    assert emulator.topic("out") == [3, 0, 12, 7]


def test_what_is_filtered_out_is_acknowledged(emulator):
    emulator.create_function(SAMPLES / "filter_numbers.py", inputs=["in"], output="out")
    emulator.topic("in").send("four")
    assert emulator.topic("in").backlog("public/default/WholeNumbers") == 0
