"""The native methods that call back, which ``pulsar.asyncio`` builds on; here ``pulsar.asyncio``'s own classes use them."""

import asyncio

import pulsar
import pytest
from pulsar import asyncio as pulsar_asyncio

OK = pulsar.Result.Ok


@pytest.fixture
def consumer(client):
    return client.subscribe("t", "s")


@pytest.fixture
def native(consumer):
    return consumer._consumer


@pytest.fixture
def called():
    return []


def note(called):
    return lambda *answer: called.append(answer)


def test_a_message_that_comes_later_is_called_back_with(emulation, client, native, called):
    native.receive_async(note(called))
    emulation.scheduler.run_until_idle()
    assert called == []
    client.create_producer("t").send(b"x")
    emulation.scheduler.run_until_idle()
    assert [(result, message.data()) for result, message in called] == [(OK, b"x")]


def test_who_asked_first_gets_the_first_message(emulation, client, native):
    got = []
    for number in range(2):
        native.receive_async(lambda _result, message, number=number: got.append((number, message.data())))
    for payload in (b"a", b"b"):
        client.create_producer("t").send(payload)
    emulation.scheduler.run_until_idle()
    assert got == [(0, b"a"), (1, b"b")]


def test_closing_calls_back_who_waits(emulation, native, called):
    native.receive_async(note(called))
    native.close_async(note(called))
    native.receive_async(note(called))
    emulation.scheduler.run_until_idle()
    closed = pulsar.Result.AlreadyClosed
    assert called == [(closed, None), (OK,), (closed, None)]


def test_answers_and_refusals_are_called_back(emulation, client, native, called):
    sent = client.create_producer("t").send(b"x")
    message = client.create_reader("t", pulsar.MessageId.earliest).read_next(timeout_millis=0)
    native.acknowledge_async(sent, note(called))
    native.negative_acknowledge_async(sent, note(called))
    native.acknowledge_cumulative_async(sent, note(called))
    native.get_last_message_id_async(note(called))
    native.seek_async(pulsar.MessageId.earliest, note(called))
    native.unsubscribe_async(note(called))
    native.unsubscribe_async(note(called))
    emulation.scheduler.run_until_idle()
    assert called == [(OK,), (OK,), (OK,), (OK, sent), (OK,), (OK,), (pulsar.Result.AlreadyClosed,)]
    assert message.data() == b"x"


def test_readers_call_back(emulation, client, called):
    client.create_producer("t").send(b"x")
    reader = client.create_reader("t", pulsar.MessageId.earliest)._reader
    reader.has_message_available_async(note(called))
    reader.read_next_async(lambda result, message: called.append((result, message.data())))
    emulation.scheduler.run_until_idle()
    reader.seek_async(0, note(called))
    reader.close_async(note(called))
    emulation.scheduler.run_until_idle()
    assert called == [(OK, True), (OK, b"x"), (OK,), (OK,)]


def test_pulsars_asyncio_classes_work_on_our_native_halves(emulation, client, consumer):
    native_producer = client.create_producer("t")._producer

    async def step_until(task):
        while not task.done():
            emulation.scheduler.run_until_idle()
            await asyncio.sleep(0)  # noqa: TID251 - no time passes: it lets the event loop run
        return task.result()

    async def send_and_receive():
        producer = pulsar_asyncio.Producer(native_producer, pulsar.schema.BytesSchema())
        receiver = pulsar_asyncio.Consumer(consumer._consumer, pulsar.schema.BytesSchema())
        sent = await step_until(asyncio.ensure_future(producer.send(b"x", partition_key="k", sequence_id=7)))
        message = await step_until(asyncio.ensure_future(receiver.receive()))
        await step_until(asyncio.ensure_future(receiver.acknowledge(message)))
        await step_until(asyncio.ensure_future(producer.flush()))
        await step_until(asyncio.ensure_future(producer.close()))
        return sent, message

    sent, message = asyncio.run(send_and_receive())
    assert (message.data(), message.partition_key(), str(message.message_id())) == (b"x", "k", str(sent))
    assert (emulation.entries("t")[0].sequence_id, emulation.backlog("t", "s")) == (7, 0)
