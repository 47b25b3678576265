"""Topic names (``lib/TopicName.cc`` of the native client, ``TopicName.java`` of the broker).

* ``x`` is ``persistent://public/default/x``; ``t/ns/x`` is ``persistent://t/ns/x``; ``persistent://t/ns/x`` and
  ``non-persistent://t/ns/x`` are themselves. Four parts and more are a name from before Pulsar 2.0, ``persistent://t/cluster/ns/x``,
  whose local name may have slashes.
* Tenant, cluster and namespace keep to :mod:`pfemu.model.namespace_name`; a local name may be anything that is not blank.
* The native client looks first, and says ``InvalidTopicName`` at once. What it lets pass and the broker refuses (a blank local name, ``.``
  and ``..``, and partitions of those) it asks for again and again until its operation timeout: see :func:`refused_by_broker_alone`.
* Java's rules are laxer in other places (``/x``, ``Persistent://…``). The functions worker goes by them: :func:`java_topic_name_problem`.
* ``-partition-N`` at the end makes a partition, if N is a number of 32 bits without leading zeros or sign.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from pfemu.errors import InvalidTopicName
from pfemu.model.java_text import is_blank
from pfemu.model.namespace_name import UNSTORABLE, namespace_problem

PERSISTENT: Final = "persistent"
NON_PERSISTENT: Final = "non-persistent"
PARTITION_SUFFIX: Final = "-partition-"

_DOMAINS = frozenset({PERSISTENT, NON_PERSISTENT})
_DEFAULT_NAMESPACE = "persistent://public/default/"
_MAX_PARTITION_INDEX = 2**31 - 1
_NAMES_KEPT = 100_000  # as many as TopicName.java keeps
_ACCEPTED_FORMS = "<topic>, <tenant>/<namespace>/<topic>, persistent://<tenant>/<namespace>/<topic> or non-persistent://…"


@dataclass(frozen=True, slots=True)
class TopicName:
    """A topic's name. Equal when their full text is; made by :meth:`parse`."""

    domain: str = field(compare=False)
    """``persistent`` or ``non-persistent``."""
    tenant: str = field(compare=False)
    cluster: str | None = field(compare=False)
    """None in all names but those from before Pulsar 2.0."""
    namespace: str = field(compare=False)
    local_name: str = field(compare=False)
    full: str = field(init=False, repr=False)
    """``persistent://tenant/namespace/local_name``: what the broker calls it."""
    namespace_name: str = field(init=False, repr=False, compare=False)
    """``tenant/namespace``, or ``tenant/cluster/namespace``."""
    partition_index: int = field(init=False, repr=False, compare=False)
    """Which partition it is of :attr:`partitioned_topic`; -1 for a topic that is none."""

    def __post_init__(self) -> None:
        names = (self.tenant, self.namespace) if self.cluster is None else (self.tenant, self.cluster, self.namespace)
        object.__setattr__(self, "namespace_name", "/".join(names))
        object.__setattr__(self, "full", f"{self.domain}://{self.namespace_name}/{self.local_name}")
        object.__setattr__(self, "partition_index", _partition_index(self.local_name))

    @staticmethod
    def parse(text: str) -> TopicName:
        """Return the topic of that name.

        Raises:
            InvalidTopicName: the native client refuses it, or the broker does; the text says which part is wrong.

        Differs: a tenant, cluster, namespace or topic called ``.`` or ``..`` has an invalid name; Pulsar fails in its metadata store.
        """
        return _parse(text)

    @staticmethod
    def if_valid(text: str) -> TopicName | None:
        """Return the topic of that name, None when there can be none."""
        try:
            return _parse(text)
        except InvalidTopicName:
            return None

    @property
    def is_persistent(self) -> bool:
        """Whether messages are stored."""
        return self.domain == PERSISTENT

    @property
    def partitioned_topic(self) -> TopicName:
        """The topic it is a partition of; itself when it is none."""
        if self.partition_index < 0:
            return self
        return _parse(self.full.rpartition(PARTITION_SUFFIX)[0])

    def partition(self, index: int) -> TopicName:
        """Return partition ``index`` of it: itself for -1, and when it is that partition (``TopicName.getPartition``)."""
        suffix = f"{PARTITION_SUFFIX}{index}"
        if index == -1 or self.full.endswith(suffix):
            return self
        return _parse(self.full + suffix)

    def partitions(self, count: int) -> list[TopicName]:
        """Return its partitions, of which there are ``count``; itself alone where it is not partitioned, for 0."""
        return [self.partition(index) for index in range(count)] if count else [self]

    def holds(self, other: TopicName) -> bool:
        """Whether the other one is this topic, or a partition of it."""
        return self in {other, other.partitioned_topic}

    def __str__(self) -> str:
        return self.full


