"""A seed decides the order in which instances and partitions take turns, and nothing else."""

from itertools import pairwise

import pytest

from pfemu.emulator import Emulator
from pfemu.errors import PfemuError
from tests.plugin.running import run, said_of

pytest_plugins = ["pytester"]

SEEDS = range(8)


class Trace:
    def process(self, input, context):
        return f"{context.get_instance_id()}:{context.get_message_partition_index()}:{input}"


def trace(seed, parallelism=2):
    with Emulator() as emulator:
        if seed is not None:
            emulator.shuffle(seed)
        emulator.create_partitioned_topic("orders", 3)
        emulator.create_function(Trace, inputs=["orders"], output="out", parallelism=parallelism)
        emulator.topic("orders").send_many([f"n{number}" for number in range(12)])
        return emulator.topic("out").values()


def test_the_same_seed_gives_the_same_order_and_others_give_others():
    orders = [trace(seed) for seed in SEEDS]
    assert orders == [trace(seed) for seed in SEEDS]
    assert len({tuple(order) for order in orders}) > len(SEEDS) // 2


@pytest.mark.parametrize("seed", SEEDS)
def test_each_instance_keeps_the_order_of_each_partition_and_loses_nothing(seed):
    taken = {}
    for value in trace(seed):
        place, _, number = value.partition(":n")
        taken.setdefault(place, []).append(int(number))
    assert all(numbers == sorted(numbers) for numbers in taken.values())
    assert sorted(number for numbers in taken.values() for number in numbers) == list(range(12))


def test_one_instance_takes_partitions_in_turns():
    partitions = [value.split(":")[1] for value in trace(3, parallelism=1)]
    runs = sum(before != after for before, after in pairwise(partitions))
    assert runs > 3


def test_a_stopped_instance_leaves_what_waits_to_the_broker():
    with Emulator() as emulator:
        emulator.shuffle(1)
        function = emulator.create_function(Trace, inputs=["orders"], output="out")
        emulator.faults.crash("after ack", 2)
        emulator.topic("orders").send_many(["n1", "n2", "n3", "n4"])
        assert len(emulator.topic("out")) == 2
        emulator.advance(seconds=30)
        assert [str(value).rpartition(":")[2] for value in emulator.topic("out").values()] == ["n1", "n2", "n3", "n4"]
        assert emulator.topic("orders").backlog(function.name) == 0


def test_functions_that_run_already_cannot_be_shuffled():
    with Emulator() as emulator:
        emulator.create_function(Trace, inputs=["orders"])
        with pytest.raises(
            PfemuError, match="shuffle the emulator before its functions are made: public/default/Trace run in order already"
        ):
            emulator.shuffle(1)
        assert emulator.seed is None


@pytest.mark.timeout(300)
def test_a_failure_tells_the_seed_that_repeats_it(pytester):
    tests = """
@pytest.mark.pfemu(seed=5)
def test_marked(pulsar_emulator): assert pulsar_emulator.seed != 5
def test_by_option(pulsar_emulator): assert pulsar_emulator.seed != 9
"""
    result = run(pytester, tests, "--pfemu-seed=9")
    assert "shuffled by seed 5: pytest --pfemu-seed=5 repeats this order" in said_of(result, "test_marked")
    assert "shuffled by seed 9: pytest --pfemu-seed=9 repeats this order" in said_of(result, "test_by_option")
