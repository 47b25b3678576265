"""Whether a function reads a topic."""

import pytest

from pfemu.model.functions.function_details import ConsumerSpec, FunctionDetails
from pfemu.model.topic_name import TopicName
from pfemu.topology.reading import reads


def details(text, *, is_regex_pattern=False):
    return FunctionDetails(input_specs={text: ConsumerSpec(is_regex_pattern=is_regex_pattern)})


@pytest.mark.parametrize("pattern", ["persistent://public/default/(?i)x", "persistent://public/default/(x", "a/b", "persistent://t/n/x"])
def test_a_pattern_that_cannot_be_read_or_is_of_another_namespace_matches_nothing(pattern):
    assert not reads(details(pattern, is_regex_pattern=True), TopicName.parse("x"))


@pytest.mark.parametrize("topic", ["y", "x-partition-a", "t/n/x", "non-persistent://public/default/x"])
def test_another_topic_is_not_read(topic):
    assert not reads(details("x"), TopicName.parse(topic))
    assert not reads(details("a/b"), TopicName.parse(topic))


@pytest.mark.parametrize("topic", ["x", "persistent://public/default/x", "x-partition-3"])
def test_a_topic_is_read_by_any_of_its_names_and_its_partitions_with_it(topic):
    assert reads(details("x"), TopicName.parse(topic))
    assert reads(details("persistent://public/default/x.*", is_regex_pattern=True), TopicName.parse(topic))
