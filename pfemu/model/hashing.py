"""The hashes that choose partitions and consumers. Pulsar uses the low 31 bits of each, and so do these.

* :func:`boost_hash`: the native client's choice of a partition by key (``lib/BoostHash.cc``), and so the Python client's, which has no
  option for another one. It is ``boost::hash<std::string>`` of Boost 1.83 and newer on a 64-bit platform.
* :func:`murmur3_32`: Java's ``Murmur3_32Hash``: Key_Shared and Failover in the broker, partitions of a Java function's output.
"""

_LOW_31 = 2**31 - 1
_LOW_32 = 2**32 - 1
_LOW_64 = 2**64 - 1

_BOOST_Q = 0x9E3779B97F4A7C15
_BOOST_K = 0xDF442D22CE4859B9
_BOOST_SEED = (_BOOST_Q * _BOOST_K & _LOW_64) ^ (_BOOST_Q * _BOOST_K >> 64)

_MURMUR_C1 = 0xCC9E2D51
_MURMUR_C2 = 0x1B873593


def boost_hash(data: bytes) -> int:
    """Return the hash of a key's UTF-8 bytes, 0 to 2**31 - 1; the partition is this modulo the number of partitions.

    Each 8 bytes, and always a last part of 0 to 7, are added to a running number and multiplied to 128 bits, whose halves are combined.
    What piles up above bit 64 meanwhile is never looked at.
    """
    size = len(data)
    step = _BOOST_SEED
    result = step ^ size
    for start in range(0, size + 1, 8):
        step += _BOOST_Q
        product = (int.from_bytes(data[start : start + 8], "little") + step & _LOW_64) * _BOOST_K
        result ^= product ^ product >> 64
    product = (result + step & _LOW_64) * _BOOST_K
    return (product ^ product >> 64) & _LOW_31


def murmur3_32(data: bytes) -> int:
    """Return MurmurHash3 (x86, 32 bits, seed 0) without its sign, 0 to 2**31 - 1."""
    size = len(data)
    result = 0
    for start in range(0, size - 3, 4):
        block = int.from_bytes(data[start : start + 4], "little") * _MURMUR_C1 & _LOW_32
        result ^= (block << 15 | block >> 17) * _MURMUR_C2 & _LOW_32
        result = ((result << 13 | result >> 19) * 5 + 0xE6546B64) & _LOW_32
    if size & 3:
        block = int.from_bytes(data[size & ~3 :], "little") * _MURMUR_C1 & _LOW_32
        result ^= (block << 15 | block >> 17) * _MURMUR_C2 & _LOW_32
    result ^= size
    result = (result ^ result >> 16) * 0x85EBCA6B & _LOW_32
    result = (result ^ result >> 13) * 0xC2B2AE35 & _LOW_32
    return (result ^ result >> 16) & _LOW_31
