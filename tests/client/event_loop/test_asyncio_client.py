"""``Emulator.asyncio_client``: who steps while coroutines wait, how time goes by, and what a live emulator does."""

import asyncio
from datetime import timedelta

import pulsar
import pulsar.asyncio
import pytest

import pfemu
from pfemu.errors import EndlessLoopError, NotEmulatedError
from pfemu.scheduling.live import LiveScheduler
from pfemu.scheduling.stepping import SteppingScheduler

DAY_S = 86_400


@pytest.fixture
def emulator():
    with pfemu.Emulator() as made:
        yield made


@pytest.fixture
def live():
    scheduler = LiveScheduler(on_error=lambda error: None)
    with pfemu.Emulator(scheduler=scheduler) as made:
        yield made
    scheduler.close()


async def loop_turns(count):
    for _ in range(count):
        await asyncio.sleep(0)  # noqa: TID251 - no time passes: it lets the event loop run


class NoKeys(pulsar.CryptoKeyReader):
    def __init__(self):
        pass


def test_a_producer_that_would_encrypt_is_refused(emulator):
    with pytest.raises(NotEmulatedError, match="pfemu does not encrypt"):
        asyncio.run(emulator.asyncio_client.create_producer("t", encryption_key="k", crypto_key_reader=NoKeys()))


def test_its_classes_are_those_of_pulsar_asyncio(emulator):
    async def make():
        client = emulator.asyncio_client
        reader = await client.create_reader("t", pulsar.MessageId.earliest)
        return client, await client.create_producer("t"), await client.subscribe("t", "s"), reader

    real = (pulsar.asyncio.Client, pulsar.asyncio.Producer, pulsar.asyncio.Consumer, pulsar.asyncio.Reader)
    for made, kind in zip(asyncio.run(make()), real, strict=True):
        assert isinstance(made, kind)
        assert (type(made).__module__, type(made).__name__) == ("pulsar.asyncio", kind.__name__)
        assert {name for name in dir(made) if not name.startswith("_")} == {name for name in dir(kind) if not name.startswith("_")}


def test_a_batchs_short_delay_passes_in_virtual_time(emulator):
    async def send():
        producer = await emulator.asyncio_client.create_producer("t")
        before_ms = emulator.scheduler.now_ms()
        await producer.send(b"x")
        return emulator.scheduler.now_ms() - before_ms

    assert asyncio.run(send()) == 10


@pytest.mark.parametrize("end", ["flush", "advance"])
def test_a_batch_with_a_long_delay_waits_for_it_or_for_a_flush(emulator, end):
    async def send():
        producer = await emulator.asyncio_client.create_producer("t", batching_max_publish_delay_ms=DAY_S * 1000)
        tasks = [asyncio.ensure_future(producer.send(b"%d" % number)) for number in range(2)]
        await loop_turns(5)
        early = [task.done() for task in tasks]
        if end == "flush":
            await producer.flush()
        else:
            emulator.advance(DAY_S)
        return early, [(await task).batch_index() for task in tasks]

    assert asyncio.run(send()) == ([False, False], [0, 1])


@pytest.mark.parametrize(("count", "refused"), [(1500, 0), (5000, 3000)])
def test_a_burst_is_refused_where_it_is_far_beyond_the_queue(emulator, count, refused):
    async def send():
        producer = await emulator.asyncio_client.create_producer("t")
        return await asyncio.gather(*(producer.send(b"x") for _ in range(count)), return_exceptions=True)

    errors = [str(each) for each in asyncio.run(send()) if isinstance(each, Exception)]
    assert errors == ["27 ProducerQueueIsFull"] * refused


def test_no_time_goes_by_where_nobody_waits(emulator):
    async def exchange():
        consumer = await emulator.asyncio_client.subscribe("t", "s")
        producer = await emulator.asyncio_client.create_producer("t", batching_enabled=False)
        before_ms = emulator.scheduler.now_ms()
        for _ in range(3):
            await producer.send(b"x")
            await consumer.acknowledge(await consumer.receive())
        return emulator.scheduler.now_ms() - before_ms

    assert asyncio.run(exchange()) == 0


