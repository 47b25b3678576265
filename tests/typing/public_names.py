"""What a type checker sees in the public names: mypy passes over this file, nothing runs it."""

from typing import assert_type

import pfemu


def version_is_text() -> None:
    assert_type(pfemu.__version__, str)


def each_refusal_is_caught_by_the_one_above_it() -> None:
    refusals: list[type[pfemu.PfemuError]] = [pfemu.ConfigError, pfemu.EndlessLoopError, pfemu.InputError, pfemu.LoadError]
    assert_type(refusals[0], type[pfemu.PfemuError])