def short_name(full: str) -> str:
    """Return the full name of a topic as people write it: without ``persistent://public/default/``."""
    return full.removeprefix(_DEFAULT_NAMESPACE)


@lru_cache(maxsize=_NAMES_KEPT)
def java_topic_name_problem(text: str) -> str | None:
    """Return why ``TopicName.java`` refuses the name, in its words; None when it takes it.

    The functions worker asks it about each topic of a function's configuration, where it says no more than that the topic is invalid.
    """
    if "://" not in text:
        parts = [part for part in text.split("/") if part]
        if len(parts) not in {1, 3}:
            return f"Invalid short topic name '{text}', it should be in the format of <tenant>/<namespace>/<topic> or <topic>"
        text = f"{PERSISTENT}://{text}" if len(parts) == 3 else _DEFAULT_NAMESPACE + parts[0]
    domain, _, rest = text.partition("://")
    if domain.lower() not in _DOMAINS:
        return f"Invalid topic domain: '{domain}'"
    *namespace, local_name = rest.split("/", 3)
    if len(namespace) < 2:
        return f"Invalid topic name: {text}"
    if problem := namespace_problem(*namespace):
        return problem
    return f"Invalid topic name: {text}. Topic local name must not be blank." if is_blank(local_name) else None


@lru_cache(maxsize=_NAMES_KEPT)
def refused_by_broker_alone(text: str) -> bool:
    """Whether the native client takes the name and the broker does not: what a client asks for until it gets ``Timeout``."""
    name = _as_the_native_client(text)
    return name is not None and _brokers_problem(name) is not None


@lru_cache(maxsize=_NAMES_KEPT)
def _parse(text: str) -> TopicName:
    name = _as_the_native_client(text)
    if name is None:
        raise InvalidTopicName(java_topic_name_problem(text) or f"Invalid topic name: '{text}', it should be {_ACCEPTED_FORMS}")
    if problem := _brokers_problem(name):
        raise InvalidTopicName(problem)
    return name


def _as_the_native_client(text: str) -> TopicName | None:
    """Return the name as ``TopicName::init`` and ``validate`` of the native client see it, None when they refuse it."""
    if "://" not in text:
        parts = text.split("/")
        if len(parts) not in {1, 3}:
            return None
        text = f"{PERSISTENT}://{text}" if len(parts) == 3 else _DEFAULT_NAMESPACE + text
    domain, *rest = text.replace("://", "/", 1).split("/", 4)
    if domain not in _DOMAINS or len(rest) < 3:
        return None
    *namespace, local_name = rest
    if not local_name or namespace_problem(*namespace):
        return None
    return TopicName(domain, namespace[0], namespace[1] if len(namespace) == 3 else None, namespace[-1], local_name)


def _brokers_problem(name: TopicName) -> str | None:
    """Return why the broker refuses a name that the native client takes, None when it does not."""
    if problem := java_topic_name_problem(name.full):
        return problem
    if name.partition_index >= 0:
        partitioned = name.full.rpartition(PARTITION_SUFFIX)[0]
        if refused_by_broker_alone(partitioned) or _as_the_native_client(partitioned) is None:
            return f"Invalid topic name: {name.full}. A topic of which it is a partition cannot be named so."
    if UNSTORABLE.isdisjoint((name.tenant, name.cluster, name.namespace, name.local_name)):
        return None
    return f"Invalid topic name: {name.full}. No tenant, namespace or topic can be named '.' or '..'."


def _partition_index(local_name: str) -> int:
    """Return the number after the last ``-partition-`` by the rules of ``TopicName.getPartitionIndex``; -1 if there is none.

    Digits of other scripts count, as they do for ``Integer.parseInt``: of the first plane of Unicode.
    """
    _, suffix, digits = local_name.rpartition(PARTITION_SUFFIX)
    if not suffix or not digits.isdecimal() or max(digits) > "\uffff":
        return -1
    index = int(digits)
    return index if index <= _MAX_PARTITION_INDEX and len(digits) == len(str(index)) else -1
