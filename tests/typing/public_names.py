"""What a type checker sees in the public names: mypy passes over this file, nothing runs it."""

from typing import assert_type

import pfemu
from pfemu import Emulator, FunctionConfig


def version_is_text() -> None:
    assert_type(pfemu.__version__, str)


def each_refusal_is_caught_by_the_one_above_it() -> None:
    refusals: list[type[pfemu.PfemuError]] = [pfemu.ConfigError, pfemu.EndlessLoopError, pfemu.InputError, pfemu.LoadError]
    assert_type(refusals[0], type[pfemu.PfemuError])


def an_emulator_is_one_inside_its_with(config: FunctionConfig) -> None:
    with pfemu.Emulator() as emulator:
        assert_type(emulator, Emulator)
        emulator.create_function(config)
        emulator.topic("orders").send("tea", key="k1")
        assert_type(emulator.advance(seconds=60), None)
