from collections import Counter

import pytest

from tests.samples.samples import DATA, SAMPLES


@pytest.fixture
def function(emulator):
    return emulator.create_function(SAMPLES / "word_count.py", inputs=["in"], output="out")


def test_each_line_goes_out_as_its_words_with_their_counts_so_far(emulator, function):
    emulator.topic("in").send_many(["The tea, the pier.", "tea"])
    assert emulator.topic("out") == ["the 2, tea 1, pier 1", "tea 2"]
    assert function.counters == {"the": 2, "tea": 2, "pier": 1}


@pytest.mark.parametrize("line", ["", "42", "..."])
def test_a_line_without_words_says_nothing_and_is_done(emulator, function, line):
    emulator.topic("in").send(line)
    assert emulator.topic("out") == []
    assert emulator.topic("in").backlog("public/default/WordCount") == 0
    assert function.exceptions == []


def test_the_harbour_text_is_counted_right(emulator, function):
    lines = (DATA / "harbour.txt").read_text(encoding="utf-8").splitlines()
    emulator.topic("in").send_many(lines)
    words = Counter(word.strip(".,:;").lower() for line in lines for word in line.replace("-", " ").split() if word.strip(".,:;"))
    assert function.counters == {word: count for word, count in words.items() if not word.isdigit()}
