"""Each guarantee through everything that may happen to a message, from end to end: what is published, what comes again, what is lost."""

from dataclasses import replace

import pytest

import pfemu
from pfemu.model.configuration.choices import ProcessingGuarantees, SubscriptionType
from pfemu.model.configuration.function_config import FunctionConfig
from pfemu.model.functions.function_registration import create
from pfemu.runtime.function import Function
from pfemu.runtime.loader import load

CODE = """
class Strict:
    def deserialize(self, input_bytes):
        if input_bytes == b"undecodable":
            raise ValueError("undecodable")
        return input_bytes.decode()

    def serialize(self, input):
        return None if input == "silent" else input.encode()


class F:
    def process(self, input, context):
        if input == "raises":
            raise ValueError(input)
        return None if input == "nothing" else input
"""
LATER_S = 65
"""After the redelivery of what failed, and before the next."""
AT_LEAST, AT_MOST = ProcessingGuarantees.ATLEAST_ONCE, ProcessingGuarantees.ATMOST_ONCE
EFFECTIVELY, MANUAL = ProcessingGuarantees.EFFECTIVELY_ONCE, ProcessingGuarantees.MANUAL

TABLE = {
    # what happens: by guarantee, how often it was published, received, and whether it is in the backlog in the end
    "returned": {AT_LEAST: (1, 1, 0), AT_MOST: (1, 1, 0), EFFECTIVELY: (1, 1, 0), MANUAL: (1, 1, 1)},
    "nothing": {AT_LEAST: (0, 1, 0), AT_MOST: (0, 1, 0), EFFECTIVELY: (0, 1, 0), MANUAL: (0, 1, 1)},
    "raises": {AT_LEAST: (0, 2, 1), AT_MOST: (0, 1, 0), EFFECTIVELY: (0, 2, 1), MANUAL: (0, 2, 1)},
    "undecodable": {AT_LEAST: (0, 2, 1), AT_MOST: (0, 1, 0), EFFECTIVELY: (0, 2, 1), MANUAL: (0, 2, 1)},
    "silent": {AT_LEAST: (0, 1, 1), AT_MOST: (0, 1, 0), EFFECTIVELY: (0, 1, 1), MANUAL: (0, 1, 1)},
    "publish fails": {AT_LEAST: (1, 2, 0), AT_MOST: (0, 1, 0), EFFECTIVELY: (1, 2, 0), MANUAL: (1, 2, 1)},
    "crash before ack": {AT_LEAST: (2, 2, 0), AT_MOST: (1, 2, 0)},
    "crash after ack": {AT_LEAST: (1, 1, 0), AT_MOST: (0, 1, 0)},
}


@pytest.fixture
def emulator():
    with pfemu.Emulator() as made:
        yield made


@pytest.fixture
def run(emulator, tmp_path):
    """Run a function with a guarantee, also with the one that the worker refuses for Python and the instance would keep."""
    path = tmp_path / "function.py"
    path.write_text(CODE)

    def start(guarantee):
        config = {"className": "function.F", "name": "f", "tenant": "public", "namespace": "default", "runtime": "PYTHON", "py": str(path)}
        config |= {"customSerdeInputs": {"in": "function.Strict"}, "output": "out", "outputSerdeClassName": "function.Strict"}
        details = replace(create(FunctionConfig.from_json(config)), processing_guarantees=guarantee)
        if guarantee is EFFECTIVELY:
            details = replace(details, subscription_type=SubscriptionType.FAILOVER)
        services = emulator.worker.services.services_for(details)
        function = Function(details, lambda: load(path, "function.F"), services)
        function.start()
        return function, services.observer

    return start


@pytest.mark.parametrize(("what", "guarantee"), [(what, guarantee) for what, row in TABLE.items() for guarantee in row], ids=str)
def test_each_guarantee_keeps_what_it_says(emulator, run, what, guarantee):
    function, recorder = run(guarantee)
    emulator.faults.arm(function, function.instances[0])
    if what == "publish fails":
        emulator.faults.fail_publish(topic="out")
    elif what.startswith("crash"):
        emulator.faults.crash(what.removeprefix("crash "))
    producer = emulator.client.create_producer("in")
    producer.send(what.encode())
    first = function.instances[0].stats
    emulator.advance(seconds=LATER_S)
    received = sum(stats.received for stats in {first, function.instances[0].stats})  # a new process counts anew
    backlog = emulator.topic("in").backlog("public/default/f")
    assert (len(emulator.topic("out").messages), received, backlog) == TABLE[what][guarantee], [
        str(each.error) for each in recorder.failures
    ]
    function.stop()
