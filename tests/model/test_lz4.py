"""The length of what the C++ client's LZ4 makes of a payload: lengths that a broker told of real batches, less the 10 bytes before."""

import random

import pytest

from pfemu.model.lz4 import lz4_length


def letters(count, seed=5):
    generator = random.Random(seed)
    return bytes(generator.choice(b"abcdefgh ") for _ in range(count))


@pytest.mark.parametrize(
    ("payload", "length"),
    [
        (b"", 1),
        (b"\x00\x00\x00\x04\x18\x00@\x00", 9),
        (b"\x00\x00\x00\x04\x18\x0c@\x00" + b"x" * 12, 22),
        (b"\x00\x00\x00\x04\x18\r@\x00" + b"x" * 13, 23),
        (b"\x00\x00\x00\x04\x18\x0e@\x00" + b"x" * 14, 18),
        (b"\x00\x00\x00\x04\x18\x10@\x00" + b"abcd" * 4, 26),
        (b"\x00\x00\x00\x05\x18\xc8\x01@\x00" + b"x" * 200, 20),
        (b"\x00\x00\x00\x05\x18\x86\x03@\x00" + b"hello world, " * 30, 34),
        (b"\x00\x00\x00\x06\x18\xa0\x8d\x06@\x00" + b"y" * 100_000, 413),
    ],
)
def test_lengths_are_those_that_were_recorded(payload, length):
    assert lz4_length(payload) == length


def test_five_messages_that_differ_little_are_as_short_as_recorded():
    one = "0000000c0a060a016e1201{0:x}18094{1:03x}6d657373616765203{1}"
    payload = bytes.fromhex("".join(one.format(0x30 + number, number) for number in range(5)))
    assert (len(payload), lz4_length(payload)) == (125, 80)


def test_what_has_no_match_is_longer_by_a_byte_in_255():
    noise = random.Random(1).randbytes(3000)
    assert lz4_length(noise) == 3000 + 1 + 1 + (3000 - 15) // 255


@pytest.mark.parametrize("count", [100, 1000, 70_000])
def test_text_is_never_longer_than_the_bound_and_matches_are_found(count):
    length = lz4_length(letters(count))
    assert length <= count + count // 255 + 16
    assert lz4_length(letters(count) * 2) < 2 * length
