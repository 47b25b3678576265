"""What an editor sees of the fixtures and handles: mypy passes over this file, nothing runs it."""

from collections.abc import Mapping
from pathlib import Path
from typing import assert_type

import pfemu
from pfemu.client.event_loop.asyncio_client import AsyncioClient
from pfemu.emulator import Emulator
from pfemu.function_handle import FunctionHandle
from pfemu.handles import StoredMessage, TopicHandle, Values
from pfemu.metric_views import Metric
from pfemu.model.configuration.choices import ProcessingGuarantees
from pfemu.records import Records
from pfemu.runtime.observer import Failure, LogEntry
from pfemu.testing import DrillReport, Fault, delivery_drill
from pytest_pfemu import PulsarContext, PulsarFunction, PulsarGolden


class Shout:
    """A function."""

    def process(self, input: str, context: PulsarContext) -> str:
        """Shout."""
        context.incr_counter(input, 1)
        return f"{input}!"


def test_functions_are_deployed_with_their_settings(pulsar_emulator: Emulator, pulsar_function: PulsarFunction) -> None:
    """Each way of naming a function, and settings by their types."""
    assert_type(pulsar_function(Shout, inputs=["words"], output="shouted", parallelism=2), FunctionHandle)
    pulsar_function("shout.py", inputs="words", processing_guarantees="ATMOST_ONCE", user_config={"a": [1, None]})
    pulsar_function(Path("shout.py"), processing_guarantees=ProcessingGuarantees.MANUAL, partitions={"words": 3})
    pulsar_function(pfemu.FunctionConfig(name="shout"))
    pulsar_function()
    pulsar_function(Shout, input_specs={"words": {"schemaType": "json"}}, producer_config={"maxPendingMessages": 5})
    pulsar_function(Shout, inputs=3)  # type: ignore[arg-type] # what a checker must notice
    pulsar_function(Shout, inptus=["words"])  # type: ignore[call-arg] # as above
    pulsar_emulator.create_function(Shout, outptu="shouted")  # type: ignore[call-arg] # as above


async def test_coroutines_have_a_client(pulsar_emulator: Emulator) -> None:
    """``pulsar.asyncio`` on the emulator."""
    assert_type(pulsar_emulator.asyncio_client, AsyncioClient)
    consumer = await pulsar_emulator.asyncio_client.subscribe("words", "reader")
    await consumer.acknowledge(await consumer.receive())


def test_topics_are_sent_to_and_read(pulsar_emulator: Emulator) -> None:
    """Sending, and what is seen."""
    topic = pulsar_emulator.topic("words")
    assert_type(topic, TopicHandle)
    topic.send("tea", key="k1", properties={"a": "b"}, event_time=1, deliver_after=2.5)
    topic.send("tea", key=1)  # type: ignore[arg-type] # what a checker must notice
    assert_type(topic.messages, list[StoredMessage])
    assert_type(topic.messages[0].value, object)
    assert_type(topic.values(), Values)
    assert_type(topic.values()[0], object)
    assert_type(topic.by_key(), dict[str, list[object]])
    assert_type(topic.partition(0), TopicHandle)
    assert_type(topic.backlog("public/default/shout"), int)


def test_functions_show_what_they_did(function: FunctionHandle) -> None:
    """State, metrics, logs and exceptions."""
    assert_type(function.state["a"], bytes)
    assert_type(function.counters["a"], int)
    assert_type(function.metrics["a"], Metric)
    assert_type(function.metrics.pulsar, dict[str, float])
    assert_type(function.logs, Records[LogEntry])
    assert_type(function.exceptions[0], Failure)
    assert_type(function.exceptions[0].error, BaseException)
    assert_type(function.changes_since(function.snapshot()), dict[str, tuple[bytes | int | None, bytes | int | None]])
    assert_type(function.stats.received, int)
    assert_type(function.ended_by, BaseException | None)


def test_the_context_records(pulsar_context: PulsarContext, pulsar_golden: PulsarGolden) -> None:
    """The recording context, and golden files."""
    pulsar_context.set_message(key="k1", properties={"a": "b"}, topic="words", event_time=1)
    assert_type(pulsar_context.published[0].value, object)
    assert_type(pulsar_context.published[0].properties, dict[str, str])
    state: Mapping[str, bytes] = pulsar_context.state
    assert_type(state["a"], bytes)
    pulsar_golden.check("later")


def test_faults_and_the_drill(pulsar_emulator: Emulator) -> None:
    """Faults, order, and the delivery drill."""
    assert_type(pulsar_emulator.faults.fail_publish(2, topic="shouted"), Fault)
    assert_type(pulsar_emulator.faults.crash("after publish").struck, int)
    pulsar_emulator.shuffle(seed=7)
    report = delivery_drill(Shout, ["tea"], inputs=["words"], output="shouted")
    assert_type(report, DrillReport)
    assert_type(report.failures, tuple[str, ...])
    assert_type(report.crashes[0].duplicates, tuple[str, ...])
