"""Where topics are: one broker has them all, dealt to it in bundles of a namespace by the hash of a topic's name.

``TopicLookup``, ``NamespaceBundleFactory``, ``NamespacesBase``. Nothing here looks at bundles; a namespace has those it was made with.

Differs: bundles are never loaded or unloaded one by one, and cannot be split.
"""

from __future__ import annotations

import zlib
from bisect import bisect_right
from typing import TYPE_CHECKING

from pfemu.admin.answer import DONE, Answer, ErrorPage, UnexpectedError, answer_json, reason
from pfemu.admin.cluster import BROKER_ADDRESSES
from pfemu.admin.paths import namespace_name, policies_of
from pfemu.admin.routes import Routes
from pfemu.broker.refusals import PreconditionFailed
from pfemu.engine import interruptions
from pfemu.model.topic_name import TopicName

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pfemu.admin.request import Request
    from pfemu.emulator import Emulator

routes = Routes("/admin/v2/namespaces/{tenant}/{namespace}")
lookups = Routes("/lookup/v2/topic/{domain}/{tenant}/{namespace}/{topic}")
_BOUNDARIES = (0x00000000, 0x40000000, 0x80000000, 0xC0000000, 0xFFFFFFFF)


def _text(boundary: int) -> str:
    return f"0x{boundary:08x}"


def _range(low: int, high: int) -> str:
    return f"{_text(low)}_{_text(high)}"


BUNDLES = {"boundaries": [_text(boundary) for boundary in _BOUNDARIES], "numBundles": len(_BOUNDARIES) - 1}


@routes("GET", "/bundles")
def bundles(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Show the bundles of a namespace."""
    policies_of(emulator, named)
    return answer_json(BUNDLES)


def _bundle_of(name: TopicName, boundaries: Sequence[int] = _BOUNDARIES) -> tuple[int, int]:
    following = min(bisect_right(boundaries, zlib.crc32(name.full.encode())), len(boundaries) - 1)
    return boundaries[following - 1], boundaries[following]


def _named_bundle(emulator: Emulator, named: dict[str, str]) -> tuple[int, int]:
    """Return the bundle that a path names.

    Raises:
        NotFound: there is no such namespace.
        UnexpectedError: it is no range.
        PreconditionFailed: it is a range that is no bundle.
    """
    policies_of(emulator, named)
    given = named["bundle"]
    low_text, _, high_text = given.partition("_")
    try:
        low, high = int(low_text, 16), int(high_text, 16)
    except ValueError:
        raise UnexpectedError("Invalid bundle range") from None
    expected = _BOUNDARIES[min(bisect_right(_BOUNDARIES, low), len(_BOUNDARIES) - 1)]
    if low not in _BOUNDARIES or high != expected:
        name = namespace_name(named)
        wanted = f"{name}/{_range(low, expected)}"
        raise PreconditionFailed(f"Invalid upper boundary for bundle {name}/{given}. Expected upper boundary of {wanted}")
    return low, high


@routes("PUT", "/unload")
def unload(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Let the clients of all topics of a namespace connect anew."""
    if namespace_name(named) not in emulator.broker.namespaces.policies:
        return reason(404, "Namespace not found")
    for topic in list(emulator.broker.topics_of(namespace_name(named))):
        interruptions.unload(emulator.engine, topic.name)
    return DONE


@routes("PUT", "/{bundle}/unload")
def unload_bundle(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Let the clients of the topics of one bundle connect anew."""
    bundle = _named_bundle(emulator, named)
    for topic in list(emulator.broker.topics_of(namespace_name(named))):
        if _bundle_of(topic.name) == bundle:
            interruptions.unload(emulator.engine, topic.name)
    return DONE


def _topic_of(named: dict[str, str]) -> TopicName:
    if named["domain"] not in {"persistent", "non-persistent"}:
        raise ErrorPage(500)
    return TopicName.parse(f"{named['domain']}://{named['tenant']}/{named['namespace']}/{named['topic']}")


@lookups("GET", "")
def lookup(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Show which broker has a topic, whether it is there or not; a partition has to be."""
    name = _topic_of(named)
    if not emulator.broker.has_namespace_of(name):
        return reason(404, "Namespace not found")
    partitions = emulator.broker.partitions_of(name.partitioned_topic) if name.partition_index >= 0 else 0
    if partitions and name.partition_index >= partitions:
        return reason(404, f"Topic not found {name.full}")
    return answer_json(BROKER_ADDRESSES)


@lookups("GET", "/bundle")
def bundle(emulator: Emulator, _request: Request, named: dict[str, str]) -> Answer:
    """Show which bundle a topic is in; a namespace that is not there is one."""
    name = _topic_of(named)
    boundaries = _BOUNDARIES if emulator.broker.has_namespace_of(name) else (_BOUNDARIES[0], _BOUNDARIES[-1])
    return Answer(200, _range(*_bundle_of(name, boundaries)).encode())
