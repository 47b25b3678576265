"""Every sample does what it did on a real Pulsar 4.0.8 (Python runtime, pulsar-client 3.13.0), seen on 2026-11-23.

`recorded.json` holds what was deployed, sent and found: configuration, messages, all topics, counters and user metrics.
"""

import json
import re
from pathlib import Path

import pytest

import pfemu
from tests.samples.samples import NAMES, SAMPLES

RECORDED = json.loads((Path(__file__).parent / "recorded.json").read_text(encoding="utf-8"))
TWO_REDELIVERIES_S = 140


def test_every_sample_is_recorded():
    assert sorted(RECORDED) == NAMES


@pytest.fixture(params=NAMES)
def sample(request):
    return request.param


@pytest.fixture
def recorded(sample):
    return RECORDED[sample]


@pytest.fixture
def function(emulator, sample, recorded):
    """The sample, after it was sent what the real one was sent and as much time went by."""
    config = pfemu.FunctionConfig.from_json({**recorded["config"], "name": sample, "py": str(SAMPLES / f"{sample}.py")})
    function = emulator.create_function(config)
    producer = emulator.client.create_producer(recorded["input"])
    for message in recorded["messages"]:
        send(producer, **({"value": message} if isinstance(message, str) else message))
    emulator.advance(TWO_REDELIVERIES_S)
    return function


def test_a_sample_publishes_what_it_published_on_pulsar(emulator, recorded, function):
    found = {topic: [shown(message) for message in emulator.topic(topic).messages] for topic in recorded["topics"]}
    assert found == recorded["topics"]


def test_a_sample_counts_what_it_counted_on_pulsar(recorded, function):
    stats = function.function.instances[0].stats
    assert {
        "receivedTotal": stats.received,
        "processedSuccessfullyTotal": stats.processed_successfully,
        "userExceptionsTotal": stats.user_exceptions,
        "systemExceptionsTotal": stats.system_exceptions,
    } == recorded["stats"]
    assert {f"user_metric_{key}": value for key, value in metrics_of(function).items()} == pytest.approx(recorded["user_metrics"])


def send(producer, value, key=None, properties=None, event_time=None):
    """Send bytes, as a producer on a cluster does, whatever SerDe reads them."""
    producer.send(value.encode(), partition_key=key, properties=properties, event_timestamp=event_time)


def metrics_of(function):
    return {f"{name}_{part}": getattr(metric, part) for name, metric in function.metrics.items() for part in ("sum", "count")}


def shown(message):
    """Return a message as the recording shows it: no empty fields, none of the runtime's own properties, no times."""
    properties = {name: value for name, value in message.properties.items() if not name.startswith("__pfn_")}
    value = re.sub(r"^\[\d{4}-[^]]*\]", "[<time>]", message.data.decode())
    return {name: part for name, part in {"value": value, "key": message.key, "properties": properties}.items() if part}
