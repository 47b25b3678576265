"""When a batch is acknowledged as a whole."""

from pfemu.client.consuming.batch_acker import BatchAcker


def test_a_batch_is_done_when_all_of_it_is():
    acker = BatchAcker(3)
    assert [acker.acknowledge(index) for index in (2, 2, 0, 1)] == [False, False, False, True]


def test_a_batch_is_done_when_all_up_to_its_end_is():
    acker = BatchAcker(3)
    assert (acker.acknowledge_up_to(1), acker.acknowledge_up_to(2)) == (False, True)


def test_the_entry_before_a_batch_is_told_once():
    acker = BatchAcker(2)
    assert (acker.should_tell_previous(), acker.should_tell_previous()) == (True, False)
