import pytest

from tests.samples.samples import SAMPLES


@pytest.fixture
def function(emulator):
    return emulator.create_function(SAMPLES / "latency_metrics.py", inputs=["readings"])


def test_a_metric_has_a_sum_and_a_count(emulator, function):
    for reading, sent_at in (("7.0", "1020"), ("8.5", "1005")):
        emulator.topic("readings").send(reading, event_time=1000, properties={"sent_at": sent_at})
    transit, reading = function.metrics["transit_ms"], function.metrics["reading"]
    assert (transit.sum, transit.count, transit.values) == (25, 2, (20, 5))
    assert (reading.sum, reading.count, reading.values) == (15.5, 2, (7.0, 8.5))


def test_a_reading_that_is_no_number_fails_after_its_transit_was_recorded(emulator, function):
    emulator.topic("readings").send("warm")
    assert [type(failure.error) for failure in function.exceptions] == [ValueError]
    assert sorted(function.metrics) == ["transit_ms"]
