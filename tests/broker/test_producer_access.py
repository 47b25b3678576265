"""Access modes of producers, as a real Pulsar answered them."""

import pytest

from pfemu.errors import MessageTooBig, ProducerBusy, ProducerFenced, RequestHeld, TopicTerminated
from pfemu.model.message import PLAIN
from pfemu.model.subscription import ProducerAccessMode

PLAINLY, EXCLUSIVE, WAIT, FENCING = ProducerAccessMode
ALONE = [EXCLUSIVE, WAIT, FENCING]


def test_a_name_that_is_connected_is_refused_until_it_is_closed(station):
    first = station.producer("p")
    with pytest.raises(ProducerBusy, match="Producer with name 'p' is already connected to topic"):
        station.producer("p")
    station.engine.close_producer(first)
    station.producer("p")


@pytest.mark.parametrize("there", ALONE)
def test_beside_an_exclusive_producer_shared_ones_are_busy_and_exclusive_ones_fenced(station, there):
    station.producer("p", access_mode=there)
    with pytest.raises(ProducerBusy, match="Topic has an existing exclusive producer: p"):
        station.producer()
    with pytest.raises(ProducerFenced, match="Topic has an existing exclusive producer: p"):
        station.producer(access_mode=EXCLUSIVE)


def test_beside_shared_producers_an_exclusive_one_is_fenced(station):
    station.producer()
    with pytest.raises(ProducerFenced, match="Topic has existing shared producers"):
        station.producer(access_mode=EXCLUSIVE)


@pytest.mark.parametrize(
    ("there", "refusal", "words"),
    [
        (ProducerAccessMode.SHARED, RequestHeld, "Producer with name 'p' is already connected"),
        *((mode, ProducerFenced, "Producer p was fenced or closed") for mode in (EXCLUSIVE, WAIT, FENCING)),
    ],
)
def test_a_fencing_producer_shuts_out_whoever_is_there(station, there, refusal, words):
    first = station.producer("p", access_mode=there)
    second = station.producer("p", access_mode=FENCING)
    with pytest.raises(refusal, match=words):
        station.send("m", producer=first)
    station.send("m", producer=second)
    station.engine.close_producer(first)
    assert list(station.topic().producers.values()) == [second]


def test_a_shared_producer_that_was_fenced_is_back_when_the_exclusive_one_is_gone(station):
    shared = station.producer("p")
    fencing = station.producer("q", access_mode=FENCING)
    with pytest.raises(RequestHeld, match="Topic has an existing exclusive producer: q"):
        station.send("m", producer=shared)
    station.engine.close_producer(fencing)
    station.send("m", producer=shared)
    assert list(station.topic().producers.values()) == [shared]


def test_a_waiting_producer_is_connected_when_the_others_are_gone(station):
    told = []
    others = [station.producer(), station.producer()]
    waiting = station.producer("w", access_mode=WAIT, when_ready=told.append)
    with pytest.raises(ProducerFenced):
        station.send("m", producer=waiting)
    with pytest.raises(ProducerBusy, match="exclusive producer: None"):
        station.producer()
    assert station.topic().access.waiting_count == 1
    for producer in others:
        assert not told
        station.engine.close_producer(producer)
        station.run()
    assert told == [waiting]
    assert waiting.connected
    station.send("m", producer=waiting)


def test_a_waiting_producer_may_give_up_or_have_nobody_to_tell(station):
    first = station.producer(access_mode=EXCLUSIVE)
    given_up = station.producer(access_mode=WAIT)
    station.engine.close_producer(given_up)
    silent = station.producer(access_mode=WAIT)
    station.engine.close_producer(first)
    station.run()
    assert silent.connected
    assert not given_up.connected


def test_a_waiting_producer_that_is_fenced_is_told_and_stays_unconnected(station):
    told = []
    station.producer(access_mode=EXCLUSIVE)
    waiting = station.producer(access_mode=WAIT, when_ready=told.append)
    station.producer(access_mode=FENCING)
    station.run()
    assert told == [waiting]
    assert not waiting.connected


def test_too_large_messages_and_terminated_topics_are_refused(station):
    producer = station.producer("p")
    with pytest.raises(MessageTooBig, match="5242881 bytes"):
        station.engine.publish(producer, b"x" * (5 * 1024 * 1024 + 1), 0, PLAIN)
    station.engine.publish(producer, b"x" * (5 * 1024 * 1024), 0, PLAIN)
    last = station.topic().terminate()
    assert last.entry_id == 0
    assert station.topic().terminate() is last
    with pytest.raises(TopicTerminated, match="Topic was already terminated"):
        station.send("m", producer=producer)
    with pytest.raises(TopicTerminated):
        station.producer()
    station.topic().apply(station.topic().policies)
    with pytest.raises(TopicTerminated):
        station.send("m", producer=producer)


def test_an_empty_topic_can_be_terminated(station):
    assert station.topic().terminate() is None


def test_a_producer_shows_its_name_and_topic_and_gets_one_if_it_has_none(station):
    assert repr(station.producer("p")) == "<Producer p of persistent://public/default/t>"
    assert [station.producer().name, station.producer().name] == ["standalone-0-0", "standalone-0-1"]


def test_an_exclusive_producer_that_comes_twice_is_fenced_and_not_called_busy(station):
    station.producer("p", access_mode=EXCLUSIVE)
    with pytest.raises(ProducerFenced, match="Topic has an existing exclusive producer: p"):
        station.producer("p", access_mode=EXCLUSIVE)