def test_advancing_brings_what_a_coroutine_waits_for(emulator):
    async def wait_and_advance():
        consumer = await emulator.asyncio_client.subscribe("t", "s", pulsar.ConsumerType.Shared)
        producer = await emulator.asyncio_client.create_producer("t", batching_enabled=False)
        await producer.send(b"x", deliver_after=timedelta(days=1))
        waiting = asyncio.ensure_future(consumer.receive())
        await loop_turns(5)
        early = waiting.done()
        emulator.advance(DAY_S)
        return early, (await waiting).data()

    assert asyncio.run(wait_and_advance()) == (False, b"x")


def test_what_a_plain_client_sends_reaches_a_waiting_coroutine(emulator):
    async def exchange():
        consumer = await emulator.asyncio_client.subscribe("t", "s")
        waiting = asyncio.ensure_future(consumer.receive())
        await loop_turns(5)
        emulator.client.create_producer("t").send(b"x")
        return (await waiting).data()

    assert asyncio.run(exchange()) == b"x"


def test_functions_work_while_a_coroutine_waits(emulator):
    emulator.create_function(lambda word: f"{word}!", name="shout", inputs=["words"], output="shouted")

    async def exchange():
        consumer = await emulator.asyncio_client.subscribe("shouted", "s")
        producer = await emulator.asyncio_client.create_producer("words")
        received, _ = await asyncio.gather(consumer.receive(), producer.send(b"tea"))
        return received.data()

    assert asyncio.run(exchange()) == b"tea!"


def test_several_event_loops_may_use_it_one_after_the_other(emulator):
    async def send():
        producer = await emulator.asyncio_client.create_producer("t")
        return (await producer.send(b"x")).entry_id()

    async def give_up():
        consumer = await emulator.asyncio_client.subscribe("other", "s")
        asyncio.ensure_future(consumer.receive())  # noqa: RUF006 - it is left behind on purpose
        await loop_turns(2)

    asyncio.run(give_up())
    assert [asyncio.run(send()) for _ in range(2)] == [0, 1]


def test_an_endless_loop_is_told_to_the_loops_handler_and_ends_the_waiting():
    told = []

    async def exchange(emulator):
        asyncio.get_running_loop().set_exception_handler(lambda _loop, context: told.append(context["exception"]))
        consumer = await emulator.asyncio_client.subscribe("t", "s")

        def again():
            emulator.scheduler.soon(again)

        again()
        with pytest.raises(pulsar.asyncio.PulsarException, match="1 UnknownError"):
            await consumer.receive()

    emulator = pfemu.Emulator(scheduler=SteppingScheduler(step_limit=100))
    asyncio.run(exchange(emulator))
    assert {type(error) for error in told} == {EndlessLoopError}


def test_a_live_emulator_answers_by_itself(live):
    async def exchange():
        client = live.asyncio_client
        consumer = await client.subscribe("t", "s", pulsar.ConsumerType.Shared, negative_ack_redelivery_delay_ms=100)
        producer = await client.create_producer("t")
        received, sent = await asyncio.gather(consumer.receive(), asyncio.gather(*(producer.send(b"x") for _ in range(2))))
        await consumer.negative_acknowledge(received)
        reader = await client.create_reader("t", pulsar.MessageId.earliest)
        read = await reader.read_next()
        return [each.batch_index() for each in sent], read.data(), await client.get_topic_partitions("t")

    batched, read, names = asyncio.run(exchange())
    assert (batched, read, names) == ([0, 1], b"x", ["persistent://public/default/t"])


def test_a_live_emulator_lets_a_coroutine_wait_for_access(live):
    async def wait_for_access():
        client = live.asyncio_client
        first = await client.create_producer("t")
        waiting = asyncio.ensure_future(client.create_producer("t", access_mode=pulsar.ProducerAccessMode.WaitForExclusive))
        await loop_turns(3)
        early = waiting.done()
        await first.close()
        return early, (await waiting).is_connected()

    assert asyncio.run(wait_for_access()) == (False, True)


def test_closing_the_emulator_closes_its_asyncio_client():
    emulator = pfemu.Emulator()
    client = emulator.asyncio_client
    assert emulator.asyncio_client is client
    emulator.close()
    with pytest.raises(pulsar.asyncio.PulsarException, match="15 AlreadyClosed"):
        asyncio.run(client.create_producer("t"))
